/**
 * Names for the samples of a project that say nothing: an id is mostly a path, and a path often names the class. A
 * keyed MAC of the id, so that a reader finds the same name after a restart, and nobody reads the id out of it.
 */
import { ofRanges, type Pieces } from '../core/base/pieces';
import type { CacheMac } from '../core/base/cacheMac';
import type { Dataset } from '../core/dataset/model';
import { ranksOf } from '../core/review/textRanks';

/** Characters of a handle: 96 bits, so that no two samples share one. */
const handleLength = 24;

/** Made in one piece: each takes some microseconds. */
const handlesAtOnce = 256;

export class Handles {
  /** @param rank the place of each sample in the order of the handles: an order that says nothing */
  private constructor(
    private readonly handles: readonly string[],
    private readonly sampleOfHandle: ReadonlyMap<string, number>,
    readonly rank: Int32Array,
  ) {}

  /** In pieces. @param root the project's folder: the same file in two projects has two names */
  static *of({ samples }: Dataset, mac: CacheMac, root: string): Pieces<Handles> {
    const handles: string[] = [];
    const sampleOfHandle = new Map<string, number>();
    yield* ofRanges(
      samples.length,
      (from, to) => {
        for (const { id } of samples.slice(from, to)) {
          const handle = mac.of('blind reading', root, id).toString('hex').slice(0, handleLength);
          sampleOfHandle.set(handle, handles.push(handle) - 1);
        }
      },
      handlesAtOnce,
    );
    return new Handles(handles, sampleOfHandle, yield* ranksOf(handles));
  }

  of(sample: number): string {
    return this.handles[sample] ?? '';
  }

  /** The index of the sample with this handle, or undefined. */
  sample(handle: string): number | undefined {
    return this.sampleOfHandle.get(handle);
  }
}
