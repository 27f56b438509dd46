/**
 * Heat maps of the shown run, asked for in batches and kept. Two lines, one request each: the image of the detail
 * pane does not wait behind the tiles. What has scrolled by is never asked for.
 */
import type { Heatmap } from '../../../src/protocol/engineApi';
import { faultOf } from '../host';
import type { Fault } from '../state/model';

export type FetchHeatmaps = (samples: readonly string[], output: string) => Promise<readonly Heatmap[]>;

/** A heat map that is to be shown. */
export interface Wish {
  readonly sample: string;
  readonly output: string;
}

/** A map of 7 × 7 is 200 bytes, the finest of ours 30 kB. */
const mostKept = 5_000;
const firstBatch = 4;
const mostInBatch = 32;
/** ms that a batch may take: methods differ a hundredfold, and who scrolls on should not wait for what has gone. */
const batchTime = 300;

class Line {
  wishes: readonly Wish[] = [];
  busy = false;
}

export class HeatmapCache {
  private readonly kept = new Map<string, Heatmap | null>();
  private readonly asked = new Set<string>();
  private readonly faults = new Map<string, Fault>();
  private readonly detail = new Line();
  private readonly tiles = new Line();
  private generation = 0;
  private msPerMap = batchTime / firstBatch;

  /** @param now ms of a clock that only goes forward */
  constructor(
    private readonly fetch: FetchHeatmaps,
    private readonly onChanged: () => void,
    private readonly now: () => number,
  ) {}

  /** The map, null where the image has none (it cannot be read), undefined while it is not known. */
  of({ sample, output }: Wish): Heatmap | null | undefined {
    return this.kept.get(keyOf(sample, output));
  }

  /** Why maps of an output cannot be had; holds until `retry` or a new run. */
  faultFor(output: string): Fault | undefined {
    return this.faults.get(output);
  }

  /** The fault that keeps tiles in view without their maps. */
  get tilesFault(): Fault | undefined {
    for (const { output } of this.tiles.wishes) {
      const fault = this.faults.get(output);
      if (fault) return fault;
    }
    return undefined;
  }

  /** Maps of tiles in view are on their way. */
  get tilesBusy(): boolean {
    return this.tiles.busy;
  }

  /** The image on show and its neighbours, in the order of urgency. Replaces what was wanted before. */
  wantInDetail(wishes: readonly Wish[]): void {
    this.detail.wishes = wishes;
    this.pump(this.detail);
  }

  /** The tiles in view, in the order of urgency. Replaces what was wanted before. */
  wantOnTiles(wishes: readonly Wish[]): void {
    const { tilesBusy, tilesFault } = this;
    this.tiles.wishes = wishes;
    this.pump(this.tiles);
    // Other tiles may wait for nothing and have a fault that Read mode met first.
    if (this.tilesBusy !== tilesBusy || this.tilesFault !== tilesFault) this.onChanged();
  }

  /** Asks again for what could not be had. */
  retry(): void {
    if (this.faults.size === 0) return;
    this.faults.clear();
    this.onChanged();
    this.pump(this.detail);
    this.pump(this.tiles);
  }

  /** Forgets all, and what is on its way: another run, or other images. */
  clear(): void {
    this.generation += 1;
    this.kept.clear();
    this.asked.clear();
    this.faults.clear();
    for (const line of [this.detail, this.tiles]) Object.assign(line, new Line());
  }

  private pump(line: Line): void {
    if (line.busy) return;
    const batch = this.nextBatch(line);
    const [first] = batch;
    if (first) void this.load(line, batch, first.output);
  }

  /** The most urgent wish, and with it others of its output. The image on show goes alone. */
  private nextBatch(line: Line): readonly Wish[] {
    const open = line.wishes.filter(({ sample, output }) => {
      const key = keyOf(sample, output);
      return !this.kept.has(key) && !this.asked.has(key) && !this.faults.has(output);
    });
    const [first] = open;
    if (first === undefined) return [];
    if (line === this.detail && first === line.wishes[0]) return [first];
    const size = Math.min(Math.max(1, Math.round(batchTime / this.msPerMap)), mostInBatch);
    const batch = new Map<string, Wish>();
    for (const wish of open) {
      if (wish.output === first.output && batch.size < size) batch.set(wish.sample, wish);
    }
    return [...batch.values()];
  }

  private async load(line: Line, batch: readonly Wish[], output: string): Promise<void> {
    const { generation } = this;
    const samples = batch.map(({ sample }) => sample);
    const began = this.now();
    line.busy = true;
    for (const sample of samples) this.asked.add(keyOf(sample, output));
    try {
      const maps = await this.fetch(samples, output);
      if (generation !== this.generation) return;
      this.msPerMap = Math.max(0.1, (this.now() - began) / samples.length);
      const found = new Map(maps.map((map) => [map.sample, map]));
      for (const sample of samples) this.keep(keyOf(sample, output), found.get(sample) ?? null);
    } catch (error) {
      if (generation !== this.generation) return;
      this.faults.set(output, faultOf(error));
    }
    line.busy = false;
    for (const sample of samples) this.asked.delete(keyOf(sample, output));
    this.pump(line);
    this.onChanged();
  }

  /** The first in the map are those that came longest ago. */
  private keep(key: string, map: Heatmap | null): void {
    this.kept.set(key, map);
    for (const old of this.kept.keys()) {
      if (this.kept.size <= mostKept) break;
      this.kept.delete(old);
    }
  }
}

function keyOf(sample: string, output: string): string {
  return `${output}\0${sample}`;
}
