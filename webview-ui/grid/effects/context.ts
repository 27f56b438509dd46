/** What every effect works with. */
import type { Formatter } from '../format';
import type { GridRpc } from '../host';
import type { Store } from '../state/store';
import type { ItemBlocks } from '../tiles/itemBlocks';

export interface EffectContext {
  readonly store: Store;
  readonly rpc: Pick<GridRpc, 'call'>;
  readonly items: ItemBlocks;
  readonly formatter: Formatter;
  /** Says a sentence to screen readers. */
  readonly say: (text: string) => void;
}
