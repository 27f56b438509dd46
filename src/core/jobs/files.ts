/**
 * The files of a job: `.overread/jobs/<UTC time>-<command>/`. They may come with a project from anywhere, so each is a
 * plain file of limited size, checked against its schema, and what is wrong with one is told of that job alone.
 */
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader, type ReadJson } from '../base/checkedJson';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { entryKind, entryTitles, probeEntry } from '../base/plainFile';
import { jobCommands, launcherNames, type JobProgress } from './model';

/** Where the jobs of a project lie, below its root. */
export const jobsName = '.overread/jobs';

export const jobFiles = {
  request: 'request.json',
  process: 'process.json',
  progress: 'progress.jsonl',
  log: 'log.txt',
  cancel: 'cancel.json',
  result: 'result.json',
  /** Of a training by PyTorch: what it is to do, and what it has told. */
  training: 'train/job.json',
  trainingProgress: 'train/progress.jsonl',
} as const;

export type JobFile = (typeof jobFiles)[keyof typeof jobFiles];

/** The path of a job's file below the project's root. */
export function jobPath(job: string, file: JobFile): string {
  return `${jobsName}/${job}/${file}`;
}

const utc = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' });
const text = Type.String({ maxLength: 10_000 });
const report = {
  code: text,
  message: text,
  place: Type.Optional(
    Type.Object({
      file: Type.Optional(text),
      line: Type.Optional(Type.Integer()),
      column: Type.Optional(Type.Integer()),
      row: Type.Optional(Type.Integer()),
      field: Type.Optional(text),
    }),
  ),
  expected: Type.Optional(text),
  fix: Type.Optional(text),
};

export const parseRequest = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    command: Type.Union(jobCommands.map((name) => Type.Literal(name))),
    arguments: Type.Array(text, { maxItems: 1000 }),
    launcher: Type.Union(launcherNames.map((name) => Type.Literal(name))),
    created: utc,
  }),
);

export const parseProcess = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    process: Type.Object({
      // 0 and negative numbers name groups of processes.
      pid: Type.Integer({ minimum: 2 }),
      host: text,
      space: Type.Union([text, Type.Null()]),
      started: Type.Union([text, Type.Null()]),
    }),
    started: utc,
    renewed: utc,
  }),
);

export const parseResult = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    ended: utc,
    exit_code: Type.Union([Type.Integer(), Type.Null()]),
    cancelled: Type.Boolean(),
    run: Type.Optional(Type.String({ maxLength: 200 })),
    error: Type.Optional(Type.Object(report)),
    problems: Type.Array(
      Type.Object({
        ...report,
        severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')]),
      }),
      { maxItems: 1000 },
    ),
  }),
);

const parseProgress = jsonReader(
  Type.Object({
    time: utc,
    stage: Type.String({ maxLength: 200 }),
    done: Type.Number(),
    total: Type.Optional(Type.Number()),
    message: Type.Optional(text),
  }),
);

/** Bytes of a file that is read whole: 500 problems have 200 kB. */
const mostBytes = 4 * 2 ** 20;
/** Bytes at the end of the progress in which its last line is looked for. */
const tailBytes = 64 * 1024;

/**
 * A file of a job, checked.
 * @returns undefined where there is none
 * @throws OVR807 it is no plain file, too large, or not what it should be
 */
export async function readJobFile<T>(
  root: string,
  job: string,
  file: JobFile,
  read: ReadJson<T>,
): Promise<T | undefined> {
  const bytes = await readPart(root, job, file, 0, mostBytes + 1);
  if (bytes === undefined) return undefined;
  if (bytes.length > mostBytes) throw damaged(job, file, `has more than ${mostBytes} bytes`);
  try {
    return read(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw damaged(job, file, `cannot be used: ${error.message}`, error);
  }
}

/** The last whole line of a job's progress; null where there is none. @throws OVR807 as {@link readJobFile} */
export async function lastProgress(root: string, job: string): Promise<JobProgress | null> {
  const bytes = await readPart(root, job, jobFiles.progress, -tailBytes, tailBytes);
  // What follows the last line feed is being written, or was torn by a kill.
  const lines = (bytes ?? Buffer.alloc(0)).toString('utf8').split('\n').slice(0, -1);
  return lines.map(progressOf).findLast((line) => line !== undefined) ?? null;
}

/** A line of progress, or undefined where it is none. */
export function progressOf(line: string): JobProgress | undefined {
  try {
    return parseProgress(line);
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}

/**
 * A part of a job's file; links are refused.
 * @param from byte, counted from the end where it is negative
 * @param most bytes that are given at once
 * @returns undefined where there is no such file
 * @throws OVR807 it is no plain file, or the file system refused
 */
export async function readPart(
  root: string,
  job: string,
  file: JobFile,
  from: number,
  most: number,
): Promise<Buffer | undefined> {
  const whole = path.join(root, jobPath(job, file));
  try {
    const inner = path.dirname(file);
    const above = inner === '.' ? 'folder' : await probeEntry(path.join(root, jobsName, job, inner));
    if (above !== undefined && above !== 'folder') throw damaged(job, file, `lies in ${entryTitles[above]}`);
    const found = above && (await probeEntry(whole));
    if (found === undefined) return undefined;
    if (found !== 'file') throw damaged(job, file, `is ${entryTitles[found]} instead of a file`);
    const handle = await fs.open(whole, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw damaged(job, file, `is ${entryTitles[entryKind(stat)]} instead of a file`);
      const start = from < 0 ? Math.max(0, stat.size + from) : from;
      const bytes = Buffer.alloc(Math.max(0, Math.min(most, stat.size - start)));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof OverreadError || !isErrnoException(error)) throw error;
    // Deleted meanwhile, as caches may be.
    if (error.code === 'ENOENT') return undefined;
    throw damaged(job, file, `cannot be read (${error.code ?? error.message})`, error);
  }
}

/** OVR807 for a job that cannot be read. @param what a clause: `is a link instead of a file` */
export function damaged(job: string, file: JobFile | null, what: string, cause?: unknown): OverreadError {
  return new OverreadError({
    code: 'OVR807',
    message: `The job ${job} cannot be read: ${file === null ? 'it' : file} ${what}`,
    place: { file: file === null ? `${jobsName}/${job}` : jobPath(job, file) },
    fix: `Remove ${jobsName}/${job}; runs and labels do not need it`,
    ...(cause === undefined ? {} : { cause }),
  });
}
