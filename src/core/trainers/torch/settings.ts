/** The settings of one training, as Python reads them. */
import { penaltyGrid } from '../../config/config';
import type { Device } from '../../onnx/model';
import { getArchitecture } from '../../networks';
import type { Project } from '../../project/project';
import type { NetworkWeights } from '../../weights/model';
import type { DeepSettings } from './model';
import { describeLayers, resolveLayers, type Layers } from './layers';

/** What `C: auto` tries where PyTorch fits the last layer. */
const strengths: readonly number[] = [0.001, 0.003, 0.01, 0.03, 0.1];
/** Images of one process and step from which BatchNorm's statistics may be trained. */
const fewestForStatistics = 32;

export interface TorchSettings {
  /** `settings` of job.json. */
  readonly training: Readonly<Record<string, unknown>>;
  readonly network: {
    readonly random: boolean;
    readonly only_last: boolean;
    readonly train_statistics: boolean;
    readonly trainable: readonly string[];
    readonly depth: Readonly<Record<string, number>>;
  };
  /** Networks that leave one fold out; 0: none. */
  readonly folds: number;
  readonly layers: Layers;
}

export interface SettingsRequest {
  readonly layers: Layers;
  readonly outOfFold: boolean;
  readonly device: Device;
  readonly processes: number;
  readonly deep?: Partial<DeepSettings> | undefined;
}

/** @throws OVR505 unknown blocks */
export function torchSettings(
  { config, assignment }: Project,
  { identity }: NetworkWeights,
  { layers, outOfFold, device, processes, deep: given }: SettingsRequest,
): TorchSettings {
  const { augment, ...deep } = { ...config.training.deep, ...given };
  const grid = penaltyGrid(config);
  const { trainable, depth } = resolveLayers(getArchitecture(identity.architecture), layers);
  return {
    training: {
      ...deep,
      ...augment,
      C: grid === 'auto' ? strengths : grid,
      class_weights: config.training.class_weights,
      seed: config.training.seed,
      // ONNX Runtime's devices are named like PyTorch's, as far as it has them.
      device: device === 'cpu' || device === 'cuda' ? device : device === 'coreml' ? 'mps' : 'auto',
    },
    network: {
      random: identity.source === 'random',
      only_last: layers === 'last',
      train_statistics: layers === 'all' && deep.batch / deep.accumulate / processes >= fewestForStatistics,
      trainable,
      depth,
    },
    folds: outOfFold ? assignment.folds : 0,
    layers,
  };
}

/** What run.json keeps of them. */
export function recordedSettings({
  training,
  layers,
  folds,
  network,
}: TorchSettings): Record<string, unknown> {
  return {
    layers: describeLayers(layers),
    folds,
    batch_norm: network.train_statistics ? 'trained' : 'frozen',
    ...training,
  };
}
