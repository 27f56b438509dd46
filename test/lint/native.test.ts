/** The native linter finds a fault of every rule that it holds in ESLint's place, and ESLint has the rules that it lacks. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configs, nativeConfig, nativeLinter, withoutNative } from '../../scripts/lint/native.mjs';
import { faultsOfScripts, faultsOfTypeScript, refusedByTheParser, switchedOff } from './plantedFaults';

const root = path.resolve(import.meta.dirname, '../..');

/** What the planted faults are about. */
const head = `export const f = (x: unknown): unknown => x;
export const g = async (): Promise<number> => Promise.resolve(1);
export const h = (x: number): unknown => f(x);
export const v = (): void => { f(1); };
export const o: object = f(1) as object;
export const n = f(1) as number;
export const b = f(1) as boolean;
export const s = f(1) as string;
export const u = f(1) as number | undefined;
export const y = f(1) as any;
export const k = f(1) as 'a' | 'b';
/** @deprecated by f */
export const old = (): number => 1;
`;
const headNames = [...head.matchAll(/const (\w+)/g)].map(([, name = '']) => name);

const nameOf = (rule: string): string => rule.replace('@', '').replaceAll('/', '-');
const isOn = (setting: unknown): boolean => ![0, 'off'].includes([setting].flat()[0] as number | string);
const rulesOn = (list: readonly { readonly rules?: object }[]): ReadonlySet<string> =>
  new Set(
    list.flatMap(({ rules = {} }) =>
      Object.entries(rules)
        .filter(([, setting]) => isOn(setting))
        .map(([name]) => name),
    ),
  );
/** ESLint's name of a rule that the native linter names as `plugin(rule)`. */
const plainName = (code: string): string => /\(([\w-]+)\)/.exec(code)?.[1] ?? code;
const lastPart = (rule: string): string => rule.slice(rule.lastIndexOf('/') + 1);

let folder: string;
/** The rules that were broken, by file. */
const found = new Map<string, Set<string>>();

beforeAll(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'overread-lint-')));
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  write('package.json', '{ "type": "module" }');
  const base = path.join(root, 'tsconfig.base.json');
  write(
    'src/tsconfig.json',
    JSON.stringify({ extends: base, compilerOptions: { types: ['node'] }, include: ['.'] }),
  );
  write('oxlint.json', JSON.stringify(nativeConfig()));
  write('src/core/base/head.ts', head);
  write('scripts/head.mjs', 'export const f = (x) => x;\n');
  write('src/core/base/cycle.ts', "import { b } from './import-x-no-cycle';\nexport const a = b;\n");
  for (const [rule, text] of Object.entries(faultsOfTypeScript)) {
    const used = headNames.filter((name) => new RegExp(`(?<![\\w.'#])${name}(?![\\w':])`).test(text));
    const names = used.length > 0 ? `import { ${used.join(', ')} } from './head';\n` : '';
    write(`src/core/base/${nameOf(rule)}.ts`, `${text}\n${names}`);
  }
  for (const [rule, text] of Object.entries(faultsOfScripts))
    write(`scripts/${nameOf(rule)}.mjs`, `import { f } from './head.mjs';\n${text}\n`);
  const { stdout } = spawnSync(process.execPath, [nativeLinter, '-c', 'oxlint.json', '-f', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const report = JSON.parse(stdout) as {
    readonly diagnostics: readonly { readonly code?: string; readonly filename: string }[];
  };
  for (const { code = '', filename } of report.diagnostics) {
    const rules = found.get(filename) ?? new Set<string>();
    found.set(filename, rules.add(plainName(code)));
  }
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('the native linter', () => {
  it('finds what is planted', () => {
    const missed = [
      ...Object.keys(faultsOfTypeScript).map((rule) => [rule, `src/core/base/${nameOf(rule)}.ts`] as const),
      ...Object.keys(faultsOfScripts).map((rule) => [rule, `scripts/${nameOf(rule)}.mjs`] as const),
    ].filter(([rule, file]) => !found.get(file)?.has(lastPart(rule)));
    expect(missed).toEqual([]);
  });

  it('is shown a fault for each rule that it has, in scripts those that TypeScript does not hold already', () => {
    const planted = [
      ...Object.keys(faultsOfTypeScript),
      ...Object.keys(faultsOfScripts),
      ...refusedByTheParser,
      ...switchedOff,
    ];
    const held = [...rulesOn(nativeConfig().overrides)].map(lastPart);
    expect(held.filter((rule) => !planted.map(lastPart).includes(rule))).toEqual([]);
  });

  it('leaves to ESLint what it lacks', () => {
    const all = [...rulesOn(configs)].map(lastPart);
    const shared = new Set([...rulesOn(nativeConfig().overrides), ...rulesOn(withoutNative())].map(lastPart));
    expect(all.filter((rule) => !shared.has(rule))).toEqual([]);
    expect([...rulesOn(withoutNative())].sort()).toEqual([
      '@typescript-eslint/no-unsafe-class-instance-assignment',
      'import-x/no-restricted-paths',
      'no-dupe-args',
      'no-octal',
      'no-restricted-syntax',
      'overread/non-null-of-typed-array',
    ]);
  });
});
