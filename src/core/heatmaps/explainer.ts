/**
 * Explains what a run's last layer says of images: its network, opened once, and the maps that were computed last.
 * The exported last layer is explained, which was fitted on all of the training part; the run's figures there are
 * out of fold, so its probabilities differ a little from those of the review.
 */
import type { WorkOptions } from '../base/ports';
import { present } from '../base/present';
import type { Inference } from '../inference/inference';
import { openOnRemembered } from '../inference/rememberedDevice';
import { buildBackbone } from '../backbones/backbone';
import type { Backbone, FeatureMap, WeightsIdentity } from '../networks/model';
import type { Device, OpenedDevice } from '../onnx/model';
import { networkFor } from '../runs/abilities';
import type { Run } from '../runs/folder';
import type { Project } from '../project/project';
import { readRunHead } from '../runs/readHead';
import { resolveRunWeights } from '../runs/runWeights';
import { applyCalibration } from '../training/calibrate';
import type { Head } from '../training/model';
import { chooseMethod, type WantedMethod } from './chooseMethod';
import { quickEffort, type Effort } from './effort';
import { classActivationMaps, explainedLayer, logitsOf } from './linearLayer';
import type { Heatmap, HeatmapMethod, ImageMaps, LinearLayer } from './model';
import { readInput, type FindInput, type InputSource } from './networkInput';
import { occlusion } from './occlusion';
import { regionSeen } from './region';
import { scoreCam } from './scoreCam';

export interface ExplainerOptions extends WorkOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where weights are cached, per user. */
  readonly cacheDir: string;
  readonly device: Device;
  /** The built program of the inference thread; without it ONNX Runtime blocks the calling thread. */
  readonly inferenceProgram?: string;
  readonly method?: WantedMethod;
  /** Fewer runs for the methods that run the network again and again: somebody waits. */
  readonly quick?: boolean;
}

/** Images whose maps are kept: a few kilobytes each, a few hundred for maps of a network cut early. */
const mostKept = 256;

/**
 * Opens the network of a run with the map that its last layer's method needs.
 * @throws OVR507 the method is not defined for it; OVR801 its last layer cannot be read; OVR803, OVR50x its weights
 * are gone or changed; OVR503 the device does not open; OVR804 the run has no model to explain
 */
export async function openExplainer(
  project: Pick<Project, 'root' | 'config'>,
  run: Pick<Run, 'dir' | 'record'>,
  options: ExplainerOptions,
): Promise<Explainer> {
  const network = networkFor(run.record, 'explain');
  const head = await readRunHead(run);
  const resolved = await resolveRunWeights(project, run, network, options);
  const backbone = await buildBackbone(resolved, { withMap: true });
  const method = chooseMethod(backbone.map, options.method ?? 'auto', resolved.identity.name);
  const inference = await openOnRemembered(backbone, options.device, options);
  const effort = options.quick === true && method !== 'cam' ? quickEffort(resolved) : {};
  return new Explainer(backbone, head, inference, method, { ...effort, ...work(options) });
}

export class Explainer {
  readonly weights: WeightsIdentity;
  readonly outputs: readonly string[];
  private readonly channels: 1 | 3;
  private readonly map: FeatureMap | null;
  private readonly layer: LinearLayer;
  /** By content, the one that was used last at the end. */
  private readonly kept = new Map<string, Promise<ImageMaps>>();
  private readonly running = new Set<Promise<ImageMaps>>();

  /** @param backbone built with its map; its bytes may be gone */
  constructor(
    backbone: Omit<Backbone, 'onnx'>,
    private readonly head: Head,
    private readonly inference: Inference,
    readonly method: HeatmapMethod,
    private readonly options: Partial<Effort> & WorkOptions = {},
  ) {
    this.weights = backbone.weights;
    this.channels = backbone.channels;
    this.map = backbone.map;
    this.layer = explainedLayer(head);
    this.outputs = head.outputs;
  }

  get opened(): OpenedDevice {
    return this.inference.opened;
  }

  /**
   * The maps of all outputs of an image, computed or as they were kept.
   * @param image absolute path, or what `find` takes
   * @throws OVR300, OVR301, OVR302, OVR003 the image cannot be read; OVR504 inference failed; OVR002 cancelled
   */
  async mapsOf(image: string, find: FindInput = readInput): Promise<ImageMaps> {
    const source = await find(image);
    const { key } = source;
    const maps = this.kept.get(key) ?? this.begin(source);
    this.kept.delete(key);
    this.kept.set(key, maps);
    for (const old of this.kept.keys()) {
      if (this.kept.size <= mostKept) break;
      this.kept.delete(old);
    }
    return maps;
  }

  /** Calibrated probability of each output. */
  probabilities({ logits }: ImageMaps): Float64Array {
    return applyCalibration(logits, this.outputs.length, this.head.calibration);
  }

  /** Ends the network once what runs has ended. */
  async close(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
    await this.inference.close();
  }

  private begin(source: InputSource): Promise<ImageMaps> {
    const maps = this.compute(source);
    this.running.add(maps);
    maps.then(
      () => this.running.delete(maps),
      () => {
        this.running.delete(maps);
        this.kept.delete(source.key);
      },
    );
    return maps;
  }

  private async compute(source: InputSource): Promise<ImageMaps> {
    const { layer, inference, method, map: shape } = this;
    const { preprocessing } = this.weights;
    const input = await source.load(preprocessing, this.channels);
    const { image } = input;
    const region = regionSeen(input.width, input.height, preprocessing);
    const { features, map } = await inference.run(image.slice(), 1);
    const logits = logitsOf(layer, features, 1);
    const runs = { ...this.options, inference, layer, image };
    if (method === 'occlusion' || !shape || !map) {
      const values = await occlusion({ ...runs, size: preprocessing.size, logits });
      const side = Math.sqrt(values.length / logits.length);
      return { method: 'occlusion', width: side, height: side, values, region, logits };
    }
    const { width, height } = shape;
    if (method === 'score-cam') {
      const values = await scoreCam({ ...runs, preprocessing, map, shape });
      return { method, width, height, values, region, logits };
    }
    const places = width * height;
    const cams = classActivationMaps(layer, map, places);
    const values = Float32Array.from(cams, (value, at) => value + layer.bias[Math.floor(at / places)]!);
    return { method, width, height, values, region, logits };
  }
}

function work({ signal, onProgress, log }: WorkOptions): WorkOptions {
  return { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}), ...(log ? { log } : {}) };
}

/** The map of one output, in memory of its own. @param output its number */
export function heatmapOf(
  maps: ImageMaps,
  sample: string,
  outputs: readonly string[],
  output: number,
): Heatmap {
  const { method, width, height, region } = maps;
  const places = width * height;
  const values = maps.values.slice(output * places, (output + 1) * places);
  return { sample, output: present(outputs[output], 'the output'), method, width, height, values, region };
}
