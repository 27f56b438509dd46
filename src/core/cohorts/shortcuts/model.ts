/** Shortcuts: what else than the label the features tell, and goes with it. Types, and when one is flagged. */
import type { Estimate } from '../../evaluation/model';

/** An attribute is told by the features where the lower end of its AUROC lies above this. */
export const readableFrom = 0.7;
/** It goes with a label from this corrected Cramér's V on: a small association (Cohen, 1988). */
export const associatedFrom = 0.1;

/** One group of an attribute, and how well the model tells the label inside it. */
export interface Stratum {
  readonly name: string;
  readonly images: number;
  readonly patients: number;
  readonly positives: number;
  /** null where the group has positives or negatives only. */
  readonly auroc: number | null;
}

/** An attribute beside one class (against the rest) or one finding. */
export interface ShortcutOutput {
  readonly name: string;
  /** Corrected Cramér's V of the attribute and this label, with the 95 % interval by patient. */
  readonly association: Estimate;
  /** AUROC of the label out of fold, over the images whose attribute is known. */
  readonly auroc: number | null;
  /** The same over pairs of images of the same group only. */
  readonly within: number | null;
  /** within - auroc with the 95 % interval by patient: what is left when the attribute cannot help. */
  readonly difference: Estimate;
  readonly strata: readonly Stratum[];
  readonly flagged: boolean;
}

/** Something that is known of the images beside their label. */
export interface Shortcut {
  /** A column of the table, or `aspect ratio`. */
  readonly attribute: string;
  readonly note: string | null;
  readonly groups: readonly string[];
  readonly images: number;
  readonly patients: number;
  /** How well the features tell it: AUROC out of fold, the mean over its groups. */
  readonly auroc: Estimate;
  /** The features tell it, and it goes with a label. */
  readonly flagged: boolean;
  readonly outputs: readonly ShortcutOutput[];
}

/** What `overread shortcuts --json` prints. */
export interface ShortcutReport {
  /** What the weights are called whose features were asked. */
  readonly weights: string;
  readonly readable_from: number;
  readonly associated_from: number;
  /** The flagged ones first, the strongest association first. */
  readonly shortcuts: readonly Shortcut[];
  readonly left_out: readonly { readonly attribute: string; readonly why: string }[];
}
