/** Settings of one set of files, as far as they are looked at here. */
export interface RuleSet {
  readonly rules?: Readonly<Record<string, unknown>>;
}

/** All settings of ESLint, as an editor takes them. */
export const configs: readonly RuleSet[];

/** The native linter's command line, a script for Node. */
export const nativeLinter: string;

/** ESLint's settings without the rules that the native linter holds. */
export function withoutNative(): readonly RuleSet[];

/** The native linter's settings: the same rules for the same files. */
export function nativeConfig(): { readonly overrides: readonly RuleSet[] };
