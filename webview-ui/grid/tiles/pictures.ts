/** Addresses of thumbnails, asked for in batches: what is visible first, what has scrolled by not at all. */
import type { TilePicture } from '../../../src/protocol/gridApi';

export type FetchPictures = (samples: readonly string[]) => Promise<readonly TilePicture[]>;

const batchSize = 16;
const mostInFlight = 3;
const mostKept = 20_000;

export class Pictures {
  private readonly known = new Map<string, TilePicture>();
  private readonly asked = new Set<string>();
  private queue: readonly string[] = [];
  private inFlight = 0;

  constructor(
    private readonly fetch: FetchPictures,
    private readonly onPictures: (pictures: readonly TilePicture[]) => void,
  ) {}

  of(sample: string): TilePicture | undefined {
    return this.known.get(sample);
  }

  /** Samples in the order of urgency. Replaces what was wanted before. */
  want(samples: readonly string[]): void {
    this.queue = samples;
    this.pump();
  }

  /** Forgets all: the dataset changed. */
  clear(): void {
    this.known.clear();
  }

  private pump(): void {
    while (this.inFlight < mostInFlight) {
      const batch: string[] = [];
      for (const sample of this.queue) {
        if (batch.length === batchSize) break;
        if (!this.known.has(sample) && !this.asked.has(sample)) batch.push(sample);
      }
      if (batch.length === 0) return;
      void this.load([...new Set(batch)]);
    }
  }

  private async load(batch: readonly string[]): Promise<void> {
    this.inFlight += 1;
    for (const sample of batch) this.asked.add(sample);
    let pictures: readonly TilePicture[];
    try {
      pictures = await this.fetch(batch);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      pictures = batch.map((sample) => ({ sample, error: reason }));
    }
    this.inFlight -= 1;
    for (const sample of batch) this.asked.delete(sample);
    for (const picture of pictures) this.known.set(picture.sample, picture);
    for (const sample of this.known.keys()) {
      if (this.known.size <= mostKept) break;
      this.known.delete(sample);
    }
    this.onPictures(pictures);
    this.pump();
  }
}
