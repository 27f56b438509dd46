/** A sequence of steps that each hold or fail, written to bench/results as one document. */
import { writeResult, type Check } from '../../bench/result';

export class Steps {
  private readonly checks: Check[] = [];
  readonly figures: Record<string, unknown> = {};
  private broken = false;

  /**
   * Runs one step; what it returns says what was seen. After a step that failed, those that follow are failed
   * too: they would only report its consequences.
   */
  async step(name: string, work: () => string | Promise<string>): Promise<void> {
    if (this.broken) {
      this.checks.push({ name, verdict: 'fail', detail: 'not reached' });
      return;
    }
    const start = performance.now();
    try {
      const detail = await work();
      const seconds = (performance.now() - start) / 1000;
      console.log(`ok      ${name} (${seconds.toFixed(1)} s)`);
      this.checks.push({ name, verdict: 'pass', detail });
    } catch (error) {
      this.broken = true;
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.log(`FAILED  ${name}\n${detail}`);
      this.checks.push({ name, verdict: 'fail', detail: detail.split('\n')[0] ?? '' });
    }
  }

  /** Starts another sequence: what failed before does not speak for it. */
  restart(): void {
    this.broken = false;
  }

  /** Whether no step has failed since the start. */
  get holds(): boolean {
    return this.checks.every(({ verdict }) => verdict !== 'fail');
  }

  write(name: string): void {
    writeResult(name, { checks: this.checks, figures: this.figures });
  }
}

/** Writes the result of a script that cannot run here, and why. */
export function writeSkipped(name: string, why: string): void {
  writeResult(name, { checks: [{ name, verdict: 'skipped', detail: why }], figures: {} });
}
