/** What somebody says of predictions that they bring. Types only. */
import type { Split } from '../../dataset/model';

/** What the numbers are. It is never guessed: probabilities unless logits are said. */
export type ValueKind = 'probabilities' | 'logits';

/** Which samples the model was trained on. */
export type SeenDeclaration =
  /** Predictions of the training part are out of fold: none was seen. */
  | { readonly by: 'out-of-fold' }
  /** All of these parts; none of the others. */
  | { readonly by: 'split'; readonly parts: readonly Split[] }
  /** As a column of the file says: yes or no, or the name of a part, of which `train` was seen. */
  | { readonly by: 'column'; readonly column: string };

export interface ImportRequest {
  /** Absolute. */
  readonly file: string;
  readonly values: ValueKind;
  readonly seen: SeenDeclaration;
  /** The column that names the samples; without it the one that fits best. */
  readonly id?: string | undefined;
  /** multi-label: one threshold for all findings; without it, chosen on the training labels that were not seen. */
  readonly threshold?: number | undefined;
}
