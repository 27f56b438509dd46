/** Where a network gets its weights from while it is built: a state dict, or nothing but a list of names. */
import { OverreadError } from '../base/errors';
import type { StateDict } from './model';

/** What a tensor does in its layer: the initialisation depends on it. */
export type ParameterRole = 'weight' | 'bias' | 'normWeight' | 'normBias' | 'normMean' | 'normVariance';

/** One tensor that an architecture expects. */
export interface ExpectedTensor {
  readonly name: string;
  /** Convolutions: out × in / groups × height × width. Linear layers: out × in. */
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** Groups of the convolution; 1 elsewhere. */
  readonly groups: number;
  /** Inputs of one output of the layer: what its initialisation depends on, of the bias as well. */
  readonly fanIn: number;
}

/** A source of weights: gives the data of the tensor that a layer asks for, row-major. */
export interface Parameters {
  /** False where the data are only place-holders, so that work on them can be left out. */
  readonly real: boolean;
  take(expected: ExpectedTensor): Float32Array;
}

/** Gives the tensors of a state dict; OVR502 when one is missing or has another shape. */
export function parametersOf(state: StateDict, weightsName: string): Parameters {
  return {
    real: true,
    take({ name, shape }) {
      const tensor = state.get(name);
      const wanted = `${name} of shape [${shape.join(', ')}]`;
      if (!tensor) {
        throw new OverreadError({
          code: 'OVR502',
          message: `Weights ${weightsName} have no tensor ${name}`,
          expected: wanted,
          fix: 'Take weights of this architecture with the names of timm',
        });
      }
      if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i])) {
        throw new OverreadError({
          code: 'OVR502',
          message: `Tensor ${name} of weights ${weightsName} has shape [${tensor.shape.join(', ')}]`,
          expected: wanted,
          fix: 'Take weights of this architecture with the names of timm',
        });
      }
      return tensor.data;
    },
  };
}

const noNumbers = new Float32Array(0);

/**
 * Writes down what a network asks for, in the order in which it asks. It gives arrays without numbers, so it goes
 * with a `GraphOutline`: the zeros of VGG alone would take 550 MB.
 */
export class ParameterList implements Parameters {
  readonly real = false;
  readonly tensors: ExpectedTensor[] = [];

  take(expected: ExpectedTensor): Float32Array {
    this.tensors.push(expected);
    return noNumbers;
  }
}
