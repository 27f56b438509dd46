/** Ownership of listeners and other things that must end. Structural types: nothing here imports `vscode`. */

export interface Disposable {
  dispose(): unknown;
}

/** Owns what is added to it; what comes after its end is ended at once. */
export class DisposableStore implements Disposable {
  private readonly items = new Set<Disposable>();
  private ended = false;

  get isDisposed(): boolean {
    return this.ended;
  }

  /** How many things are owned now, for leak tests. */
  get size(): number {
    return this.items.size;
  }

  add<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else this.items.add(item);
    return item;
  }

  /** Ends one thing early. */
  delete(item: Disposable): void {
    if (this.items.delete(item)) item.dispose();
  }

  /** Ends everything owned now; more may be added. Last in, first out. */
  clear(): void {
    const items = [...this.items].reverse();
    this.items.clear();
    for (const item of items) item.dispose();
  }

  dispose(): void {
    this.ended = true;
    this.clear();
  }
}

/** Holds one thing and ends it when another takes its place. */
export class ReplaceableDisposable<T extends Disposable> implements Disposable {
  private held: T | undefined;
  private ended = false;

  get value(): T | undefined {
    return this.held;
  }

  set value(next: T | undefined) {
    if (next === this.held) return;
    this.held?.dispose();
    this.held = undefined;
    if (this.ended) next?.dispose();
    else this.held = next;
  }

  dispose(): void {
    this.ended = true;
    this.value = undefined;
  }
}

/** Calls once after things have been quiet for a while. */
export class Debounce implements Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly quietMs: number,
    private readonly action: () => void,
  ) {}

  schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.action();
    }, this.quietMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
