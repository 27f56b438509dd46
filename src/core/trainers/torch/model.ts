/** What is asked of the PyTorch trainer, and where its files are. Types, and names that go with them. */
import type { ProjectConfig } from '../../config/config';
import type { ComputeTarget } from './compute';
import type { Layers } from './layers';

export interface TorchRequest {
  readonly architecture?: string | undefined;
  readonly weights?: string | undefined;
  /** Instead of the project's. */
  readonly layers?: Layers | undefined;
  /** Networks are trained without each fold, for predictions out of fold. */
  readonly outOfFold: boolean;
  /** Where it runs. */
  readonly target: ComputeTarget;
  /** Absolute path of a Python; absent: the target's, else one that is found. */
  readonly python?: string | undefined;
  /** The built folder that holds the package `overread_torch`. */
  readonly packageFolder: string;
  /** A folder below the project's root for the work: the job's. What an earlier job left there is continued. */
  readonly workFolder: string;
  /** Instead of `training.deep`, for tests and single runs. */
  readonly deep?: Partial<DeepSettings>;
}

export type DeepSettings = ProjectConfig['training']['deep'];

/** Files in the work folder. */
export const workFiles = {
  job: 'job.json',
  images: 'images.json',
  samples: 'samples.safetensors',
  initial: 'initial.safetensors',
  weights: 'weights.safetensors',
  logits: 'logits.safetensors',
  features: 'features.safetensors',
  progress: 'progress.jsonl',
} as const;
