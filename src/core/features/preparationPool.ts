/**
 * Images are prepared on as many threads as there are processors: decoding runs in libvips' pool, which the whole
 * process shares (see docs/gpu.md), everything else on these threads. A thread asks whether an image is wanted, because
 * what is known and what is under way is known here alone.
 */
import { Worker } from 'node:worker_threads';
import type { Preprocessing } from '../images/model';
import { decodedMemory, fileMemory } from '../images/memory';
import { errorOfFailure } from '../inference/failure';
import type { FromPreparation, PreparationTask, ToPreparation } from './preparationMessages';
import { LocalPreparer, type PreparedImage, type Preparer, type Wanted } from './preparer';

/** Images that each thread has at once: one is decoded while another is resampled, and one is read. */
const perThread = 3;

export class PreparationPool implements Preparer {
  readonly atOnce: number;
  private readonly threads: readonly PreparationThread[];
  /** For the first image, while the threads start: what it is says which network is to be loaded. */
  private first: Preparer | undefined;

  /** @param program the built preparationWorker */
  constructor(program: string, preprocessing: Preprocessing, threads: number) {
    const accounts = { files: fileMemory.account, decoded: decodedMemory.account };
    this.threads = Array.from(
      { length: threads },
      () =>
        new PreparationThread(
          new Worker(program, { workerData: { preprocessing, accounts } satisfies PreparationTask }),
        ),
    );
    this.atOnce = perThread * threads;
    this.first = new LocalPreparer(preprocessing);
  }

  prepare(file: string, wanted: Wanted): Promise<PreparedImage | undefined> {
    const { first } = this;
    this.first = undefined;
    if (first) return first.prepare(file, wanted);
    const idlest = this.threads.reduce((least, thread) => (thread.load < least.load ? thread : least));
    return idlest.prepare(file, wanted);
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly wanted: Wanted;
  readonly resolve: (image: PreparedImage | undefined) => void;
  readonly reject: (error: unknown) => void;
}

class PreparationThread {
  private readonly images = new Map<number, Waiting>();
  private readonly ended: Promise<void>;
  private last = 0;
  /** Why the thread is no more. */
  private failure: unknown;

  constructor(private readonly worker: Worker) {
    worker.on('message', (message: FromPreparation) => void this.receive(message));
    worker.on('error', (error) => this.failAll(error));
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.failAll(new Error(`A thread that prepares images ended (${code})`));
        resolve();
      });
    });
  }

  get load(): number {
    return this.images.size;
  }

  prepare(file: string, wanted: Wanted): Promise<PreparedImage | undefined> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) {
        reject(asError(this.failure));
        return;
      }
      this.images.set(id, { wanted, resolve, reject });
      this.send({ kind: 'prepare', id, file });
    });
  }

  async close(): Promise<void> {
    this.send({ kind: 'close' });
    await this.ended;
  }

  private async receive(message: FromPreparation): Promise<void> {
    const image = this.images.get(message.id);
    if (!image) return;
    if (message.kind === 'hash') {
      const wanted = await image.wanted(message.hash, message.stamp).catch((error: unknown) => {
        image.reject(error);
        return false;
      });
      this.send({ kind: 'answer', id: message.id, wanted });
      return;
    }
    this.images.delete(message.id);
    if (message.kind === 'prepared') image.resolve(message.image);
    else image.reject(errorOfFailure(message.failure));
  }

  private send(message: ToPreparation): void {
    this.worker.postMessage(message);
  }

  private failAll(error: unknown): void {
    this.failure ??= error;
    for (const image of this.images.values()) image.reject(error);
    this.images.clear();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
