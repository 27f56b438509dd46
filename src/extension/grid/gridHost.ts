/** What the host does for one review grid: relays to the engine, and does what only the editor can. */
import * as vscode from 'vscode';
import type { EditOutcome, ItemKey, ItemQuery, LabelEdit, ReviewItem } from '../../protocol/engineApi';
import type { GridEdit, GridMethods } from '../../protocol/gridApi';
import { RemoteError } from '../../protocol/rpc';
import { commands, contextKeys } from '../contributions';
import { setContextKey } from '../contextKey';
import type { EngineClient } from '../engine/engineClient';
import type { Project } from '../projects/project';
import { setting } from '../settings';
import { labelEdits } from './answers';
import { pickValue } from './labelPicker';
import { ShownItems } from './shownItems';
import { say } from '../say';

/** Items are looked up in pieces, so that no message holds up the extension host. */
const lookupSize = 2000;

export interface GridHostOptions {
  readonly project: Project;
  readonly engine: EngineClient;
  readonly log: vscode.LogOutputChannel;
  readonly toWebviewUri: (file: vscode.Uri) => vscode.Uri;
  /** The query the panel was opened with; given to the page once. */
  readonly takeQuery: () => ItemQuery | undefined;
  /** An edit was acknowledged: other views and panels take it over. */
  readonly onEdited: (outcome: EditOutcome) => void;
  /** This panel is the active one: only then do its reports set the context keys. */
  readonly isActive: () => boolean;
}

export class GridHost implements GridMethods {
  private readonly shown = new ShownItems();
  private lastQuery: ItemQuery | undefined;
  /** The page asked for its start while the project could not be read. */
  failedToStart = false;
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
    const query = this.options.takeQuery();
    return {
      project: project.summary,
      settings: {
        tileSize: setting('review.tileSize', project.uri),
        blind: setting('review.blind', project.uri),
        language: vscode.env.language,
        readOnly: !vscode.workspace.isTrusted,
      },
      ...(query ? { query } : {}),
    };
  }

  async query(query: ItemQuery): ReturnType<GridMethods['query']> {
    this.lastQuery = query;
    this.shown.clear();
    return this.options.engine.call('query', this.root, query);
  }

  async items(list: string, start: number, count: number): Promise<readonly ReviewItem[]> {
    const items = await this.options.engine.call('items', list, start, count);
    this.shown.remember(start, items);
    return items;
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

  detail(key: ItemKey): ReturnType<GridMethods['detail']> {
    return this.options.engine.call('detail', this.root, key);
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
    const edits = await this.translate(answer);
    if (edits.length === 0) {
      throw new RemoteError({
        code: 'OVR400',
        message: vscode.l10n.t('There is no opinion of a model to accept'),
        fix: vscode.l10n.t('Fine-tune the last layer first'),
      });
    }
    const outcome = await this.options.engine.call('edit', this.root, {
      edits,
      role: setting('review.role', this.options.project.uri),
    });
    this.options.onEdited(outcome);
    return outcome;
  }

  async undo(): Promise<EditOutcome> {
    this.refuseUntrusted();
    const outcome = await this.options.engine.call('undo', this.root);
    this.options.onEdited(outcome);
    return outcome;
  }

  async redo(): Promise<EditOutcome> {
    this.refuseUntrusted();
    const outcome = await this.options.engine.call('redo', this.root);
    this.options.onEdited(outcome);
    return outcome;
  }

  async pickLabel(keys: readonly ItemKey[]): Promise<EditOutcome | null> {
    this.refuseUntrusted();
    const { summary } = this.options.project;
    const [first] = await this.lookUp(keys.slice(0, 1));
    if (!summary || !first) return null;
    const picked = await pickValue(summary, first, keys.length);
    return picked === undefined ? null : this.edit({ op: 'set', items: keys, value: picked.value });
  }

  async finetune(): Promise<void> {
    await vscode.commands.executeCommand(commands.finetune, this.root);
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

  private async lookUp(keys: readonly ItemKey[]): Promise<ReviewItem[]> {
    const items: ReviewItem[] = [];
    for (let start = 0; start < keys.length; start += lookupSize) {
      const piece = keys.slice(start, start + lookupSize);
      for (const item of await this.options.engine.call('itemsOf', this.root, piece)) items.push(item);
    }
    return items;
  }

  private async translate(answer: GridEdit): Promise<LabelEdit[]> {
    const { summary } = this.options.project;
    if (!summary) throw new RemoteError(this.options.project.failure ?? notReadable());
    return labelEdits(answer, await this.lookUp(answer.items), {
      task: summary.task,
      run: summary.latestRun,
      queue: this.lastQuery?.queue,
      rank: this.shown.rank,
    });
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

function notReadable(): { code: string; message: string } {
  return { code: 'OVR100', message: vscode.l10n.t('The project cannot be read') };
}
