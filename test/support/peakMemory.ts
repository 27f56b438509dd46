/** The most memory that a process and what it starts have held, from Linux's own books. */
import { readFileSync } from 'node:fs';

/** Watches a process until `stop`. */
export class PeakMemory {
  private readonly peaks = new Map<number, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.look(this.pid), 20);
  }

  /** Peaks of all processes together, bytes: at least what was held at any one time. */
  stop(): number {
    this.look(this.pid);
    clearInterval(this.timer);
    return [...this.peaks.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  private look(pid: number): void {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
      if (peak !== undefined) this.peaks.set(pid, Math.max(this.peaks.get(pid) ?? 0, Number(peak) * 1024));
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
      for (const child of children.split(' ')) if (child !== '') this.look(Number(child));
    } catch {
      // It ended meanwhile.
    }
  }
}
