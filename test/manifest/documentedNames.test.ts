/** What the documentation names is there: files, pages, settings, keys of overread.yaml, scripts, error codes. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes, exitCodes } from '../../src/core/base/errors';
import { codeOf, pages, textOf } from '../support/documents';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string }[] }[];
  };
}
interface Schema {
  readonly properties: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
}
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = json('package.json') as Manifest;
const texts = json('package.nls.json') as Readonly<Record<string, string>>;
const schema = json('schemas/overread.schema.json') as Schema;

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const folders = new Set(tracked.flatMap((file) => above(file)));
const top = new Set([...folders].filter((folder) => !folder.includes('/')));

function above(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** Attributes of a network in PyTorch, which look like keys of overread.yaml. */
const python: ReadonlySet<string> = new Set(['model.pretrained_cfg', 'model.eval()']);

/** Folders that commands make: a fresh clone has none of them. */
const made: ReadonlySet<string> = new Set(
  readFileSync('.gitignore', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.replace(/^\/|\/$/g, '')),
);

/** Below the root, or the end of a path where the sentence says which room it is in. */
function isThere(name: string): boolean {
  const plain = name.replace(/\/$/, '');
  if (existsSync(plain) || made.has(plain)) return true;
  return (
    tracked.some((file) => file.endsWith(`/${plain}`)) ||
    [...folders].some((one) => one.endsWith(`/${plain}`))
  );
}

/** A file of source text, or a folder below one of the repository's; not what a recipe leaves open (`<name>`). */
function isOurs(code: string): boolean {
  if (!/^[\w./-]+$/.test(code) || code.startsWith('.')) return false;
  if (/\.(ts|mjs|cjs)$/.test(code)) return true;
  if (!code.includes('/')) return false;
  if (/\.(py|css|svg|yml)$/.test(code)) return true;
  return top.has(code.split('/')[0] ?? '') && !/\.\w+$/.test(code);
}

/** As headings are linked to: lower case, without punctuation, with hyphens. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, text]) => text ?? '');
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe.each(pages)('%s', (page) => {
  const { inline } = codeOf(page);

  it('names files and folders of the repository that are there', () => {
    expect(inline.filter(isOurs).filter((name) => !isThere(name))).toEqual([]);
  });

  it('links to what is there', () => {
    const sentences = textOf(page).replace(/`[^`\n]+`/g, '');
    const links = [...sentences.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names settings and commands of the editor that it has', () => {
    const known = new Set([
      ...Object.keys(manifest.contributes.configuration.properties),
      ...manifest.contributes.commands.map(({ command }) => command),
    ]);
    const named = inline.filter((code) => /^overread\.(?!yaml$)[\w.]+$/.test(code));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('names keys of overread.yaml that the schema has', () => {
    const key = /^(dataset|labels|split|model|training|review)\.([A-Za-z_]+)\b/;
    const wrong = inline
      .filter(
        (code) =>
          key.test(code) &&
          !python.has(code) &&
          !/\.(ts|csv|parquet|onnx|safetensors|json|jsonl)\b/.test(code),
      )
      .filter((code) => {
        const [, section = '', name = ''] = key.exec(code) ?? [];
        return schema.properties[section]?.properties?.[name] === undefined;
      });
    expect(wrong).toEqual([]);
  });

  it('names scripts of package.json', () => {
    const named = [...textOf(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  it('names error codes that there are', () => {
    const named = textOf(page).match(/\bOVR\d{3}\b/g) ?? [];
    expect(named.filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  it('has a row for every code, with the exit code that goes with it', () => {
    const rows = [...textOf('docs/errors.md').matchAll(/^\| (OVR\d{3}) +\| (\d+) +\| \S/gm)];
    expect(rows.map(([, code, exit]) => [code, Number(exit)])).toEqual(
      Object.entries(errorCodes).map(([code, kind]) => [code, exitCodes[kind]]),
    );
  });
});

describe('README.md', () => {
  it('leads to every page of the documentation', () => {
    const text = textOf('README.md');
    expect(pages.filter((page) => page !== 'README.md' && !text.includes(`(${page})`))).toEqual([]);
  });
});

describe('docs/extension.md, the page of the extension in the editor', () => {
  it('starts with the product and has no picture and no link that leads nowhere there', () => {
    const text = textOf('docs/extension.md');
    expect(text).toMatch(/^# Overread\n/);
    expect(text).not.toMatch(/npm |README/);
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !target.startsWith('https://'))).toEqual([]);
    expect(text).not.toMatch(/!\[|<img/);
  });
});

describe('the walkthrough', () => {
  it('leads to commands that there are', () => {
    const known = new Set(manifest.contributes.commands.map(({ command }) => command));
    const steps = manifest.contributes.walkthroughs.flatMap(({ steps: all }) => all);
    const named = steps
      .map(({ description }) => texts[description.slice(1, -1)] ?? '')
      .flatMap((text) => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command ?? ''));
    expect(named.length).toBeGreaterThanOrEqual(steps.length);
    expect(named.filter((name) => name.startsWith('overread.') && !known.has(name))).toEqual([]);
  });
});
