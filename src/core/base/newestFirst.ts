/** Work of which only so much may run at once. Of what waits the newest goes first: it is what is on the screen now. */
export class NewestFirst {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  /** @param atOnce how many may run at once, at least 1 */
  constructor(atOnce: number) {
    this.free = atOnce;
  }

  /** Runs `work` when it is its turn, and gives its result; a failure frees the turn as well. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free--;
    try {
      return await work();
    } finally {
      const next = this.waiting.pop();
      if (next) next();
      else this.free++;
    }
  }
}
