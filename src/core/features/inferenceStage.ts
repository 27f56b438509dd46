/** The second stage of an extraction: takes decoded images, runs them in batches, keeps what comes out. */
import { throwIfCancelled } from '../base/errors';
import type { DecodedImage } from '../images/model';
import { preprocess } from '../images/preprocess';
import type { OpenedDevice } from '../models/model';
import { BatchQueue, type Batch } from './batches';
import { reportProgress, type Extraction } from './extraction';
import { FeatureExtractor } from './inference';

/** Images of one inference call on the CPU: more gain nothing there and hold more memory. */
const cpuBatch = 8;
/** Graphics cards want more work at a time. */
const acceleratorBatch = 32;

export class InferenceStage {
  private readonly queue: BatchQueue;
  private readonly work: Promise<void>;

  private constructor(
    private readonly extraction: Extraction,
    private readonly extractor: FeatureExtractor,
  ) {
    const { batch, weights } = extraction.request;
    const size = batch ?? (extractor.opened.device === 'cpu' ? cpuBatch : acceleratorBatch);
    this.queue = new BatchQueue(3 * weights.preprocessing.size ** 2, size);
    this.work = this.inferAll().finally(() => this.queue.end());
    // Whoever adds or finishes sees the error; until then it must not count as unhandled.
    this.work.catch(() => undefined);
  }

  /** Loads the backbone and opens the device. */
  static async open(extraction: Extraction): Promise<InferenceStage> {
    const { loadBackbone, device, log } = extraction.request;
    const extractor = await FeatureExtractor.open(await loadBackbone(), device, log);
    return new InferenceStage(extraction, extractor);
  }

  get opened(): OpenedDevice {
    return this.extractor.opened;
  }

  /** Preprocesses an image into the next free slot, waiting for one. @throws what inference threw */
  async add(hash: string, image: DecodedImage): Promise<void> {
    const { preprocessing } = this.extraction.request.weights;
    const added = await this.queue.add(hash, (slot) => preprocess(image, preprocessing, slot));
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
    await this.extractor.close();
  }

  private async inferAll(): Promise<void> {
    for (let batch = await this.queue.take(); batch; batch = await this.queue.take()) {
      throwIfCancelled(this.extraction.request.signal);
      await this.infer(batch);
      this.queue.release(batch);
    }
  }

  private async infer({ data, hashes }: Batch): Promise<void> {
    const { dim } = this.extractor;
    const features = await this.extractor.run(data, hashes.length);
    const records = hashes.map((hash, i) => ({ hash, features: features.subarray(i * dim, (i + 1) * dim) }));
    await this.extraction.store.append(records);
    for (const record of records) this.extraction.rows.arrive(record.hash, record.features);
    reportProgress(this.extraction);
  }
}
