/** One file over HTTP to disk: resumed where it stopped, by this process or an earlier one. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OverreadError, throwIfCancelled } from '../../base/errors';
import { isErrnoException } from '../../base/errnoException';
import { sha256File } from '../../base/files';
import type { WorkOptions } from '../../base/ports';
import type { HttpAnswer, HttpClient } from './http';

export interface Download extends WorkOptions {
  readonly client: HttpClient;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where the finished file goes; parts wait in `TARGET.incomplete`. */
  readonly target: string;
  /** Length in bytes, where the server said. */
  readonly size: number | undefined;
  /** More bytes than the file can have, whatever the server says. */
  readonly most: number;
  /** SHA-256 that the content must have, where it is known. */
  readonly sha256: string | undefined;
  /** Looks into the whole file before it gets its name. @throws when it is not what was asked for: then it is deleted */
  readonly check: (file: string) => Promise<void>;
  /** For progress messages. */
  readonly label: string;
  /** Waits between attempts, ms; their number is the number of further attempts without much progress. */
  readonly retryAfter?: readonly number[];
}

/** The server answered with something else than the file; a repetition would not help. */
export class WrongAnswer extends Error {}

/** What an attempt must bring so that the counting of failures starts again, bytes. */
const goodPiece = 1_000_000;

/** The server refused; a repetition would not help. */
export class HttpRefused extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`);
  }
}

/** The content is not what it should be. */
export class WrongContent extends Error {
  constructor(
    readonly found: string,
    readonly expected: string,
  ) {
    super(`SHA-256 ${found}, expected ${expected}`);
  }
}

/**
 * Downloads to `target` and gives the content's SHA-256. An attempt that is cut off is resumed as long as
 * attempts bring a good piece; a line that gives a few bytes and stops again does not go on for ever.
 * @throws HttpRefused, WrongContent, WrongAnswer (a web page, or too many bytes), OVR002, OVR003, what `check` throws, undici's errors
 * after the last attempt
 */
export async function download(job: Download): Promise<string> {
  const part = `${job.target}.incomplete`;
  await fs.mkdir(path.dirname(job.target), { recursive: true }).catch(cannotWrite);
  const waits = job.retryAfter ?? [500, 1_000, 2_000, 4_000];
  let failures = 0;
  for (;;) {
    const before = await length(part);
    try {
      await attempt(job, part);
      break;
    } catch (error) {
      throwIfCancelled(job.signal);
      if (error instanceof HttpRefused || error instanceof WrongAnswer || error instanceof OverreadError)
        throw error;
      failures = (await length(part)) > before + goodPiece ? 1 : failures + 1;
      const wait = waits[failures - 1];
      if (wait === undefined) throw error;
      job.log?.info(`Download of ${job.label} stopped; attempt ${failures + 1} follows`);
      await pause(wait, undefined, { signal: job.signal }).catch(() => undefined);
      throwIfCancelled(job.signal);
    }
  }
  if (await isWebPage(part)) {
    await fs.rm(part, { force: true });
    throw new WrongAnswer(
      'it answered with a web page, as the sign-in page of a network does (captive portal)',
    );
  }
  const found = await sha256File(part);
  if (job.sha256 !== undefined && found !== job.sha256) {
    // Kept, it would be resumed for ever.
    await fs.rm(part, { force: true });
    throw new WrongContent(found, job.sha256);
  }
  await job.check(part).catch(async (error: unknown) => {
    await fs.rm(part, { force: true });
    throw error;
  });
  await fs.rename(part, job.target);
  return found;
}

async function attempt(job: Download, part: string): Promise<void> {
  if ((job.size ?? 0) > job.most) throw tooLarge(job, job.size);
  let have = await length(part);
  if (have > (job.size ?? job.most)) {
    await fs.rm(part, { force: true });
    have = 0;
  }
  if (job.size !== undefined && have === job.size && have > 0) return;
  const range = have > 0 ? { range: `bytes=${have}-` } : {};
  const answer = await job.client.follow({
    method: 'GET',
    url: job.url,
    headers: { ...job.headers, ...range },
    signal: job.signal,
  });
  if (answer.status === 416) {
    await answer.body.dump();
    await fs.rm(part, { force: true });
    throw new Error('the server refused to resume');
  }
  if (answer.status !== 200 && answer.status !== 206) {
    await answer.body.dump();
    if (answer.status >= 500 || answer.status === 429) throw new Error(`HTTP ${answer.status}`);
    throw new HttpRefused(answer.status);
  }
  await write(job, part, answer, answer.status === 206 ? resumedAt(answer, have) : 0);
}

/** A server that ignores the range sends all of it with 200; one that sends another range is not trusted. */
function resumedAt(answer: HttpAnswer, asked: number): number {
  const start = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '')?.[1];
  if (start !== undefined && Number(start) === asked) return asked;
  answer.body.destroy();
  throw new Error('the server resumed at another place');
}

async function write(job: Download, part: string, answer: HttpAnswer, from: number): Promise<void> {
  const announced = Number(answer.headers['content-length']);
  const total = job.size ?? (Number.isFinite(announced) ? from + announced : undefined);
  if ((total ?? 0) > job.most) {
    answer.body.destroy();
    throw tooLarge(job, total);
  }
  let done = from;
  const handle = await fs.open(part, from > 0 ? 'a' : 'w').catch(cannotWrite);
  try {
    for await (const chunk of answer.body) {
      const bytes = chunk as Uint8Array;
      if (done + bytes.byteLength > (total ?? job.most)) {
        // What came does not belong to the file that was announced.
        await fs.rm(part, { force: true });
        if (total === undefined) throw tooLarge(job, undefined);
        throw new WrongAnswer(`it sends more than the ${total} bytes that it announced`);
      }
      await handle.write(bytes).catch(cannotWrite);
      done += bytes.byteLength;
      job.onProgress?.({
        stage: 'weights',
        done,
        ...(total === undefined ? {} : { total }),
        message: job.label,
      });
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (total !== undefined && done < total) throw new Error('the connection was cut');
}

function tooLarge({ most, label }: Download, announced: number | undefined): WrongAnswer {
  const what = announced === undefined ? 'sends more than' : `announces ${announced} bytes, above`;
  return new WrongAnswer(`it ${what} the ${most} bytes that ${label} can have`);
}

/** No weights file begins as HTML and XML do. */
async function isWebPage(file: string): Promise<boolean> {
  const handle = await fs.open(file, 'r');
  try {
    const start = Buffer.alloc(256);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return /^(\u00ef\u00bb\u00bf)?\s*<(!doctype|!--|html|head|\?xml)/i.test(
      start.toString('latin1', 0, bytesRead),
    );
  } finally {
    await handle.close();
  }
}

async function length(file: string): Promise<number> {
  return fs.stat(file).then(
    (stat) => stat.size,
    () => 0,
  );
}

function cannotWrite(error: unknown): never {
  const reason = isErrnoException(error) ? (error.code ?? error.message) : String(error);
  throw new OverreadError({
    code: 'OVR003',
    message: `The cache of weights cannot be written (${reason})`,
    fix: 'Free space, or set HF_HOME (weights of the hub) or OVERREAD_CACHE to a folder that can be written',
    cause: error,
  });
}
