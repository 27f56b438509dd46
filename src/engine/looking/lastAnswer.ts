/** An answer that takes long, kept until something else is asked. */

export class LastAnswer<Answer> {
  private key = '';
  private answer: Promise<Answer> | undefined;

  /** @param key what the answer depends on, whole @param ask called where the last answer is to something else, or failed */
  of(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    if (key === this.key && this.answer) return this.answer;
    const answer = ask();
    this.key = key;
    this.answer = answer;
    answer.catch(() => {
      if (this.answer === answer) this.answer = undefined;
    });
    return answer;
  }
}
