/** How many threads arithmetic should have on this machine. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';

/**
 * Physical cores that this process may use: two threads of one core share its arithmetic units, so a second
 * one slows convolutions down. On Linux the kernel tells which processors share a core; elsewhere, or where
 * it does not, every processor counts. Never more than the affinity of the process and the quota of its
 * container allow, at least 1.
 */
export async function physicalCores(): Promise<number> {
  const available = Math.max(1, os.availableParallelism());
  if (process.platform !== 'linux') return available;
  const cores = new Set<string>();
  for (let processor = 0; processor < os.cpus().length; processor++) {
    const file = `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`;
    const siblings = await fs.readFile(file, 'utf8').catch(() => `${processor}`);
    cores.add(siblings.trim());
  }
  return Math.max(1, Math.min(available, cores.size, await containerQuota()));
}

/** Processors that the container may keep busy (cgroup 2, `cpu.max`); without a limit, infinitely many. */
async function containerQuota(): Promise<number> {
  const text = await fs.readFile('/sys/fs/cgroup/cpu.max', 'utf8').catch(() => 'max');
  const [quota = NaN, period = NaN] = text.trim().split(' ').map(Number);
  const processors = quota / period;
  return Number.isFinite(processors) ? Math.ceil(processors) : Infinity;
}
