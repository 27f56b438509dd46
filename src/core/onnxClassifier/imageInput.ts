/** The image input of a third-party model, and how images are to be prepared for it. */
import type { Preprocessing } from '../images/model';
import type { ModelInput } from '../networks/model';
import type { OnnxModel, OnnxValue } from './model';
import { unsuitableModel } from './refusal';

/** ONNX's numbers of the types that an image may have. */
const floatTypes: ReadonlyMap<number, string> = new Map([
  [1, 'float32'],
  [10, 'float16'],
  [11, 'float64'],
]);

const otherTypes: ReadonlyMap<number, string> = new Map([
  [2, 'uint8'],
  [3, 'int8'],
  [6, 'int32'],
  [7, 'int64'],
  [8, 'string'],
  [9, 'bool'],
  [16, 'bfloat16'],
]);

/** The declared input. */
export interface ImageInput {
  readonly name: string;
  /** ONNX's element type. */
  readonly elementType: number;
  /** 1: the batch is written into the model. null: free. */
  readonly batch: 1 | null;
  readonly channels: 1 | 3 | null;
  /** Side of the square, px. */
  readonly size: number | null;
}

/** @throws OVR506 there is not one input, or it is no N × channels × size × size of floats */
export function findImageInput(model: OnnxModel): ImageInput {
  const { inputs } = model.graph;
  const [input] = inputs;
  if (inputs.length !== 1 || !input) {
    const listed = inputs.slice(0, 6).map(declaration).join(', ');
    throw refuse(
      model,
      inputs.length === 0 ? 'it has no input' : `it has ${inputs.length} inputs: ${listed}`,
    );
  }
  const { name, elementType, shape } = input;
  if (elementType === null || !floatTypes.has(elementType)) {
    throw refuse(model, `its input ${declaration(input)} is not of floating-point numbers`);
  }
  if (shape === null) return { name, elementType, batch: null, channels: null, size: null };
  if (shape.length !== 4)
    throw refuse(model, `its input ${declaration(input)} has ${shape.length} dimensions`);
  const [batch = null, channels = null, height = null, width = null] = shape;
  if ((width === 1 || width === 3) && channels !== 1 && channels !== 3) {
    throw refuse(
      model,
      `its input ${declaration(input)} has its channels last`,
      'Keras: tf2onnx --inputs-as-nchw INPUT, or put a Permute layer first',
    );
  }
  if (!isChannels(channels)) throw refuse(model, `its input ${declaration(input)} has ${channels} channels`);
  if (batch !== null && batch !== 1) {
    throw refuse(model, `its input ${declaration(input)} takes exactly ${batch} images at a time`);
  }
  if (height !== null && width !== null && height !== width) {
    throw refuse(model, `its input ${declaration(input)} is not square`);
  }
  return { name, elementType, batch, channels, size: height ?? width };
}

function isChannels(size: number | null): size is 1 | 3 | null {
  return size === null || size === 1 || size === 3;
}

/** Sides that `model.input.size` allows, px. */
const sizes = { smallest: 16, largest: 4096 };

/**
 * How an image becomes the input: `model.input` where it speaks, else what the file says. A range [low, high] is
 * low + level / 255 · (high − low), which is mean −low / (high − low) and deviation 1 / (high − low).
 * @throws OVR506 the file says otherwise, or neither says the size
 */
export function preprocessingOf(
  model: OnnxModel,
  input: ImageInput,
  wanted: ModelInput | undefined,
): Preprocessing {
  const channels = wanted?.channels ?? input.channels ?? 3;
  const size = wanted?.size ?? input.size;
  if (input.channels !== null && input.channels !== channels) {
    throw disagree(model, 'channels', String(channels), `${input.channels} channels`);
  }
  if (input.size !== null && input.size !== size)
    throw disagree(model, 'size', `${size} px`, `${input.size} px a side`);
  if (size === null) {
    throw unsuitableModel(
      model.file,
      'the side of its input is free, and model.input.size does not say it',
      'a side in pixels, for instance 224',
      'Set model.input.size in overread.yaml to what the network was trained with',
    );
  }
  if (size < sizes.smallest || size > sizes.largest) {
    throw refuse(
      model,
      `its input is ${size} px wide`,
      `Sides from ${sizes.smallest} to ${sizes.largest} px are taken`,
    );
  }
  return {
    size,
    cropPct: wanted?.crop_pct ?? 1,
    interpolation: wanted?.interpolation ?? 'bilinear',
    channels,
    ...constants(model, channels, wanted),
    crop: 'timm',
  };
}

function constants(
  model: OnnxModel,
  channels: 1 | 3,
  wanted: ModelInput | undefined,
): Pick<Preprocessing, 'mean' | 'std'> {
  const each = (value: number): readonly number[] => new Array<number>(channels).fill(value);
  if (wanted?.range) {
    const [low, high] = wanted.range as readonly [number, number];
    // Not −0, which would show in run.json.
    return { mean: each(low === 0 ? 0 : -low / (high - low)), std: each(1 / (high - low)) };
  }
  const mean = wanted?.mean ?? each(0);
  const std = wanted?.std ?? each(1);
  for (const [key, values] of Object.entries({ mean, std })) {
    if (values.length !== channels) {
      throw disagree(model, key, `of ${values.length} numbers`, `${channels} channels`);
    }
  }
  return { mean, std };
}

function disagree(model: OnnxModel, key: string, wanted: string, found: string) {
  return unsuitableModel(
    model.file,
    `model.input.${key} is ${wanted}, and its input has ${found}`,
    found,
    'Correct model.input in overread.yaml',
  );
}

/** `x (float32, N × 3 × 224 × 224)`. */
function declaration({ name, elementType, shape }: OnnxValue): string {
  const type =
    elementType === null
      ? 'no tensor'
      : (floatTypes.get(elementType) ?? otherTypes.get(elementType) ?? `type ${elementType}`);
  const sides = shape === null ? 'of any shape' : shape.map((side) => side ?? '?').join(' × ');
  return `"${name}" (${type}, ${sides})`;
}

function refuse({ file }: OnnxModel, found: string, fix?: string) {
  return unsuitableModel(
    file,
    found,
    'one input of float32 (or float16, float64), N × channels × size × size, 1 or 3 channels, N free or 1',
    fix ?? 'Export it again with such an input; docs/onnx-backbones.md shows how',
  );
}
