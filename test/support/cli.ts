/** Runs the built `overread` as its users do: a process with arguments, an exit code and two streams. */
import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';

export const cliFile = path.resolve('dist', 'cli.js');
export const engineFile = path.resolve('dist', 'engine.js');

/** An environment in which git names a test annotator and nothing of the developer's shows. */
export function testEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, OVERREAD_ANNOTATOR: 'Test Reader', ...extra };
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly done: Promise<CliResult>;
}

/** Starts a command; `onStderr` sees each chunk as it comes. */
export function startCli(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly onStderr?: (text: string) => void;
  } = {},
): RunningCli {
  const child = spawn(process.execPath, [cliFile, ...args], {
    env: testEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(text);
  });
  const done = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, done };
}

/** Runs a command to its end. */
export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return startCli(args, { env }).done;
}

/** Runs a command with `--json` and parses its document; fails with what it said when the exit code is another. */
export async function runJson<T>(
  args: readonly string[],
  expectedCodes: readonly number[] = [0],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  return parsed(args, expectedCodes, await runCli([...args, '--json'], env)) as T;
}

/** The document that a command printed. @throws what the command said, when it ended with another exit code */
export function parsed(
  args: readonly string[],
  expectedCodes: readonly number[],
  { code, stdout, stderr }: CliResult,
): unknown {
  if (code === null || !expectedCodes.includes(code)) {
    throw new Error(`overread ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`);
  }
  return JSON.parse(stdout);
}

/** Arguments of a fine-tune that needs no network and a second or two on a small sample. */
export const quickModel = [
  '--architecture',
  'tf_efficientnet_lite0',
  '--weights',
  'random:1',
  '--device',
  'cpu',
];
