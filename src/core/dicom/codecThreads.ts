/**
 * The client of codecWorker.ts. Threads are started when there are frames for them, stay, and let the process end. A frame
 * that takes too long costs its thread: the next frame gets a new one.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';
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
const builtProgram = path.join(__dirname, 'dicomCodecs.js');

/** A thread with the frame that it has. */
class CodecThread {
  private readonly worker: Worker;
  private finish: ((answer: CodecAnswer | Error) => void) | undefined;

  constructor(program: string) {
    this.worker = new Worker(program);
    // Told once: a Worker whose listeners are taken off hears no more.
    this.worker.on('message', (answer: CodecAnswer) => this.finish?.(answer));
    // It runs out of memory, or its program is damaged.
    this.worker.on('error', (error) =>
      this.finish?.(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** @returns its answer; an error where it can answer no more */
  run(task: CodecTask): Promise<CodecAnswer | Error> {
    return new Promise((resolve) => {
      const settle = (answer: CodecAnswer | Error): void => {
        clearTimeout(timer);
        this.finish = undefined;
        this.worker.unref();
        resolve(answer);
      };
      const late = new Error(`a frame was not decoded within ${secondsPerFrame} s`);
      const timer = setTimeout(() => settle(late), 1000 * secondsPerFrame);
      this.finish = settle;
      this.worker.ref();
      // A copy, also of a Buffer, whose slice is none: the bytes are a piece of the whole file.
      const bytes = Uint8Array.from(task.bytes);
      this.worker.postMessage({ ...task, bytes }, [bytes.buffer]);
    });
  }

  end(): void {
    void this.worker.terminate();
  }
}

export class CodecThreads {
  private readonly idle: CodecThread[] = [];
  private readonly waiting: Waiting[] = [];
  private threads = 0;
  private readonly own: Codecs | undefined;

  /**
   * @param most threads at once; a thread among others that decode has one
   * @param program the built codecWorker; where there is none, frames are decoded in this thread
   */
  constructor(
    private readonly most = isMainThread ? Math.max(1, Math.min(4, os.availableParallelism())) : 1,
    private readonly program = builtProgram,
  ) {
    this.own = fs.existsSync(program) ? undefined : new Codecs();
  }

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
    let thread = this.idle.pop();
    if (!thread && this.threads < this.most) {
      thread = new CodecThread(this.program);
      this.threads++;
    }
    const next = thread && this.waiting.shift();
    if (thread && next) void this.run(thread, next);
  }

  private async run(thread: CodecThread, { task, resolve, reject }: Waiting): Promise<void> {
    const answer = await thread.run(task);
    if (answer instanceof Error || 'defect' in answer) {
      this.threads--;
      thread.end();
    } else this.idle.push(thread);
    if (answer instanceof Error) reject(undecodable(answer.message, answer));
    else if ('decoded' in answer) resolve(answer.decoded);
    else reject('fault' in answer ? undecodable(answer.fault) : new Error(answer.defect));
    this.startNext();
  }
}

/** The decoding threads of this process, shared by all that decode in it: more threads would only compete. */
export const codecThreads = new CodecThreads();
