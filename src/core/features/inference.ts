/** The backbone at work: batches of preprocessed images in, feature vectors out. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { OverreadError } from '../base/errors';
import type { Logger } from '../base/ports';
import { openSession } from '../models/runtime';
import type { Backbone, Device, OpenedDevice } from '../models/model';

export class FeatureExtractor {
  private constructor(
    private readonly session: InferenceSession,
    readonly opened: OpenedDevice,
    private readonly backbone: Backbone,
  ) {}

  /** @throws OVR503 the device does not open */
  static async open(backbone: Backbone, device: Device, log?: Logger): Promise<FeatureExtractor> {
    const { session, opened } = await openSession(backbone.onnx, device, log);
    return new FeatureExtractor(session, opened, backbone);
  }

  /** Features of an image. */
  get dim(): number {
    return this.backbone.featureSize;
  }

  /**
   * @param images at least count × 3 × size × size, normalised
   * @returns count × dim
   * @throws OVR504 inference failed or gave numbers that are not finite
   */
  async run(images: Float32Array, count: number): Promise<Float32Array> {
    const { size } = this.backbone.weights.preprocessing;
    const input = images.subarray(0, count * 3 * size * size);
    const features = new Float32Array(count * this.dim);
    try {
      // The result is written into memory of ours: Electron forbids native code to lend its own.
      await this.session.run(
        { image: new Tensor('float32', input, [count, 3, size, size]) },
        { features: new Tensor('float32', features, [count, this.dim]) },
      );
    } catch (error) {
      throw this.failure(error instanceof Error ? error.message : String(error), error);
    }
    if (!features.every(Number.isFinite)) throw this.failure('features are not finite');
    return features;
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private failure(reason: string, cause?: unknown): OverreadError {
    const { name } = this.backbone.weights;
    return new OverreadError({
      code: 'OVR504',
      message: `Inference of ${name} failed on ${this.opened.device} (${reason})`,
      fix: 'Try --device cpu; if that fails too, the weights file may be damaged',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
