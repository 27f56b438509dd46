// ESLint for what the native linter lacks. One program holds all folders: what these rules ask of types is the same in each.
import { withoutNative } from './native.mjs';

export default [
  ...withoutNative(),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: ['scripts/lint/tsconfig.json'] } },
    // The native linter knows of all rules, and so of all that is switched off.
    linterOptions: { reportUnusedDisableDirectives: 'off' },
  },
];
