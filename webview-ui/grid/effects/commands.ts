/** Commands of the host (keybindings, tile menus, palette), carried out on the page's own selection. */
import type { ItemKey } from '../../../src/protocol/engineApi';
import type { GridCommand } from '../../../src/protocol/gridApi';
import { faultOf } from '../host';
import { noHeatmaps } from '../heatmaps/outputs';
import type { HeatmapChoice } from '../state/model';
import { isByImage } from '../state/queries';
import type { EffectContext } from './context';
import type { Edits } from './edits';
import { gather } from './gather';
import type { Lists } from './lists';
import type { Selection } from './selection';

/** What commands need of the views. */
export interface CommandViews {
  focusFilter(): void;
  /** The editor has given the page the keys. */
  takeKeys(): void;
  /** Letters on all labels, of which the next key takes one. */
  hintLabels(): void;
  showKeys(): void;
  /** Heat maps were turned on: those that failed are asked for again. */
  retryHeatmaps(): void;
}

export class Commands {
  /** The page has all of the window since it was asked for in Read mode. */
  private fullForReading = false;

  constructor(
    private readonly context: EffectContext,
    private readonly lists: Lists,
    private readonly edits: Edits,
    private readonly selection: Selection,
    private readonly views: CommandViews,
  ) {}

  /** @param items from a tile's menu: the command acts on the selection when they belong to it, else on them */
  async run(command: GridCommand, items?: readonly ItemKey[]): Promise<void> {
    const { store } = this.context;
    // "Select all" and a range over what is not here yet are answered a moment later: the answer is for them.
    if (items === undefined && this.selection.pending !== undefined) await this.selection.pending;
    const targets = this.targets(items);
    switch (command.name) {
      case 'label':
        return this.edits.labelByIndex(command.index, targets);
      case 'accept':
      case 'keep':
      case 'uncertain':
      case 'exclude':
      case 'include':
        return this.edits.edit(command.name, { items: targets });
      case 'keepRest':
        return this.edits.keepRest();
      case 'pickLabel':
        return this.edits.pickLabel(targets);
      case 'repeat':
        return this.edits.repeat(targets);
      case 'gatherSimilar':
        return gather(this.context, this.lists, 'similar', items ?? this.edits.shownItems());
      case 'gatherPatient':
        return gather(this.context, this.lists, 'patient', items ?? this.edits.shownItems());
      case 'undo':
        return this.edits.undo();
      case 'redo':
        return this.edits.redo();
      case 'selectAll':
        return this.selection.all();
      case 'toggleBlind':
        return this.lists.setBlind(store.state.project?.blind !== true);
      case 'toggleDetail':
        store.dispatch({ type: 'detailToggled' });
        return;
      case 'toggleMatrix':
        store.dispatch({ type: 'matrixSet', open: !store.state.matrixOpen });
        return;
      case 'maximise':
        return this.maximise();
      case 'sort':
      case 'reverseOrder':
        return this.order(command);
      case 'tileSize':
        store.dispatch({ type: 'tileSizeSet', size: command.size });
        return;
      case 'hintLabels':
      case 'showKeys':
        this.views[command.name]();
        return;
      case 'toggleHeatmap':
        this.toggleHeatmap();
        return;
      case 'toggleTileHeatmaps':
        this.toggleTileHeatmaps();
        return;
      case 'focusFilter':
        this.views.focusFilter();
        return;
      case 'next':
        this.step(1);
        return;
      case 'previous':
        this.step(-1);
        return;
      case 'reveal':
      case 'openImage':
      case 'copyPath':
        return this.onFile(command.name, items ?? this.edits.shownItems());
    }
  }

  /** Opens, reveals or copies the path of one item's image. */
  async onFile(name: 'reveal' | 'openImage' | 'copyPath', items: readonly ItemKey[]): Promise<void> {
    const { store, rpc, formatter, say } = this.context;
    const key = items[0];
    const item = key === undefined ? undefined : this.context.items.byKey(key);
    if (!item) return;
    try {
      await rpc.call(name, item.sample);
      if (name === 'copyPath') say(formatter.strings.said.copied);
    } catch (error) {
      store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** Starts the training task; the new run is told by a `changed` event. */
  async checkData(): Promise<void> {
    await this.context.rpc.call('checkData');
  }

  async finetune(): Promise<void> {
    const { store, rpc } = this.context;
    if (store.state.finetuning) return;
    store.dispatch({ type: 'finetuningSet', running: true });
    try {
      await rpc.call('finetune');
    } catch (error) {
      store.dispatch({ type: 'faulted', fault: faultOf(error) });
    } finally {
      store.dispatch({ type: 'finetuningSet', running: false });
    }
  }

  /** Read mode was left: the window that was taken for it alone is given back. */
  async readingLeft(): Promise<void> {
    if (!this.fullForReading) return;
    this.fullForReading = false;
    await this.onWindow('restoreWindow');
  }

  private maximise(): Promise<void> {
    this.fullForReading = this.context.store.state.reading && !this.fullForReading;
    return this.onWindow('maximise');
  }

  private async onWindow(method: 'maximise' | 'restoreWindow'): Promise<void> {
    const { store, rpc } = this.context;
    try {
      if (await rpc.call(method)) this.views.takeKeys();
    } catch (error) {
      store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** Orders the list anew; a blind reading has one order. */
  private order(
    command: Extract<GridCommand, { readonly name: 'sort' | 'reverseOrder' }>,
  ): Promise<void> | void {
    const { project, query } = this.context.store.state;
    if (project === null || project.blind) return;
    if (command.name === 'reverseOrder') return this.lists.change({ descending: !query.descending });
    const row = project.sortInfos.find(({ id }) => id === command.by);
    if (row) return this.lists.change({ sort: row.id, descending: row.descending });
  }

  private step(by: number): void {
    this.lists.moved((index, total) => Math.min(Math.max(index + by, 0), Math.max(0, total - 1)));
    this.edits.step(by);
  }

  /** In Read mode, which begins for it: there the map is seen, or why there is none. */
  private toggleHeatmap(): void {
    const { store, formatter, say } = this.context;
    const { heatmaps, reading } = store.state;
    const { heat } = formatter.strings;
    const reason = noHeatmaps(store.state);
    const on = !(heatmaps.inDetail && reading);
    if (!reading) store.dispatch({ type: 'readingSet', reading: true });
    if (reason !== null) say(heat[reason]);
    else this.turnHeatmaps({ inDetail: on }, on, on ? heat.on : heat.off);
  }

  private toggleTileHeatmaps(): void {
    const { store, formatter, say } = this.context;
    const { heat } = formatter.strings;
    const reason = noHeatmaps(store.state);
    const on = !store.state.heatmaps.onTiles;
    if (reason === null) this.turnHeatmaps({ onTiles: on }, on, on ? heat.tilesOn : heat.tilesOff);
    else {
      say(heat[reason]);
      store.dispatch({ type: 'faulted', fault: { code: '', message: heat[reason] } });
    }
  }

  private turnHeatmaps(change: Partial<HeatmapChoice>, on: boolean, text: string): void {
    if (on) this.views.retryHeatmaps();
    this.context.store.dispatch({ type: 'heatmapsSet', change });
    this.context.say(text);
  }

  private targets(items: readonly ItemKey[] | undefined): readonly ItemKey[] {
    if (items === undefined) return this.edits.targets();
    const { selected } = this.context.store.state;
    const hit = items.some((key) => selected.has(key)) ? [...selected] : items;
    return isByImage(this.context.store.state) ? this.edits.ofImages(hit) : hit;
  }
}
