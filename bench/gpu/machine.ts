/** What the checks run on: the card by its name, its memory, the process's own. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import { findProgram, runProgram } from '../../src/core/base/programs';

/** `NVIDIA H200, driver 580.1`; undefined without one. */
export async function graphicsCard(): Promise<string | undefined> {
  const found = await ask('name,driver_version');
  return found?.split('\n')[0]?.replace(/, /, ', driver ');
}

/** Used memory of the card, MB; NaN where nobody tells. */
export async function cardMemory(): Promise<number> {
  return Number((await ask('memory.used'))?.split('\n')[0]);
}

async function ask(query: string): Promise<string | undefined> {
  const program = await findProgram('nvidia-smi', process.env);
  if (program === undefined) return undefined;
  const args = [`--query-gpu=${query}`, '--format=csv,noheader,nounits'];
  const { code, stdout } = await runProgram(program, args, { env: process.env, timeLimit: 20_000 });
  return code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/** The most memory that this process has had, MB. */
export function peakMemory(): number {
  const status = fs.readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Starts the peak anew. */
export function resetPeak(): void {
  try {
    fs.writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not everywhere allowed: the peak is then that of the whole run.
  }
}

export const processors = os.availableParallelism();
