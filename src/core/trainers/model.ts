/** What is known of a trained model. Types only. */
import type { Preprocessing } from '../images/model';

/** true, or in one sentence without a full stop why not. */
export type Ability = true | string;

/** What can be done with a finished run beside its review. */
export interface Abilities {
  /** Heat maps. */
  readonly explain: Ability;
  /** `model.onnx`. */
  readonly export: Ability;
  /** Held against other runs on the same images. */
  readonly compare: Ability;
  /** Made again after labels changed, without more than the project and its own record. */
  readonly refit: Ability;
}

/** The network behind a model, by the name of its weights. */
export interface ModelNetwork {
  readonly architecture: string;
  readonly weights: {
    readonly name: string;
    readonly sha256: string;
    readonly source: string;
    readonly trained_on: string | null;
    /** Block after which the network was cut; null or absent: whole. */
    readonly truncate?: string | null;
    /** Present where its features were computed in half precision. */
    readonly precision?: 'fp16';
    /** How images became its input; absent in runs made before it was recorded. */
    readonly preprocessing?: Preprocessing;
  };
  readonly device: { readonly name: string; readonly reason: string };
}
