/** The feature table as it fills: which rows wait for which content, and what has arrived. */

/** Where the features of the rows go. */
export interface RowSink {
  /** Takes the features of a row: a view that is valid during the call. All rows have as many. */
  set(row: number, features: Float32Array): void;
  /** Gives a row the features that another has. */
  copy(from: number, to: number): void;
}

/** Rows in memory. */
export class MemoryRows implements RowSink {
  private features: Float32Array | undefined;
  private width = 0;

  constructor(private readonly length: number) {}

  set(row: number, features: Float32Array): void {
    this.width = features.length;
    this.features ??= new Float32Array(this.length * this.width);
    this.features.set(features, row * this.width);
  }

  copy(from: number, to: number): void {
    this.features?.copyWithin(to * this.width, from * this.width, (from + 1) * this.width);
  }

  /** length × features; empty when nothing arrived. */
  table(): Float32Array {
    return this.features ?? new Float32Array(0);
  }
}

export class FeatureRows {
  readonly present: Uint8Array;
  readonly hashes: string[];
  private readonly waiting = new Map<string, number[]>();
  /** A row that has the features of a content, for equal files that turn up later. */
  private readonly arrived = new Map<string, number>();
  private width = 0;
  private count = 0;

  constructor(
    length: number,
    private readonly sink: RowSink,
  ) {
    this.present = new Uint8Array(length);
    this.hashes = new Array<string>(length).fill('');
  }

  get dim(): number {
    return this.width;
  }

  /**
   * Notes that a row wants the features of this content; it gets them at once if they have arrived.
   *
   * @returns true for the first row of that content: its caller brings the features for all
   */
  want(row: number, hash: string): boolean {
    this.hashes[row] = hash;
    const twin = this.arrived.get(hash);
    if (twin !== undefined) {
      this.sink.copy(twin, row);
      this.present[row] = 1;
      this.count++;
      return false;
    }
    const rows = this.waiting.get(hash);
    rows?.push(row);
    if (!rows) this.waiting.set(hash, [row]);
    return !rows;
  }

  /** Writes the features into every row that waits for them. */
  arrive(hash: string, features: Float32Array): void {
    const rows = this.waiting.get(hash);
    const first = rows?.[0];
    if (!rows || first === undefined) return;
    this.width = features.length;
    for (const row of rows) {
      this.sink.set(row, features);
      this.present[row] = 1;
    }
    this.count += rows.length;
    this.waiting.delete(hash);
    this.arrived.set(hash, first);
  }

  /** No features will come for this content. @returns the rows that waited for them; they want nothing now */
  fail(hash: string): readonly number[] {
    const rows = this.waiting.get(hash) ?? [];
    this.waiting.delete(hash);
    for (const row of rows) this.hashes[row] = '';
    return rows;
  }

  /** Rows that have features. */
  get filled(): number {
    return this.count;
  }
}
