/** What the page does with its project, apart from how it looks: its caches, and the effects that fill and use them. */
import { Commands } from './effects/commands';
import type { EffectContext } from './effects/context';
import { Edits } from './effects/edits';
import { Lists } from './effects/lists';
import { Selection } from './effects/selection';
import type { Formatter } from './format';
import { HeatmapCache } from './heatmaps/heatmapCache';
import { faultOf, type GridRpc } from './host';
import type { Store } from './state/store';
import { ItemBlocks } from './tiles/itemBlocks';
import { Pictures } from './tiles/pictures';

/** What the effects tell the views, and ask of them. */
export interface EffectViews {
  itemsArrived(): void;
  picturesArrived(): void;
  heatmapsArrived(): void;
  focusFilter(): void;
  takeKeys(): void;
  hintLabels(): void;
  showKeys(): void;
}

export class PageEffects {
  readonly context: EffectContext;
  readonly items: ItemBlocks;
  readonly pictures: Pictures;
  readonly heatmaps: HeatmapCache;
  readonly lists: Lists;
  readonly edits: Edits;
  readonly selection: Selection;
  readonly commands: Commands;

  constructor(
    store: Store,
    rpc: GridRpc,
    formatter: Formatter,
    say: (text: string) => void,
    views: EffectViews,
  ) {
    this.items = new ItemBlocks(
      (list, from, count) => rpc.call('items', list, from, count),
      () => views.itemsArrived(),
      (error) => {
        const fault = faultOf(error);
        // The host has forgotten the list (a restart, or too many lists): ask again, stay where we are.
        if (fault.code === 'OVR803') void this.lists.rerank();
        else store.dispatch({ type: 'faulted', fault });
      },
    );
    this.pictures = new Pictures(
      (samples) => rpc.call('pictures', samples),
      () => views.picturesArrived(),
    );
    this.heatmaps = new HeatmapCache(
      (samples, output) => rpc.call('heatmaps', samples, output),
      () => views.heatmapsArrived(),
      () => performance.now(),
    );
    this.context = { store, rpc, items: this.items, formatter, say };
    this.lists = new Lists(this.context);
    this.edits = new Edits(this.context, this.lists);
    this.selection = new Selection(this.context, this.lists);
    this.commands = new Commands(this.context, this.lists, this.edits, this.selection, {
      focusFilter: () => views.focusFilter(),
      takeKeys: () => views.takeKeys(),
      hintLabels: () => views.hintLabels(),
      showKeys: () => views.showKeys(),
      retryHeatmaps: () => this.heatmaps.retry(),
    });
  }
}
