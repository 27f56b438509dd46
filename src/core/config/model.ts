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

/** What a class or finding is to reach (`operating_points`). */
export type OperatingTarget =
  | 'youden'
  | { readonly sensitivity: number }
  | { readonly specificity: number }
  | { readonly threshold: number };

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
  /** What it may be, as it is written, where the schema lists that. */
  readonly choices: readonly string[];
  readonly help: SettingHelp;
}

/** A change to the text that may be what was meant: an empty range is a place to put it, else the text takes the range's place. */
export interface ConfigFix extends TextRange {
  readonly text: string;
}

/** What a setting is for, as the schema says it. */
export interface SettingHelp {
  /** Its keys from the top, joined by dots. */
  readonly setting: string;
  readonly description: string;
  /** What may stand there, in words: `a number from 0 to 1`. */
  readonly expected: string;
  /** What holds where nothing is written, as YAML; null: there is no such value, or it is empty. */
  readonly default: string | null;
  /** A group of settings, or a list of them. */
  readonly isSection: boolean;
}

/** Keys that may be written at a position. */
export interface KeyOffers {
  /** The characters of the key that is being typed. */
  readonly range: TextRange;
  readonly keys: readonly SettingHelp[];
}
