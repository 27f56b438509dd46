/** A source of weights that cannot give them now: the next one is tried, and the reason is kept for the user. */
export class SourceUnavailable extends Error {
  /**
   * @param source what was tried, for people: `Hugging Face (https://…)`
   * @param reason why it failed, one clause
   */
  constructor(
    readonly source: string,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(`${source}: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'SourceUnavailable';
  }
}
