/** Starts Python on a job, follows what it tells in the job's folder, and turns its end into an error or none. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OverreadError, throwIfCancelled, type ErrorCode } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import { startProgram, type Ended, type Environment } from '../../base/programs';
import type { ComputeTarget } from './compute';
import { workFiles } from './model';
import { parseLine, progressOf, type TrainingLine } from './progressLines';
import { pythonEnvironment } from './python';

const pollMs = 200;
/** A training that is cancelled has so long to leave a checkpoint. */
const graceMs = 4000;

export interface LaunchRequest extends WorkOptions {
  readonly target: ComputeTarget;
  /** Absolute. */
  readonly python: string;
  readonly packageFolder: string;
  /** The absolute folder of the job. */
  readonly folder: string;
  readonly env: Environment;
}

/** What is started for a target: an absolute program and its arguments. @throws OVR704 its command is no absolute path */
export function commandOf({
  target,
  python,
  folder,
}: Pick<LaunchRequest, 'target' | 'python' | 'folder'>): readonly [string, ...string[]] {
  const plain: readonly [string, ...string[]] = [python, '-m', 'overread_torch', 'train', folder];
  switch (target.kind) {
    case 'local':
      return plain;
    case 'torchrun': {
      const { processes, nodes = 1, rendezvous } = target;
      return [
        ...[python, '-m', 'overread_torch', 'torchrun', folder, String(processes), String(nodes)],
        ...(rendezvous === undefined ? [] : [rendezvous]),
      ] as unknown as readonly [string, ...string[]];
    }
    case 'ray':
      return [python, '-m', 'overread_torch', 'ray', folder, target.address, String(target.workers)];
    case 'command': {
      const [program = '', ...rest] = target.command.flatMap((part) =>
        part === '{command}' ? plain : [part.replaceAll('{python}', python).replaceAll('{job}', folder)],
      );
      if (path.isAbsolute(program)) return [program, ...rest];
      throw new OverreadError({
        code: 'OVR704',
        message: `The command of the compute target begins with "${program}"`,
        expected: 'the absolute path of a program',
        fix: 'Write it so in compute.json: a name alone would be looked up anew each time',
      });
    }
    default:
      return target satisfies never;
  }
}

/** What is to be started on the other machines of a training by rendezvous, for a shell; null where there are none. */
function commandElsewhere(request: LaunchRequest): string | null {
  const { target, packageFolder } = request;
  if (target.kind !== 'torchrun' || (target.nodes ?? 1) === 1) return null;
  return [`PYTHONPATH=${quoted(packageFolder)}`, ...commandOf(request).map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Runs the training to its end.
 * @returns the lines that it told
 * @throws OVR703 too little memory; OVR701 numbers that are none; OVR702, OVR706; OVR002 cancelled
 */
export async function runTraining(request: LaunchRequest): Promise<readonly TrainingLine[]> {
  const { folder, env, packageFolder, signal } = request;
  const [program, ...args] = commandOf(request);
  const elsewhere = commandElsewhere(request);
  if (elsewhere !== null) request.log?.info(`Start on each other machine: ${elsewhere}`);
  const lines = new ProgressLines(path.join(folder, workFiles.progress));
  await lines.skip();
  const running = startProgram(program, args, {
    env: pythonEnvironment(env, packageFolder),
    graceMs,
    ...(signal ? { signal } : {}),
  });
  let ended: Ended | undefined;
  void running.then((end) => (ended = end));
  const told: TrainingLine[] = [];
  for (;;) {
    const isOver = ended !== undefined;
    for (const line of await lines.next()) {
      told.push(line);
      const progress = progressOf(line);
      if (progress) request.onProgress?.(progress);
    }
    if (isOver) break;
    await Promise.race([running, sleep(pollMs)]);
  }
  throwIfCancelled(signal);
  refuseFailed(await running, told);
  return told;
}

/** The code of a fault by the kind that Python gives it. */
function codeOf(kind: unknown): ErrorCode {
  if (kind === 'memory') return 'OVR703';
  if (kind === 'numbers') return 'OVR701';
  return kind === 'environment' ? 'OVR702' : 'OVR706';
}

function refuseFailed(end: Ended, told: readonly TrainingLine[]): void {
  const line = told.findLast(({ stage }) => stage === 'fault');
  if (line) {
    const { kind, message, fix } = line as TrainingLine &
      Readonly<Record<'kind' | 'message' | 'fix', unknown>>;
    throw new OverreadError({
      code: codeOf(kind),
      message: typeof message === 'string' ? message : 'Training failed',
      ...(typeof fix === 'string' && fix !== '' ? { fix } : {}),
    });
  }
  // It is told when every file is there. Processes that trained together may still abort while their interpreter ends
  // ("terminate called without an active exception", a thread of PyTorch's own): that takes nothing from the files.
  if (told.some(({ stage }) => stage === 'done')) return;
  const how =
    end.failure ?? (end.signal ? `it was ended by ${end.signal}` : `it ended with ${end.code ?? '?'}`);
  const last = end.stderr.trim().split('\n').at(-1) ?? '';
  throw new OverreadError({
    code: 'OVR706',
    message: `Training did not come to its end: ${how}${last === '' ? '' : ` (${last.slice(0, 300)})`}`,
    fix: 'Killed by the system means too little memory; go on with "overread jobs resume"',
  });
}

/** Lines that a file has got since the last time. */
class ProgressLines {
  private at = 0;
  private rest = '';

  constructor(private readonly file: string) {}

  /** Passes over what an earlier training told. */
  async skip(): Promise<void> {
    this.at = await fs.stat(this.file).then(
      ({ size }) => size,
      () => 0,
    );
  }

  async next(): Promise<TrainingLine[]> {
    const handle = await fs.open(this.file, 'r').catch(() => undefined);
    if (handle === undefined) return [];
    try {
      const { size } = await handle.stat();
      if (size <= this.at) return [];
      const bytes = Buffer.alloc(size - this.at);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.at);
      this.at += bytesRead;
      const parts = (this.rest + bytes.toString('utf8', 0, bytesRead)).split('\n');
      this.rest = parts.pop() ?? '';
      return parts.flatMap(parseLine);
    } finally {
      await handle.close();
    }
  }
}
