/** What the system says of a process and of those that it has started (Linux: /proc). */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of the fields of /proc/PID/stat, in this unit (sysconf(_SC_CLK_TCK), 100 on every Linux of today). */
const ticksPerSecond = 100;
const quietMs = 2000;

/** The process and all that it has started, by number. */
function treeOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`);
  const children = text.split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(treeOf)];
}

/** User and system time of all of them that live, s. */
export function processorSeconds(pid: number): number {
  const ticks = treeOf(pid).map((one) => {
    // The name, in brackets, may have spaces.
    const [, user = 0, system = 0] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(read(`/proc/${one}/stat`)) ?? [];
    return Number(user) + Number(system);
  });
  return ticks.reduce((sum, own) => sum + own, 0) / ticksPerSecond;
}

/** The most memory that the one whose command line ends so has had, MiB; NaN where there is none. */
export function peakMib(pid: number, program: string): number {
  const found = treeOf(pid).find((one) => isOf(one, program));
  const [, kib = NaN] = /VmHWM:\s+(\d+)/.exec(read(`/proc/${found ?? 0}/status`)) ?? [];
  return Number(kib) / 1024;
}

/** Resolves when that program runs, and neither it nor another of them has used the processor for a while. */
export async function isQuiet(pid: number, program: string): Promise<void> {
  let last = -1;
  for (;;) {
    const now = processorSeconds(pid);
    if (now - last < 0.05 && treeOf(pid).some((one) => isOf(one, program))) return;
    last = now;
    await sleep(quietMs);
  }
}

function isOf(pid: number, program: string): boolean {
  return read(`/proc/${pid}/cmdline`)
    .split('\0')
    .some((word) => word.endsWith(program));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
