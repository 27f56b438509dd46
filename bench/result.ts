/** `bench/results/<name>.json`: what a script of "Shown by" measured, and whether it holds. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export type Verdict = 'pass' | 'fail' | 'skipped';

/** One statement that the script checks. */
export interface Check {
  readonly name: string;
  readonly verdict: Verdict;
  /** What was measured against what; for skipped: why. */
  readonly detail: string;
}

export interface BenchResult {
  readonly checks: readonly Check[];
  /** Everything else that was measured, with the unit in the name of each figure. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Whether nothing failed; skipped checks do not fail. */
export function holds(result: BenchResult): boolean {
  return result.checks.every((check) => check.verdict !== 'fail');
}

/** Writes the result beside the machine it was measured on, prints one line per check, and sets the exit code. */
export function writeResult(name: string, result: BenchResult): void {
  const file = path.join('bench', 'results', `${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  const machine = {
    platform: `${process.platform} ${process.arch}`,
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    node: process.versions.node,
  };
  const document = { name, measured: new Date().toISOString(), machine, holds: holds(result), ...result };
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  for (const check of result.checks) console.log(`${check.verdict.padEnd(7)} ${check.name}: ${check.detail}`);
  console.log(`written to ${file}`);
  if (!holds(result)) process.exitCode = 1;
}

/** A check that passes when the figure is on the right side of its bound. */
export function checkBound(name: string, value: number, bound: string, passes: boolean): Check {
  return { name, verdict: passes ? 'pass' : 'fail', detail: `${value.toPrecision(4)} (${bound})` };
}

/** Percentile by linear interpolation; `share` in [0, 1]. NaN for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}
