/** Everything a page registers ends in one store, so that closing it leaves no listener behind. */

export interface Disposable {
  dispose(): void;
}

export class DisposableStore implements Disposable {
  private readonly items = new Set<Disposable>();
  private disposed = false;

  /** Registers, or disposes at once when the store is already closed. */
  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.add(item);
    return item;
  }

  /** Registers a plain clean-up. */
  onDispose(dispose: () => void): void {
    this.add({ dispose });
  }

  /** A DOM listener that ends with the store. */
  listen<K extends keyof HTMLElementEventMap>(
    target: EventTarget,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, listener as EventListener, options);
    this.onDispose(() => {
      target.removeEventListener(type, listener as EventListener, options);
    });
  }

  get size(): number {
    return this.items.size;
  }

  dispose(): void {
    this.disposed = true;
    for (const item of [...this.items].reverse()) item.dispose();
    this.items.clear();
  }
}
