/** What a setting means to the PyTorch trainer. */
import type { ProjectConfig } from '../config/config';
import { parseArchitectures } from '../comparisons/requests';
import type { DeepSettings, TorchRequest } from '../trainers/torch/model';
import type { Augmentation, SweepSetting } from './model';

/** Whether PyTorch trains it. */
export function isDeep({ layers }: SweepSetting, config: ProjectConfig): boolean {
  return (layers ?? config.training.layers) !== 'last';
}

/** The network, layers and settings that are asked of the trainer. @param root where relative files of weights start */
export function torchRequestOf(
  setting: SweepSetting,
  config: ProjectConfig,
  root: string,
): Pick<TorchRequest, 'architecture' | 'weights' | 'layers' | 'deep'> {
  const { network, layers, learning_rate, augmentation } = setting;
  const [request] = network === undefined ? [] : parseArchitectures(network, root);
  const { augment } = config.training.deep;
  return {
    architecture: request?.architecture,
    weights: request?.weights,
    layers,
    deep: {
      ...(learning_rate === undefined ? {} : { learning_rate }),
      ...(augmentation === undefined ? {} : { augment: augmentOf(augmentation, augment) }),
    },
  };
}

function augmentOf(how: Augmentation, configured: DeepSettings['augment']): DeepSettings['augment'] {
  const { rotation, shift, scale, contrast, flips } = configured;
  const factor = { none: 0, configured: 1, double: 2 }[how];
  return {
    // The most that the schema allows.
    rotation: Math.min(180, factor * rotation),
    shift: Math.min(0.5, factor * shift),
    scale: Math.min(1, factor * scale),
    contrast: Math.min(1, factor * contrast),
    flips,
  };
}
