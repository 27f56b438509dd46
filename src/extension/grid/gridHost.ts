/** What the host does for one review grid: relays to the engine, and does what only the editor can. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { EditOutcome, ItemKey, ItemQuery, ProjectSummary, ReviewItem } from '../../protocol/engineApi';
import type { GridEdit, GridMethods, PickRequest, ProjectFault } from '../../protocol/gridApi';
import { RemoteError } from '../../protocol/rpc';
import { commands, contextKeys } from '../contributions';
import { setContextKey } from '../contextKey';
import type { EngineClient } from '../engine/engineClient';
import { placeOf, sentence } from '../failures';
import type { Project } from '../projects/project';
import { saveQueue } from '../projects/saveQueue';
import { translatedItems, translatedScores } from '../projects/translated';
import { setting } from '../settings';
import type { WindowPart } from '../manifest/windowParts';
import type { FullWindow } from './fullWindow';
import { pickValue } from './labelPicker';
import { say } from '../say';

export interface GridHostOptions {
  readonly project: Project;
  readonly engine: EngineClient;
  readonly log: vscode.LogOutputChannel;
  readonly toWebviewUri: (file: vscode.Uri) => vscode.Uri;
  /** The query the panel was opened with; given to the page once. */
  readonly takeQuery: () => ItemQuery | undefined;
  /** An edit was acknowledged: other views and panels take it over. */
  readonly onEdited: (outcome: EditOutcome) => void;
  readonly fullWindow: FullWindow;
  /** This panel is the active one: only then do its reports set the context keys. */
  readonly isActive: () => boolean;
}

export class GridHost implements GridMethods {
  /** The page asked for its start while the project could not be read. */
  failedToStart = false;
  /** The parts of the window that were on show when the page was told to have it all. */
  partsShown: readonly WindowPart[] | undefined;
  private lastFocus: Parameters<GridMethods['focus']>[0] | undefined;

  constructor(private readonly options: GridHostOptions) {}

  private get root(): string {
    return this.options.project.root;
  }

  async ready(): ReturnType<GridMethods['ready']> {
    const { project } = this.options;
    await project.load();
    this.failedToStart = project.summary === undefined;
    if (!project.summary) throw new RemoteError(project.failure ?? notReadable());
    // The page asks for its list next, and for the thumbnails of that. What is wrong is said where they are asked for.
    this.options.engine.call('prepareThumbnails', this.root).catch(() => undefined);
    const query = this.options.takeQuery();
    return {
      project: forPage(project.summary),
      settings: {
        tileSize: setting('review.tileSize', project.uri),
        language: vscode.env.language,
        readOnly: !vscode.workspace.isTrusted,
        role: setting('review.role', project.uri),
      },
      ...(query ? { query } : {}),
      fault: faultOf(project),
    };
  }

  async openFault(): Promise<void> {
    const { project } = this.options;
    const { file, selection } = placeOf(project, project.failure ?? notReadable());
    await vscode.window.showTextDocument(file, { selection });
  }

  async retry(): Promise<void> {
    await this.options.project.refresh('dataset', 'runs', 'labels');
  }

  async showLog(): Promise<void> {
    await vscode.commands.executeCommand(commands.showLog);
  }

  async query(query: ItemQuery): ReturnType<GridMethods['query']> {
    const list = await this.options.engine.call('query', this.root, query);
    this.options.project.counted(query, list.items);
    return list;
  }

  async items(list: string, start: number, count: number): Promise<readonly ReviewItem[]> {
    return translatedItems(await this.options.engine.call('items', list, start, count));
  }

  keys(list: string): Promise<readonly ItemKey[]> {
    return this.options.engine.call('keys', list);
  }

  async pictures(samples: readonly string[]): ReturnType<GridMethods['pictures']> {
    const thumbnails = await this.options.engine.call('thumbnails', this.root, samples);
    return thumbnails.map((thumbnail) =>
      'file' in thumbnail
        ? {
            sample: thumbnail.sample,
            uri: this.options.toWebviewUri(vscode.Uri.file(thumbnail.file)).toString(),
          }
        : thumbnail,
    );
  }

  async detail(key: ItemKey): ReturnType<GridMethods['detail']> {
    const detail = await this.options.engine.call('detail', this.root, key);
    return { ...detail, scores: translatedScores(detail.scores) };
  }

  pixels(sample: string): ReturnType<GridMethods['pixels']> {
    return this.options.engine.call('pixels', this.root, sample);
  }

  async heatmaps(samples: readonly string[], output: string): ReturnType<GridMethods['heatmaps']> {
    if (!vscode.workspace.isTrusted) {
      throw new RemoteError({
        code: 'OVR504',
        message: vscode.l10n.t('This workspace is not trusted, so its model is not run'),
        fix: vscode.l10n.t('Trust the workspace to see heat maps'),
      });
    }
    return this.options.engine.call('heatmaps', this.root, samples, output);
  }

  async edit(answer: GridEdit): Promise<EditOutcome> {
    this.refuseUntrusted();
    const role = setting('review.role', this.options.project.uri);
    return this.told(await this.options.engine.call('answer', this.root, { ...answer, role }));
  }

  async setBlind(blind: boolean, items: readonly ItemKey[]): ReturnType<GridMethods['setBlind']> {
    const { project, engine } = this.options;
    await project.setBlind(blind);
    if (!project.summary) throw new RemoteError(project.failure ?? notReadable());
    const now = await engine.call('itemsOf', this.root, items);
    return { project: forPage(project.summary), items: now.map(({ key }) => key) };
  }

