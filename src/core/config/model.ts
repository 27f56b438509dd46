/** Values that the configuration knows, and where settings stand in the text of an overread.yaml. Types only. */

/**
 * The label value that says "the reader could not tell": of a finding (multi-label), or in place of a class
 * (multi-class), where it is neither trained nor measured on. No class may have this name, however it is written.
 */
export const uncertainValue = 'uncertain';

/** Whether a class may not be called so, because it would read as the answer "uncertain". */
export function isReservedClass(name: string): boolean {
  return name.trim().toLowerCase() === uncertainValue;
}

/** Part of a text; lines and columns are 1-based, the end is exclusive. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A setting in the text of an overread.yaml. */
export interface ConfigPlace {
  /** Its keys from the top, joined by dots: `model.architecture`. */
  readonly setting: string;
  readonly key: TextRange;
  /** Of a single value; null for a section, a list, or where none is written. */
  readonly value: TextRange | null;
  /** What that value says: `null` written out is the text "null". */
  readonly text: string | null;
  /** The words that it may be, where the schema lists them. */
  readonly choices: readonly string[];
}
