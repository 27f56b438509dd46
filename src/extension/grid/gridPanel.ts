/** One review grid in an editor tab: the panel, its page and the RPC between page and host. */
import * as vscode from 'vscode';
import type { EditOutcome, ItemKey, ItemQuery } from '../../protocol/engineApi';
import type { GridCommand, GridEvents, GridMethods } from '../../protocol/gridApi';
import { checkedGridMethods } from '../../protocol/gridRequests';
import { Rpc } from '../../protocol/rpc';
import { viewTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { reportOf } from '../failures';
import type { News, Project } from '../projects/project';
import { renderPage } from '../renderPage';
import { forPage, GridHost } from './gridHost';
import { plain } from '../plain';

export interface GridPanelOptions {
  readonly project: Project;
  readonly engine: EngineClient;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly onEdited: (panel: GridPanel, outcome: EditOutcome) => void;
  readonly onDidChangeActive: (panel: GridPanel) => void;
}

type PageRpc = Rpc<GridMethods, object, GridEvents, object>;

export class GridPanel implements Disposable {
  private readonly store = new DisposableStore();
  private readonly host: GridHost;
  private readonly rpc: PageRpc;
  private query: ItemQuery | undefined;
  /** The page has asked for its start: before that, nobody listens to events. */
  private listening = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly options: GridPanelOptions,
  ) {
    const { project, engine, log } = options;
    const { webview } = panel;
    panel.title = plain(vscode.l10n.t('Review: {0}', project.name));
    panel.iconPath = {
      light: vscode.Uri.joinPath(options.extensionUri, 'media', 'tab-light.svg'),
      dark: vscode.Uri.joinPath(options.extensionUri, 'media', 'tab-dark.svg'),
    };
    this.host = new GridHost({
      project,
      engine,
      log,
      toWebviewUri: (file) => webview.asWebviewUri(file),
      takeQuery: () => {
        this.listening = true;
        const query = this.query;
        this.query = undefined;
        return query;
      },
      onEdited: (outcome) => {
        options.onEdited(this, outcome);
      },
      isActive: () => panel.active,
    });
    this.rpc = new Rpc(
      {
        post: (message) => {
          // False when the panel is hidden or gone: the page asks again when it is shown.
          void webview.postMessage(message);
        },
        schedule: (ms, callback) => {
          const timer = setTimeout(callback, ms);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      {
        methods: checkedGridMethods(this.host),
        describeError: (error) => reportOf(error),
        onUnknown: (what) => {
          log.warn(`[grid] unknown ${what}`);
        },
      },
    );
    this.store.add(
      webview.onDidReceiveMessage((message: unknown) => {
        this.rpc.receive(message);
      }),
    );
    this.store.add(
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away; when it comes back it starts over.
        if (!panel.visible) this.listening = false;
        options.onDidChangeActive(this);
      }),
    );
    this.store.add(
      project.onDidChange((what) => {
        this.tellChanged(what);
      }),
    );
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.render()));
    // Where the thumbnails lie is known when the project is read; a page cannot be told later.
    void project.load().then(() => this.render());
  }

  get project(): Project {
    return this.options.project;
  }

  get active(): boolean {
    return this.panel.active;
  }

  onDidDispose(listener: () => void): void {
    this.store.add(this.panel.onDidDispose(listener));
  }

  /** Brings the panel to the front and shows this query. */
  show(query: ItemQuery | undefined): void {
    if (query) {
      if (this.listening && this.panel.visible) this.rpc.emit('show', { query });
      else this.query = query;
    }
    // Wherever the editor's focus is, in a view or the palette: the keys are for the tiles now.
    this.panel.reveal(undefined, false);
  }

  /** Has the page carry out a command on its selection, or on these items. */
  command(command: GridCommand, items?: readonly ItemKey[]): void {
    this.rpc.emit('command', items ? { command, items } : { command });
  }

  /** Tells the page about an edit made elsewhere. */
  edited(outcome: EditOutcome): void {
    if (this.listening) this.rpc.emit('edited', outcome);
  }

  applyFocus(): Promise<void> {
    return this.host.applyFocus();
  }

  dispose(): void {
    this.rpc.close({ code: 'OVR004', message: 'The review grid was closed' });
    // The panel first: whoever keeps it hears of its end, which leads here once more.
    this.panel.dispose();
    this.store.dispose();
  }

  private render(): void {
    if (this.store.isDisposed) return;
    this.listening = false;
    this.panel.webview.options = webviewOptions(this.options.extensionUri, this.options.project);
    this.panel.webview.html = renderPage(this.panel.webview, this.options.extensionUri, {
      bundle: 'webview-grid',
      language: vscode.env.language,
    });
  }

  private tellChanged(news: ReadonlySet<News>): void {
    const what = [...news].filter((one) => one !== 'counts');
    // A page has the counts from the outcome of its edit.
    if (what.length === 0) return;
    const { summary, name } = this.options.project;
    this.panel.title = plain(vscode.l10n.t('Review: {0}', name));
    // A page that could not start tries again when the project can be read.
    if (summary && this.host.failedToStart) this.render();
    else if (summary && this.listening) this.rpc.emit('changed', { project: forPage(summary), what });
  }
}

/** Opens a new panel beside nothing in particular: in the active group. */
export function createGridPanel(options: GridPanelOptions): GridPanel {
  const panel = vscode.window.createWebviewPanel(
    viewTypes.grid,
    plain(options.project.name),
    vscode.ViewColumn.Active,
    webviewOptions(options.extensionUri, options.project),
  );
  return new GridPanel(panel, options);
}

function webviewOptions(extensionUri: vscode.Uri, project: Project): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: [
      vscode.Uri.joinPath(extensionUri, 'dist'),
      vscode.Uri.joinPath(extensionUri, 'media'),
      ...(project.summary ? [vscode.Uri.file(project.summary.thumbnails)] : []),
    ],
  };
}
