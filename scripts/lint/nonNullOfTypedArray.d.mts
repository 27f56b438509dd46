import type { Rule } from 'eslint';

/** The rule, as ESLint takes it; it needs types. */
export const nonNullOfTypedArray: Rule.RuleModule;
