/**
 * The bounded queue between preparation and inference: images are written straight into the slots of batches,
 * and whoever prepares waits while all batches are full. Memory is the batches, whatever the number of images.
 */

export interface Batch {
  /** `count` images, each `imageLength` grey levels. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Content hash of each filled slot; its length is `count`. */
  readonly hashes: string[];
}

export class BatchQueue {
  private filling: Batch | undefined;
  private readonly full: Batch[] = [];
  /** Memory of batches that were given back. */
  private readonly empty: Uint8Array<ArrayBuffer>[] = [];
  private made = 0;
  private added = 0;
  private ended = false;
  private readonly waiting = { forSpace: [] as (() => void)[], forBatch: [] as (() => void)[] };

  /**
   * @param size images of a batch: at most, where `sizeNow` says less
   * @param batches batches that exist at most, whether being filled, full, or taken and not given back
   * @param sizeNow at how many images a batch is passed on, asked after each with the number of those added so far
   */
  constructor(
    private readonly imageLength: number,
    private readonly size: number,
    private readonly batches: number,
    private readonly sizeNow: (added: number) => number = () => size,
  ) {}

  /**
   * Hands the next slot to `fill`, waiting for one if need be. `fill` must write the whole slot at once.
   *
   * @returns false, without calling `fill`, when the queue has ended
   */
  async add(hash: string, fill: (slot: Uint8Array) => void): Promise<boolean> {
    while (!this.ended && this.filling === undefined && !this.takeEmpty()) {
      await new Promise<void>((resolve) => this.waiting.forSpace.push(resolve));
    }
    const batch = this.filling;
    if (batch === undefined) return false;
    const start = batch.hashes.length * this.imageLength;
    fill(batch.data.subarray(start, start + this.imageLength));
    batch.hashes.push(hash);
    this.added++;
    if (batch.hashes.length >= Math.min(this.size, this.sizeNow(this.added))) this.pass();
    return true;
  }

  /** The next batch, full but for the last; undefined at the end. Give it back with {@link release}. */
  async take(): Promise<Batch | undefined> {
    while (this.full.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => this.waiting.forBatch.push(resolve));
    }
    return this.full.shift();
  }

  /** Gives back the memory of a batch that was taken. */
  release(data: Uint8Array<ArrayBuffer>): void {
    this.empty.push(data);
    wake(this.waiting.forSpace);
  }

  /** No image follows: the batch begun is passed on. Whoever waits is let go. */
  end(): void {
    if (this.filling !== undefined && this.filling.hashes.length > 0) this.pass();
    this.ended = true;
    wake(this.waiting.forBatch);
    wake(this.waiting.forSpace);
  }

  private pass(): void {
    if (this.filling) this.full.push(this.filling);
    this.filling = undefined;
    wake(this.waiting.forBatch);
  }

  private takeEmpty(): boolean {
    let data = this.empty.pop();
    if (data === undefined && this.made < this.batches) {
      this.made++;
      data = new Uint8Array(this.imageLength * this.size);
    }
    if (data !== undefined) this.filling = { data, hashes: [] };
    return this.filling !== undefined;
  }
}

function wake(waiters: (() => void)[]): void {
  for (const resolve of waiters.splice(0)) resolve();
}
