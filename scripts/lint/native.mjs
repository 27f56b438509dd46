// Which rules of eslint.config.mjs the native linter holds, and its settings made of them: ESLint has what is left.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import configs from '../../eslint.config.mjs';

export { configs };

/** The native linter's command line, a script for Node. */
export const nativeLinter = path.join(
  path.dirname(createRequire(import.meta.url).resolve('oxlint/package.json')),
  'bin/oxlint',
);

/** The names of the native linter's rules by those of ESLint. */
const nativeNames = new Map(
  JSON.parse(execFileSync(process.execPath, [nativeLinter, '--rules', '-f', 'json'], { encoding: 'utf8' }))
    .filter(({ scope }) => ['eslint', 'typescript', 'import'].includes(scope))
    .flatMap(({ scope, value }) => {
      if (scope === 'typescript') return [[`@typescript-eslint/${value}`, `typescript/${value}`]];
      if (scope === 'import') return [[`import-x/${value}`, `import/${value}`]];
      return [
        [value, value],
        [`@typescript-eslint/${value}`, value],
      ];
    }),
);

/** ESLint's settings without the rules that the native linter holds. */
export function withoutNative() {
  return configs.map(({ rules, ...config }) => {
    if (!rules) return config;
    return {
      ...config,
      rules: Object.fromEntries(Object.entries(rules).filter(([name]) => !nativeNames.has(name))),
    };
  });
}

/** The native linter's settings: the same rules for the same files. */
export function nativeConfig() {
  return {
    plugins: ['typescript', 'import'],
    categories: { correctness: 'off' },
    options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
    ignorePatterns: configs.filter(isIgnore).flatMap(({ ignores }) => ignores),
    overrides: configs
      .filter(({ rules, languageOptions }) => rules || languageOptions?.globals)
      .map(({ files = ['**/*'], ignores, rules = {}, languageOptions }) => ({
        files: files.flat().map(fromRoot),
        ...(ignores ? { excludeFiles: ignores } : {}),
        ...(languageOptions?.globals ? { globals: languageOptions.globals } : {}),
        rules: nativeRules(rules),
      })),
  };
}

/** ESLint takes `*.ts` for files of the project's own folder, the native linter for those of every folder. */
const fromRoot = (pattern) => (pattern.includes('/') ? pattern : `./${pattern}`);

const isIgnore = (config) => config.ignores && !config.rules;

function nativeRules(rules) {
  // Where a rule for TypeScript stands in for one of JavaScript, the native linter has one for both.
  const ordered = Object.entries(rules).sort(
    ([a], [b]) => Number(a.startsWith('@')) - Number(b.startsWith('@')),
  );
  return Object.fromEntries(
    ordered
      .filter(([name]) => nativeNames.has(name))
      .map(([name, setting]) => [nativeNames.get(name), setting]),
  );
}
