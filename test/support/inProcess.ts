/**
 * Runs a command of `overread` in the test's own process, through the seam that the built program goes through as
 * well (parseAndRun). What only a process shows, signals and what ends it, is tested on the built one (cli.ts).
 */
import * as path from 'node:path';
import { Writable } from 'node:stream';
import type { Surroundings } from '../../src/cli/command';
import { parseAndRun } from '../../src/cli/program';
import { parsed, testEnvironment, type CliResult } from './cli';

class Captured extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs a command to its end. @param more what a terminal has besides: somebody who answers */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  more: Partial<Surroundings> = {},
): Promise<CliResult> {
  const stdout = new Captured();
  const stderr = new Captured();
  let code: number | null = null;
  const surroundings: Surroundings = {
    env: testEnvironment(env),
    cwd: process.cwd(),
    stdout,
    stderr,
    signal: new AbortController().signal,
    programs: path.resolve('dist'),
    exit: (asked) => (code = asked),
    ...more,
  };
  await parseAndRun(args, surroundings);
  return { code, signal: null, stdout: stdout.text, stderr: stderr.text };
}

/** Runs a command with `--json` and parses its document; fails with what it said when the exit code is another. */
export async function commandJson<T>(
  args: readonly string[],
  expectedCodes: readonly number[] = [0],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  return parsed(args, expectedCodes, await runCommand([...args, '--json'], env)) as T;
}