  async undo(): Promise<EditOutcome> {
    this.refuseUntrusted();
    return this.told(await this.options.engine.call('undo', this.root));
  }

  async redo(): Promise<EditOutcome> {
    this.refuseUntrusted();
    return this.told(await this.options.engine.call('redo', this.root));
  }

  async pickLabel(request: PickRequest): Promise<EditOutcome | null> {
    this.refuseUntrusted();
    const { summary } = this.options.project;
    const { items } = request;
    const [first] = await this.options.engine.call('itemsOf', this.root, items.slice(0, 1));
    if (!summary || !first) return null;
    const picked = await pickValue(summary, first, items.length);
    return picked === undefined ? null : this.edit({ ...request, op: 'set', value: picked.value });
  }

  async finetune(): Promise<void> {
    await vscode.commands.executeCommand(commands.finetune, this.root);
  }

  async checkData(): Promise<void> {
    await vscode.commands.executeCommand(commands.checkData, this.root);
  }

  refitAnswer(intervals: boolean): ReturnType<GridMethods['refitAnswer']> {
    return this.options.engine.call('refitAnswer', this.root, intervals);
  }

  gather(
    items: readonly ItemKey[],
    by: Parameters<GridMethods['gather']>[1],
  ): ReturnType<GridMethods['gather']> {
    return this.options.engine.call('gather', this.root, items, by);
  }

  async setLive(live: boolean): ReturnType<GridMethods['setLive']> {
    const { project } = this.options;
    await project.setLive(live);
    if (!project.summary) throw new RemoteError(project.failure ?? notReadable());
    return forPage(project.summary);
  }

  relist(query: ItemQuery, list: string, keep: number): ReturnType<GridMethods['relist']> {
    return this.options.engine.call('relist', this.root, query, list, keep);
  }

  async endComparison(): Promise<void> {
    await this.options.engine.call('compareRun', this.root, null);
  }

  async reveal(sample: string): Promise<void> {
    const file = await this.imageUri(sample);
    const inWorkspace = vscode.workspace.getWorkspaceFolder(file) !== undefined;
    await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', file);
  }

  async openImage(sample: string): Promise<void> {
    await vscode.commands.executeCommand('vscode.open', await this.imageUri(sample));
  }

  async copyPath(sample: string): Promise<void> {
    await vscode.env.clipboard.writeText((await this.imageUri(sample)).fsPath);
    say.status(vscode.l10n.t('Path copied'), 2000);
  }

  async exportList(list: string): Promise<boolean> {
    const { project, engine } = this.options;
    const { t } = vscode.l10n;
    const target = await vscode.window.showSaveDialog({
      title: t('Export the list'),
      defaultUri: vscode.Uri.file(path.join(project.root, 'list.csv')),
      filters: { CSV: ['csv'] },
    });
    if (!target) return false;
    const text = await engine.call('listCsv', list);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    const open = t('Open');
    const told = t('The list is written to {0}.', path.basename(target.path));
    void say.info(told, open).then(async (picked) => {
      if (picked === open) await vscode.commands.executeCommand('vscode.open', target);
    });
    return true;
  }

  async saveQueue(where: string): Promise<boolean> {
    this.refuseUntrusted();
    const { project, engine } = this.options;
    return (await saveQueue(project, engine, where)) !== null;
  }

  async maximise(): Promise<boolean> {
    const shown = this.partsShown;
    this.partsShown = undefined;
    return (await this.options.fullWindow.toggle(shown)) && this.options.isActive();
  }

  async restoreWindow(): Promise<boolean> {
    return (await this.options.fullWindow.restore()) && this.options.isActive();
  }

  async focus(state: Parameters<GridMethods['focus']>[0]): Promise<void> {
    this.lastFocus = state;
    if (this.options.isActive()) await this.applyFocus();
  }

  log(message: string): Promise<void> {
    this.options.log.warn(`[grid] ${message}`);
    return Promise.resolve();
  }

  /** Sets the context keys to what this page reported last; none of them when it is not the active one. */
  async applyFocus(): Promise<void> {
    const focus = this.lastFocus ?? { gridFocused: false, textFocused: false, selected: 0 };
    await Promise.all([
      setContextKey(contextKeys.gridFocused, focus.gridFocused),
      setContextKey(contextKeys.textFocused, focus.textFocused),
      setContextKey(contextKeys.gridSelected, focus.selected),
    ]);
  }

  private async imageUri(sample: string): Promise<vscode.Uri> {
    return vscode.Uri.file(await this.options.engine.call('imagePath', this.root, sample));
  }

  private told(outcome: EditOutcome): EditOutcome {
    this.options.onEdited(outcome);
    const { items, others } = outcome;
    return {
      ...outcome,
      items: translatedItems(items),
      ...(others ? { others: translatedItems(others) } : {}),
    };
  }

  private refuseUntrusted(): void {
    if (vscode.workspace.isTrusted) return;
    throw new RemoteError({
      code: 'OVR405',
      message: vscode.l10n.t('This workspace is not trusted, so labels cannot be edited'),
      fix: vscode.l10n.t('Trust the workspace to edit'),
    });
  }
}

/** Why a project that is shown cannot be read any more. */
export function faultOf(project: Project): ProjectFault | null {
  const { failure } = project;
  return failure ? { message: sentence(failure), place: placeOf(project, failure).shown } : null;
}

/** What a page needs of a project: its problems name files and labels. */
export function forPage(summary: ProjectSummary): ProjectSummary {
  return { ...summary, problems: [] };
}

function notReadable(): { code: string; message: string } {
  return { code: 'OVR100', message: vscode.l10n.t('The project cannot be read') };
}
