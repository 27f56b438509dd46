/** `sweep` of overread.yaml: the settings that `overread sweep` tries against each other (docs/training.md). */
import { Type } from '@sinclair/typebox';

const text = Type.String({ minLength: 1 });
const strength = Type.Number({ exclusiveMinimum: 0 });
const rate = (value: number, description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 10, default: value, description });

/** How much each image is changed each time that it is trained on. */
export const augmentations = ['none', 'configured', 'double'] as const;

const layers = Type.Union([
  Type.Literal('last'),
  Type.Literal('last-block'),
  Type.Literal('last-two-blocks'),
  Type.Literal('all'),
]);

export const sweepSettings = Type.Object(
  {
    architectures: Type.Array(text, {
      default: [],
      maxItems: 50,
      uniqueItems: true,
      description:
        'Networks, each an architecture with optional weights: densenet121, resnet18:random, resnet50:./file.pth. []: the one of model.',
    }),
    truncate: Type.Array(Type.Union([text, Type.Null()]), {
      default: [],
      maxItems: 50,
      uniqueItems: true,
      description:
        'Blocks to cut the networks after, as model.truncate; null: the whole network. A network without such a block is not cut there. []: as model says.',
    }),
    C: Type.Array(strength, {
      default: [],
      maxItems: 50,
      uniqueItems: true,
      description:
        'Strengths of the penalty of the last layer, each a setting of its own. []: what training.C says.',
    }),
    layers: Type.Array(layers, {
      default: ['last'],
      minItems: 1,
      uniqueItems: true,
      description:
        'What learns, as training.layers: last is tried in every combination; last-block, last-two-blocks and all are trained by PyTorch, with settings that Optuna suggests.',
    }),
    learning_rate: Type.Object(
      {
        low: rate(0.0001, 'The lowest.'),
        high: rate(0.001, 'The highest.'),
      },
      {
        additionalProperties: false,
        default: {},
        description:
          'Learning rates of what PyTorch trains, from the lowest to the highest on a logarithmic scale.',
      },
    ),
    augmentation: Type.Array(Type.Union(augmentations.map((name) => Type.Literal(name))), {
      default: ['configured'],
      minItems: 1,
      uniqueItems: true,
      description:
        'What PyTorch changes in each image: none, configured (training.deep.augment), or double of it (as far as that goes). Flips stay as they are configured.',
    }),
    trials: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 20,
      description: 'Trainings by PyTorch in all, over all workers.',
    }),
    minutes: Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }), Type.Null()], {
      default: null,
      description:
        'No setting is begun after so many minutes; the same command goes on later. null: until all are tried.',
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'The settings that overread sweep tries against each other.',
  },
);
