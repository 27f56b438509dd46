/** The second stage of an extraction: takes prepared images, runs them in batches, keeps what comes out. */
import { throwIfCancelled } from '../base/errors';
import type { OpenedDevice } from '../onnx/model';
import { BatchQueue, type Batch } from './batches';
import { reportProgress, type Extraction } from './extraction';
import type { PreparedImage } from './preparer';
import { batchOf } from '../inference/batchSizes';
import { openInference, type Inference } from '../inference/inference';
import { openInferencePool } from '../inference/inferencePool';

/** Batches that are given to each lane of inference: one at work, one that waits, so that the lane never does. */
const runsPerLane = 2;

export class InferenceStage {
  private readonly queue: BatchQueue;
  private readonly runsAtOnce: number;
  private readonly work: Promise<void>;
  /** Images that a call is given at least: a graphics card prepares itself anew for every size of batch. */
  private readonly least: number;

  private constructor(
    private readonly extraction: Extraction,
    private readonly inference: Inference,
    /** Of the images at inference: 1 where grey images go through a network that was folded for them. */
    private readonly channels: 1 | 3,
    images: number,
  ) {
    const { batch, weights } = extraction.request;
    const size = batch ?? batchOf(inference.opened.device);
    this.least = inference.opened.device === 'cpu' ? 0 : size;
    this.runsAtOnce = runsPerLane * inference.lanes;
    // Those at inference and one that is being filled.
    this.queue = new BatchQueue(
      channels * weights.preprocessing.size ** 2,
      size,
      this.runsAtOnce + 1,
      // A lane that has nothing left waits for the last batch of another: the last ones are small.
      inference.lanes === 1 ? undefined : (added) => Math.ceil((images - added) / this.runsAtOnce) || 1,
    );
    this.work = this.inferAll().finally(() => this.queue.end());
    // Whoever adds or finishes sees the error; until then it must not count as unhandled.
    this.work.catch(() => undefined);
  }

  /**
   * Loads the backbone and opens the device.
   * @param images that will be added, at most
   * @param channels that the images have
   */
  static async open(extraction: Extraction, images: number, channels: 1 | 3): Promise<InferenceStage> {
    const { loadBackbone, device, log, inferenceProgram, cacheDir } = extraction.request;
    const backbone = await loadBackbone(channels);
    const inference =
      inferenceProgram === undefined
        ? await openInference(backbone, device, log)
        : await openInferencePool(inferenceProgram, backbone, device, images, { log, cacheDir });
    return new InferenceStage(extraction, inference, backbone.channels, images);
  }

  get opened(): OpenedDevice {
    return this.inference.opened;
  }

  /** Takes an image into the next free slot, waiting for one. @throws what inference threw */
  async add(hash: string, { channels, levels }: PreparedImage): Promise<void> {
    const added = await this.queue.add(hash, (slot) => {
      // A grey image before a network of three channels that no one folded.
      const copies = this.channels / channels;
      for (let copy = 0; copy < copies; copy++) slot.set(levels, copy * levels.length);
    });
    if (!added) await this.work;
  }

  /** Resolves when every image added has its features. @throws what inference threw */
  async finish(): Promise<void> {
    this.queue.end();
    await this.work;
  }

  async close(): Promise<void> {
    this.queue.end();
    await this.work.catch(() => undefined);
    await this.inference.close();
  }

  private async inferAll(): Promise<void> {
    const running: Promise<void>[] = [];
    try {
      for (let batch = await this.queue.take(); batch; batch = await this.queue.take()) {
        throwIfCancelled(this.extraction.request.signal);
        if (running.length === this.runsAtOnce) await running.shift();
        const run = this.infer(batch);
        run.catch(() => undefined);
        running.push(run);
      }
      await Promise.all(running);
    } finally {
      await Promise.allSettled(running);
    }
  }

  private async infer(batch: Batch): Promise<void> {
    const { hashes } = batch;
    const count = Math.max(this.least, hashes.length);
    const { features, images } = await this.inference.run(batch.data, count);
    const dim = features.length / count;
    const records = hashes.map((hash, i) => ({ hash, features: features.subarray(i * dim, (i + 1) * dim) }));
    this.queue.release(images);
    await this.extraction.store.append(records);
    for (const record of records) this.extraction.rows.arrive(record.hash, record.features);
    reportProgress(this.extraction);
  }
}
