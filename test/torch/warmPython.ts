/**
 * A Python for the tests whose subject is what it computes: its processes are made by one that has imported PyTorch already
 * (warmPython.py). What starts, probes and ends a Python is tested on the plain one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { MakeRunOptions } from '../../src/core/runs/makeRun';
import { testPython, type Workplace } from './training';

const script = path.resolve('test/torch/warmPython.py');
let started: Promise<string> | undefined;

/** What a training by warm Python is told: torchrun starts its processes by it too. */
export async function trainingByWarmPython({ options }: Workplace): Promise<{
  readonly python: string;
  readonly options: Pick<MakeRunOptions, 'env'>;
}> {
  const python = await warmPython();
  return { python, options: { env: { ...options.env, PYTHON_EXEC: python } } };
}

/** The absolute path of a program that takes what Python takes. One server does for all files of a worker, and ends with it. */
export function warmPython(): Promise<string> {
  started ??= start();
  return started;
}

async function start(): Promise<string> {
  // Fork and sockets with streams in them.
  if (process.platform === 'win32') return testPython();
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-warm-'));
  const socket = path.join(folder, 'socket');
  const server = spawn(testPython(), [script, 'serve', socket], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONPATH: path.resolve('dist', 'python'), OMP_WAIT_POLICY: 'PASSIVE' },
  });
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`The Python that the tests share ended with ${String(code)}`);
  });
  await Promise.race([once(server.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  // The worker may end while it runs; it hears of that by its standard input.
  server.unref();
  for (const stream of [server.stdin, server.stdout]) (stream as unknown as { unref(): void }).unref();
  const program = path.join(folder, 'python');
  const text = `#!/bin/sh\nexec "${testPython()}" -S -E "${script}" run "${socket}" "$@"\n`;
  await fs.writeFile(program, text, { mode: 0o755 });
  return program;
}
