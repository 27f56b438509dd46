/** One review grid in an editor tab: the panel, its page and the RPC between page and host. */
import * as vscode from 'vscode';
import type { EditOutcome, ItemKey, ItemQuery } from '../../protocol/engineApi';
import type { GridCommand, GridEvents, GridMethods } from '../../protocol/gridApi';
import { checkedGridMethods } from '../../protocol/gridRequests';
import type { EngineClient } from '../engine/engineClient';
import type { OpenPage } from '../pages/openPages';
import { openTab, PagePanel, type PageServices } from '../pages/pagePanel';
import type { News, Project } from '../projects/project';
import { affects } from '../settings';
import type { WindowPart } from '../manifest/windowParts';
import type { FullWindow } from './fullWindow';
import { faultOf, forPage, GridHost } from './gridHost';

export interface GridPanelOptions extends PageServices {
  readonly project: Project;
  readonly engine: EngineClient;
  readonly fullWindow: FullWindow;
  readonly onEdited: (panel: GridPanel, outcome: EditOutcome) => void;
  readonly onDidChangeActive: (panel: GridPanel) => void;
}

export class GridPanel implements OpenPage {
  private readonly page: PagePanel<GridMethods, GridEvents>;
  private readonly host: GridHost;
  private query: ItemQuery | undefined;
  /** The page has asked for its start: before that, nobody listens to events. */
  private listening = false;
  /** As JSON, what the page was last told. */
  private toldFault = 'null';

  /** @param kept the tab that the editor has kept; default: a new one, in the active group */
  constructor(
    private readonly options: GridPanelOptions,
    kept?: vscode.WebviewPanel,
  ) {
    const { project, engine, log, extensionUri } = options;
    const panel = kept ?? openTab('grid', project.name);
    this.host = new GridHost({
      project,
      engine,
      log,
      fullWindow: options.fullWindow,
      toWebviewUri: (file) => panel.webview.asWebviewUri(file),
      takeQuery: () => {
        this.listening = true;
        this.toldFault = JSON.stringify(faultOf(project));
        const query = this.query;
        this.query = undefined;
        return query;
      },
      onEdited: (outcome) => {
        options.onEdited(this, outcome);
      },
      isActive: () => panel.active,
    });
    this.page = new PagePanel<GridMethods, GridEvents>(panel, {
      ...{ page: 'grid', title: titleOf(project), log, extensionUri },
      methods: checkedGridMethods(this.host),
      imageFolders: () => (project.summary ? [vscode.Uri.file(project.summary.thumbnails)] : []),
    });
    this.page.add(
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away; when it comes back it starts over.
        if (!panel.visible) this.listening = false;
        options.onDidChangeActive(this);
      }),
    );
    this.page.add(
      project.onDidChange((what) => {
        this.tellChanged(what);
      }),
    );
    this.page.add(
      project.onDidRefit(() => {
        const { summary } = project;
        if (summary && this.listening) this.page.rpc.emit('refitted', { project: forPage(summary) });
      }),
    );
    this.page.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.render()));
    this.page.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        // The page says in what role is answered; loaded anew, it is where it was.
        if (affects(change, 'review.role')) this.render();
      }),
    );
    // Where the thumbnails lie is known when the project is read; a page cannot be told later.
    void project.load().then(() => this.render());
  }

  get project(): Project {
    return this.options.project;
  }

  get active(): boolean {
    return this.page.panel.active;
  }

  get visible(): boolean {
    return this.page.panel.visible;
  }

  onDidDispose(listener: () => void): void {
    this.page.onDidDispose(listener);
  }

  /** Brings the panel to the front and shows this query. */
  show(query: ItemQuery | undefined): void {
    if (query) {
      if (this.listening && this.page.panel.visible) this.page.rpc.emit('show', { query });
      else this.query = query;
    }
    // Wherever the editor's focus is, in a view or the palette: the keys are for the tiles now.
    this.page.panel.reveal(undefined, false);
  }

  /** Has the page carry out a command on its selection, or on these items. */
  command(command: GridCommand, items?: readonly ItemKey[]): void {
    this.page.rpc.emit('command', items ? { command, items } : { command });
  }

  /** Gives the page all of the window, or takes that back. @param shown the parts of the window on show, where they are known */
  maximise(shown: readonly WindowPart[] | undefined): void {
    this.host.partsShown = shown;
    this.command({ name: 'maximise' });
  }

  /** Tells the page about an edit made elsewhere. */
  edited(outcome: EditOutcome): void {
    if (this.listening) this.page.rpc.emit('edited', outcome);
  }

  applyFocus(): Promise<void> {
    return this.host.applyFocus();
  }

  dispose(): void {
    this.page.dispose();
  }

  private render(): void {
    this.listening = false;
    this.page.render();
  }

  private tellFault(): void {
    const fault = faultOf(this.options.project);
    const said = JSON.stringify(fault);
    if (!this.listening || said === this.toldFault) return;
    this.toldFault = said;
    this.page.rpc.emit('fault', { fault });
  }

  private tellChanged(news: ReadonlySet<News>): void {
    this.tellFault();
    const { summary, failure } = this.options.project;
    // A page has the counts from the outcome of its edit. Of a project that cannot be read only labels are new.
    const what = [...news].filter((one) => one !== 'counts').filter((one) => !failure || one === 'labels');
    if (what.length === 0) return;
    this.page.title = titleOf(this.options.project);
    // A page that could not start tries again when the project can be read.
    if (summary && this.host.failedToStart) this.render();
    else if (summary && this.listening) this.page.rpc.emit('changed', { project: forPage(summary), what });
  }
}

function titleOf(project: Project): string {
  return vscode.l10n.t('Review: {0}', project.name);
}
