/**
 * The client of picturesProgram.ts. Requests go to the process a few at a time, of those that wait the newest first:
 * it is what is on the screen now. When none is answered for long, or the process ends, the requests that it had are
 * lost or tried once more, and a new process goes on with the others.
 */
import { type ChildProcess, forkProgram } from '../core/base/childProgram';
import { errorOfReport, OverreadError } from '../core/base/errors';
import { formatNames } from '../core/images/format';
import { RemoteError, type Rpc } from '../protocol/rpc';
import { callHelper } from './helperProcess';
import type { PictureMethods } from './picturesApi';

export interface PictureLimits {
  /** Requests that the process has at once. */
  readonly atOnce: number;
  /** Milliseconds without any answer after which the process is taken for stuck. */
  readonly stuckMs: number;
}

export const pictureLimits: PictureLimits = { atOnce: 4, stuckMs: 20_000 };

/** Threads for files and decoding: reads that are stuck hold one each. */
const threads = 12;

type PictureRpc = Rpc<object, PictureMethods, object, object>;
type Work = (rpc: PictureRpc) => Promise<unknown>;

interface Request {
  readonly work: Work;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** The process ended with it: it is tried again, with no other beside it, so that it is known which one did it. */
  suspect: boolean;
  begun: number;
  /** How often it was begun: what an earlier process says of it no longer counts. */
  attempt: number;
}

export class PicturesProcess {
  private process: { readonly child: ChildProcess; readonly rpc: PictureRpc } | undefined;
  private readonly waiting: Request[] = [];
  private readonly running = new Set<Request>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param program the built picturesProgram
   * @param greet is called with each process that is started, before any request
   */
  constructor(
    private readonly program: string,
    private readonly greet: (rpc: PictureRpc) => void,
    private readonly limits: PictureLimits = pictureLimits,
  ) {}

  /** Starts the process ahead of the first request. */
  start(): PictureRpc {
    this.process ??= this.fork();
    return this.process.rpc;
  }

  /** Tells a process that runs; one that is started later is greeted. */
  tell(work: (rpc: PictureRpc) => void): void {
    if (this.process) work(this.process.rpc);
  }

  /**
   * @param urgent before all that wait, and beside as many as there are: somebody looks at one image
   * @throws OverreadError what the method throws; OVR003 no answer; OVR301 the process ended with it, twice
   */
  ask<T>(work: (rpc: PictureRpc) => Promise<T>, urgent = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const request: Request = {
        work,
        resolve: (value) => resolve(value as T),
        reject,
        suspect: false,
        begun: 0,
        attempt: 0,
      };
      if (urgent && ![...this.running].some(({ suspect }) => suspect)) this.begin(request);
      else {
        this.waiting.push(request);
        this.beginNext();
      }
    });
  }

  private beginNext(): void {
    while (this.waiting.length > 0 && this.running.size < this.limits.atOnce) {
      if ([...this.running].some(({ suspect }) => suspect)) return;
      if (this.waiting.at(-1)?.suspect === true && this.running.size > 0) return;
      const next = this.waiting.pop();
      if (next) this.begin(next);
    }
  }

  private begin(request: Request): void {
    request.begun = Date.now();
    const attempt = ++request.attempt;
    this.running.add(request);
    if (this.running.size === 1) this.watch();
    const end = (settle: () => void) => {
      if (request.attempt !== attempt || !this.running.delete(request)) return;
      settle();
      this.watch();
      this.beginNext();
    };
    request.work(this.start()).then(
      (value) => end(() => request.resolve(value)),
      (error: unknown) => end(() => request.reject(asOverreadError(error))),
    );
  }

  private watch(): void {
    clearTimeout(this.timer);
    if (this.running.size > 0) this.timer = setTimeout(() => this.giveUp(), this.limits.stuckMs);
  }

  /** Nothing was answered for long: what waited as long is lost, what came later is asked of a new process. */
  private giveUp(): void {
    const since = Date.now() - this.limits.stuckMs * 0.9;
    const stuck = [...this.running].filter(({ begun }) => begun <= since);
    this.restart(
      [...this.running].filter((request) => !stuck.includes(request)),
      () => stuck.forEach((request) => request.reject(noAnswer(this.limits))),
    );
  }

  private died(child: ChildProcess): void {
    if (child !== this.process?.child) return;
    const lost = [...this.running].filter(({ suspect }) => suspect);
    const again = [...this.running].filter(({ suspect }) => !suspect);
    for (const request of again) request.suspect = true;
    this.restart(again, () => lost.forEach((request) => request.reject(decoderEnded())));
  }

  private restart(again: readonly Request[], settle: () => void): void {
    const { process } = this;
    this.process = undefined;
    this.running.clear();
    this.waiting.push(...again);
    clearTimeout(this.timer);
    process?.rpc.close({ code: 'OVR004', message: 'The process of the pictures ended' });
    process?.child.kill('SIGKILL');
    settle();
    this.beginNext();
  }

  private fork(): { readonly child: ChildProcess; readonly rpc: PictureRpc } {
    const child = forkProgram(this.program, {
      env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
    });
    const rpc = callHelper<PictureMethods>(child, () => this.died(child));
    this.greet(rpc);
    return { child, rpc };
  }
}

function asOverreadError(error: unknown): Error {
  if (!(error instanceof RemoteError)) return error instanceof Error ? error : new Error(String(error));
  return errorOfReport(error.report) ?? new Error(error.report.message);
}

function noAnswer({ stuckMs }: PictureLimits): OverreadError {
  return new OverreadError({
    code: 'OVR003',
    message: `The image could not be read within ${stuckMs / 1000} s`,
    fix: 'Check the disk or network share that it lies on, then refresh',
  });
}

function decoderEnded(): OverreadError {
  return new OverreadError({
    code: 'OVR301',
    message: 'The image ends the program that decodes it',
    expected: `a complete ${formatNames} file of 8 or 16 bit`,
    fix: 'Replace the file, or take the row out of the table',
  });
}
