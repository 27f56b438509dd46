/**
 * Names for the samples of a project that say nothing: an id is mostly a path, and a path often names the class. A
 * keyed MAC of the id, so that a reader finds the same name after a restart, and nobody reads the id out of it.
 */
import type { CacheMac } from '../core/base/cacheMac';
import type { Dataset } from '../core/dataset/model';

/** Characters of a handle: 96 bits, so that no two samples share one. */
const handleLength = 24;

export class Handles {
  private readonly handles: readonly string[];
  private readonly sampleOfHandle = new Map<string, number>();
  /** The place of each sample in the order of the handles: an order that says nothing. */
  readonly rank: Int32Array;

  /** @param root the project's folder: the same file in two projects has two names */
  constructor({ samples }: Dataset, mac: CacheMac, root: string) {
    this.handles = samples.map(({ id }) =>
      mac.of('blind reading', root, id).toString('hex').slice(0, handleLength),
    );
    this.handles.forEach((handle, sample) => this.sampleOfHandle.set(handle, sample));
    this.rank = new Int32Array(samples.length);
    const order = [...this.handles.entries()].sort(([, a], [, b]) => (a < b ? -1 : 1));
    order.forEach(([sample], place) => {
      this.rank[sample] = place;
    });
  }

  of(sample: number): string {
    return this.handles[sample] ?? '';
  }

  /** The index of the sample with this handle, or undefined. */
  sample(handle: string): number | undefined {
    return this.sampleOfHandle.get(handle);
  }
}
