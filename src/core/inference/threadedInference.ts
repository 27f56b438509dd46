/** The client of inferenceWorker.ts: inference on a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { Logger } from '../base/ports';
import type { OpenedDevice } from '../onnx/model';
import { errorOfFailure } from './failure';
import type { Inference, InferenceResult, NetworkImages } from './inference';
import type { FromInference, InferenceTask, ToInference } from './inferenceMessages';

/**
 * Opens a backbone on another thread.
 *
 * @param program the built inferenceWorker
 * @throws OVR503 the device does not open
 */
export async function openThreadedInference(
  program: string,
  task: InferenceTask,
  log?: Logger,
): Promise<Inference> {
  const inference = new ThreadedInference(new Worker(program, { workerData: task }), log);
  await inference.whenOpened;
  return inference;
}

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

class ThreadedInference implements Inference {
  readonly lanes = 1;
  readonly whenOpened: Promise<OpenedDevice>;
  private device: OpenedDevice | undefined;
  private opening: Waiting<OpenedDevice> | undefined;
  private readonly runs = new Map<number, Waiting<InferenceResult>>();
  private readonly ended: Promise<void>;
  private lastRun = 0;
  /** Why the thread is no more: nobody would answer a run. */
  private failure: Error | undefined;

  constructor(
    private readonly worker: Worker,
    log: Logger | undefined,
  ) {
    this.whenOpened = new Promise((resolve, reject) => {
      this.opening = { resolve, reject };
    });
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.failAll(new Error(`The inference thread ended (${code})`));
        resolve();
      });
    });
    worker.on('error', (error) => this.failAll(error));
    worker.on('message', (message: FromInference) => this.receive(message, log));
  }

  get opened(): OpenedDevice {
    if (!this.device) throw new Error('The device is not open yet');
    return this.device;
  }

  run<T extends NetworkImages>(images: T, count: number): Promise<InferenceResult<T>> {
    const id = ++this.lastRun;
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      // The memory that comes back is that which was sent.
      this.runs.set(id, { resolve: (result) => resolve(result as InferenceResult<T>), reject });
      this.send({ kind: 'run', id, images, count }, [images.buffer]);
    });
  }

  async close(): Promise<void> {
    this.send({ kind: 'close' });
    await this.ended;
  }

  private send(message: ToInference, moved: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(message, [...moved]);
  }

  private receive(message: FromInference, log: Logger | undefined): void {
    switch (message.kind) {
      case 'opened':
        this.device = message.opened;
        this.opening?.resolve(message.opened);
        break;
      case 'log':
        log?.[message.level](message.message);
        break;
      case 'result':
        this.runs.get(message.id)?.resolve(message);
        this.runs.delete(message.id);
        break;
      case 'failed': {
        const waiting = message.id === null ? this.opening : this.runs.get(message.id);
        waiting?.reject(errorOfFailure(message.failure));
        if (message.id !== null) this.runs.delete(message.id);
        break;
      }
    }
  }

  private failAll(error: Error): void {
    this.failure ??= error;
    this.opening?.reject(error);
    for (const run of this.runs.values()) run.reject(error);
    this.runs.clear();
  }
}
