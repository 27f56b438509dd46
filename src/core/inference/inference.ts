/** The backbone at work: batches of preprocessed images in, feature vectors out, and the last maps where asked for. */
import { Tensor, type InferenceSession } from '../onnx/nativeRuntime';
import { OverreadError } from '../base/errors';
import type { Logger } from '../base/ports';
import { normalise } from '../images/preprocess';
import { openSession, type SessionSettings } from '../onnx/runtime';
import type { Backbone } from '../networks/model';
import type { Device, OpenedDevice } from '../onnx/model';

/** Runs a backbone, on this thread or another. */
export interface Inference {
  readonly opened: OpenedDevice;
  /** Batches that are computed at the same time. */
  readonly lanes: number;
  /**
   * Features of `count` images. May be called again before the first call has ended: batches queue.
   *
   * @param images at least count × channels × size × size: numbers, normalised, for a backbone that takes them, or grey
   * levels for any; taken away until the result is there
   * @returns the features, count × dim, the last feature maps of a backbone that was built with them, count ×
   * channels × height × width, and the memory of `images` for use again
   * @throws OVR504 inference failed or gave numbers that are not finite
   */
  run<T extends NetworkImages>(images: T, count: number): Promise<InferenceResult<T>>;
  close(): Promise<void>;
}

/** Of a batch: normalised, or grey levels, which are a quarter of the bytes. */
export type NetworkImages = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

export interface InferenceResult<T extends NetworkImages = NetworkImages> {
  readonly features: Float32Array<ArrayBuffer>;
  readonly map: Float32Array<ArrayBuffer> | null;
  readonly images: T;
}

/**
 * Inference on the calling thread, which ONNX Runtime's binding for Node blocks while it computes.
 *
 * @param settings threads of one operation on the CPU: the physical cores when absent
 * @throws OVR503 the device does not open
 */
export async function openInference(
  backbone: Backbone,
  device: Device,
  log?: Logger,
  settings: Pick<SessionSettings, 'threads' | 'trial'> = {},
): Promise<Inference> {
  const half = backbone.weights.precision === 'fp16';
  const { session, opened } = await openSession(backbone.onnx, device, log, {
    ...(settings.threads === undefined ? {} : { threads: settings.threads }),
    // A device that lacks half precision may open and fail at work: told in our words, and not in red as well.
    ...(half || settings.trial === true ? { trial: true } : {}),
  }).catch((error: unknown) => {
    throw half && error instanceof OverreadError ? withoutHalf(error) : error;
  });
  if (half && opened.device === 'cpu') log?.warn(halfOnCpu);
  const { onnx: _, ...rest } = backbone;
  return new LocalInference(session, opened, rest);
}

const halfOnCpu =
  'Half precision gains nothing on the CPU: it takes as long as single precision and is less exact';

/** A device that does not open may lack half precision alone. */
function withoutHalf(error: OverreadError): OverreadError {
  const { code, message, fix } = error;
  const plain = 'The device may lack half precision: take --precision fp32';
  return new OverreadError({
    code,
    message,
    fix: fix === undefined ? plain : `${plain}. Else: ${fix}`,
    cause: error,
  });
}

class LocalInference implements Inference {
  readonly lanes = 1;

  constructor(
    private readonly session: InferenceSession,
    readonly opened: OpenedDevice,
    /** All but the model's bytes, which may be as large as the weights: the session has its own. */
    private readonly backbone: Omit<Backbone, 'onnx'>,
  ) {}

  async run<T extends NetworkImages>(images: T, count: number): Promise<InferenceResult<T>> {
    const { featureSize: dim, map: shape } = this.backbone;
    const features = new Float32Array(count * dim);
    const map = shape ? new Float32Array(count * shape.channels * shape.height * shape.width) : null;
    try {
      // The result is written into memory of ours: Electron forbids native code to lend its own.
      await this.session.run(
        { image: this.input(images, count) },
        {
          features: new Tensor('float32', features, [count, dim]),
          ...(shape && map
            ? { map: new Tensor('float32', map, [count, shape.channels, shape.height, shape.width]) }
            : {}),
        },
      );
    } catch (error) {
      throw this.failure(error instanceof Error ? error.message : String(error), error);
    }
    if (!features.every(Number.isFinite)) throw this.failure('features are not finite');
    return { features, map, images };
  }

  private input(images: NetworkImages, count: number): Tensor {
    const { weights, channels, bytes } = this.backbone;
    const { preprocessing } = weights;
    const { size } = preprocessing;
    const length = count * channels * size * size;
    const shape = [count, channels, size, size];
    if (images instanceof Uint8Array) {
      const levels = images.subarray(0, length);
      if (bytes === true) return new Tensor('uint8', levels, shape);
      const normalised = new Float32Array(length);
      normalise(levels, normalised, preprocessing, channels);
      return new Tensor('float32', normalised, shape);
    }
    if (bytes === true) throw new Error('A network that normalises takes grey levels');
    return new Tensor('float32', images.subarray(0, length), shape);
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private failure(reason: string, cause?: unknown): OverreadError {
    const { name, precision } = this.backbone.weights;
    return new OverreadError({
      code: 'OVR504',
      message: `Inference of ${name} failed on ${this.opened.device} (${reason})`,
      fix:
        precision === 'fp16'
          ? 'Take --precision fp32: numbers of this network may be larger than half precision holds, or the device lacks it'
          : 'Try --device cpu; if that fails too, the weights file may be damaged',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
