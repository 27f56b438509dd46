/**
 * The client of codecWorker.ts. Threads are started when there are frames for them, stay, and let the process end. A frame
 * that takes too long costs its thread: the next frame gets a new one.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CodecTask, DecodedCodestream } from './codec';
import { Codecs } from './codecs';
import { undecodable } from './fault';

export type CodecAnswer =
  { readonly decoded: DecodedCodestream } | { readonly fault: string } | { readonly defect: string };

/** Seconds that a frame may take: a mammogram in JPEG 2000 takes two on a slow machine. */
const secondsPerFrame = 20;

interface Waiting {
  readonly task: CodecTask;
  readonly resolve: (decoded: DecodedCodestream) => void;
  readonly reject: (error: Error) => void;
}

/** The built codecWorker beside this program; there is none where core runs from its sources. */
const program = path.join(__dirname, 'dicomCodecs.js');

export class CodecThreads {
  private readonly idle: Worker[] = [];
  private readonly waiting: Waiting[] = [];
  private threads = 0;
  private readonly own = fs.existsSync(program) ? undefined : new Codecs();

  /** @param most threads at once */
  constructor(private readonly most = Math.max(1, Math.min(4, os.availableParallelism()))) {}

  /** @throws DicomFault where the frame cannot be decoded, or not in time */
  decode(task: CodecTask): Promise<DecodedCodestream> {
    if (this.own) return this.own.decode(task);
    return new Promise((resolve, reject) => {
      this.waiting.push({ task, resolve, reject });
      this.startNext();
    });
  }

  private startNext(): void {
    if (this.waiting.length === 0) return;
    let worker = this.idle.pop();
    if (!worker && this.threads < this.most) {
      worker = new Worker(program);
      this.threads++;
    }
    const next = worker && this.waiting.shift();
    if (worker && next) this.run(worker, next);
  }

  private run(worker: Worker, { task, resolve, reject }: Waiting): void {
    worker.ref();
    const finish = (settle: () => void, keep: boolean): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      if (keep) {
        worker.unref();
        this.idle.push(worker);
      } else {
        this.threads--;
        void worker.terminate();
      }
      settle();
      this.startNext();
    };
    const fail = (reason: string, keep: boolean) => finish(() => reject(undecodable(reason)), keep);
    const timer = setTimeout(
      () => fail(`a frame was not decoded within ${secondsPerFrame} s`, false),
      1000 * secondsPerFrame,
    );
    worker.once('message', (answer: CodecAnswer) => {
      if ('decoded' in answer) finish(() => resolve(answer.decoded), true);
      else if ('fault' in answer) fail(answer.fault, true);
      else finish(() => reject(new Error(answer.defect)), false);
    });
    // A thread that runs out of memory, or whose program is damaged.
    worker.once('error', (error) => fail(`its codec failed (${error.message})`, false));
    // A copy: the bytes are a piece of the whole file.
    const bytes = task.bytes.slice();
    worker.postMessage({ ...task, bytes }, [bytes.buffer]);
  }
}

/** The threads of this process: what they decode with is the process's, as its memory is. */
export const codecThreads = new CodecThreads();
