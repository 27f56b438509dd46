/** `training.deep` of overread.yaml: how PyTorch trains more than the last layer (docs/training.md). */
import { Type } from '@sinclair/typebox';

const share = (description: string, value: number, maximum = 1) =>
  Type.Number({ minimum: 0, maximum, default: value, description });
const oneOf = <const T extends string>(values: readonly T[], value: NoInfer<T>, description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], default: value, description });

const augment = Type.Object(
  {
    rotation: share('Largest turn either way, degrees, 0 to 180.', 7, 180),
    shift: share('Largest shift either way, as a share of the side.', 0.05, 0.5),
    scale: share('Largest change of size either way: 0.1 is 10 %.', 0.1),
    contrast: share('Largest change of contrast either way, and half of it of brightness.', 0.1),
    flips: Type.Boolean({
      default: false,
      description:
        'Mirror half of the images left to right. Off: a mirrored chest has its heart on the right, and the letters that mark the sides say the opposite. Right for skin, cells and most photographs.',
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description:
      'What is changed in each image each time that it is trained on: what differs between two films of one patient.',
  },
);

export const deepSettings = Type.Object(
  {
    epochs: Type.Integer({ minimum: 1, maximum: 10_000, default: 20, description: 'Epochs at most.' }),
    batch: Type.Integer({
      minimum: 1,
      maximum: 65_536,
      default: 32,
      description: 'Images of one step, over all processes.',
    }),
    accumulate: Type.Integer({
      minimum: 1,
      maximum: 1024,
      default: 1,
      description:
        'Pieces that the batch of each process goes through the network in, for less memory: gradients add up.',
    }),
    optimizer: oneOf(['adamw', 'sgd'], 'adamw', 'adamw, or sgd with Nesterov momentum of 0.9.'),
    learning_rate: Type.Number({
      exclusiveMinimum: 0,
      maximum: 10,
      default: 0.0003,
      description: 'Learning rate of the last layer, after warm-up.',
    }),
    layer_decay: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.7,
      description:
        'Each block further from the last layer learns so many times as fast: layers near the image are the most general.',
    }),
    weight_decay: share('Decay of weights; biases and normalisation have none.', 0.01),
    warmup: share('Share of all steps in which the learning rate rises; then it falls by a cosine.', 0.05),
    label_smoothing: share('Share of certainty that is taken from each label.', 0, 0.5),
    ema: share(
      'Decay of the moving average of the weights that is kept instead of the last ones, for instance 0.999; 0: none.',
      0,
      0.999_999,
    ),
    patience: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 5,
      description:
        'Ends after so many epochs without a better log loss on the inner fold of the training part; 0: runs all epochs. The validation part only compares.',
    }),
    precision: oneOf(
      ['auto', 'fp32', 'bf16', 'fp16'],
      'auto',
      'Arithmetic while it trains; auto: bf16 where the GPU has it, else fp32. Predictions are always made in fp32.',
    ),
    channels_last: Type.Boolean({
      default: true,
      description: 'Lays images out as GPUs prefer; the numbers stay the same but for rounding.',
    }),
    checkpoint_minutes: Type.Number({
      minimum: 0,
      maximum: 1440,
      default: 5,
      description: 'A job that was killed loses so many minutes at most.',
    }),
    augment,
  },
  { additionalProperties: false, default: {}, description: 'How PyTorch trains more than the last layer.' },
);
