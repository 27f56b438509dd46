/** Comparisons with made-up figures: a test states what it cares about. */
import type { ComparedModel, Comparison, PartFigures } from '../../src/core/evaluation/comparison';
import type { Estimate } from '../../src/core/evaluation/model';

/** A figure with an interval of ± 0.03, or without one. */
export function estimate(value: number | null, interval = true): Estimate {
  if (value === null || !interval) return { value, low: null, high: null };
  return { value, low: value - 0.03, high: Math.min(1, value + 0.03) };
}

function figures(auroc: number | null, interval: boolean): PartFigures {
  return {
    auroc_macro: estimate(auroc, interval),
    accuracy: estimate(auroc === null ? null : auroc - 0.1, interval),
    log_loss: estimate(0.7, interval),
    difference: auroc === null ? estimate(null) : { value: -0.01, low: -0.02, high: 0.004 },
    outputs: [{ name: 'Normal', auroc: estimate(auroc, interval) }],
  };
}

export interface ModelLook {
  readonly label?: string;
  readonly architecture?: string;
  readonly truncate?: string | null;
  readonly random?: boolean;
  readonly parameters?: number | null;
  readonly auroc?: number | null;
  readonly validation?: number | null;
  readonly interval?: boolean;
}

export function comparedModel(look: ModelLook = {}): ComparedModel {
  const { architecture = 'densenet121', truncate = null, random = false, auroc = 0.9 } = look;
  const { parameters = 6_953_856, validation = auroc, interval = true } = look;
  const name = `${architecture}.${random ? 'random-0' : 'in1k'}`;
  return {
    label: look.label ?? `${truncate ?? name}${random ? ' (random)' : ''}`,
    architecture,
    weights: {
      name,
      sha256: 'f'.repeat(64),
      source: random ? 'random' : 'cache',
      trained_on: random ? null : 'ImageNet-1k',
      preprocessing: {
        size: 224,
        cropPct: 0.875,
        interpolation: 'bicubic',
        channels: 3,
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
        crop: 'timm',
      },
    },
    random,
    truncate,
    parameters,
    gmacs: parameters === null ? null : parameters / 2.5e9,
    feature_size: 1024,
    C: [0.01],
    device: 'cpu',
    timings: { features_s: 12.3, cached: 0, train_s: 0.8 },
    out_of_fold: figures(auroc, interval),
    validation: figures(validation, interval),
    notes: [],
  };
}

export function comparison(models: readonly ComparedModel[], more: Partial<Comparison> = {}): Comparison {
  const part = { samples: 480, patients: 160, macro_over: ['Normal', 'Opacity'], rare: [] };
  return {
    contract: 1,
    comparison: '2026-11-23T081500.123Z-architectures',
    name: 'architectures',
    created: '2026-11-23T08:15:00.123Z',
    kind: 'architectures',
    project: 'Synthetic sample',
    versions: {},
    data_fingerprint: 'a'.repeat(64),
    labels_as_of: '',
    task: 'multi-class',
    outputs: ['Normal', 'Opacity'],
    folds: 5,
    skipped: 0,
    parts: { out_of_fold: part, validation: { ...part, samples: 120, patients: 40 } },
    best: models.length === 0 ? null : 0,
    models,
    failed: [],
    total_s: 61.2,
    problems: [],
    ...more,
  };
}

/** A sweep of a network with so many blocks, each of which triples the parameters less and less. */
export function sweep(blocks: number, random = false): Comparison {
  const models = Array.from({ length: blocks }, (_, i) =>
    comparedModel({
      architecture: 'inception_v4',
      truncate: i === blocks - 1 ? null : `features.inception_block_${i}`,
      ...(i === blocks - 1 ? { label: `whole network${random ? ' (random)' : ''}` } : {}),
      random,
      parameters: Math.round(900 * 1.6 ** Math.min(i, 14) * (1 + i / 8)),
      auroc: 0.62 + 0.3 * (1 - Math.exp(-i / 4)),
      validation: 0.6 + 0.29 * (1 - Math.exp(-i / 5)),
    }),
  );
  return comparison(models, { kind: 'truncations', best: blocks - 1 });
}
