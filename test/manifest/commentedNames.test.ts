/** What comments name is there: files of the repository, and the names of code between back-ticks and in links. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/core/base/errors';

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const sources = tracked
  .filter((file) => /^(src|webview-ui|scripts|bench)\/.*\.(ts|mjs|css)$/.test(file))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

/** Whole comments; a line comment begins its line or follows a blank, as `https://` does not. */
const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;

/** The words of the code itself: what is named in a comment alone is not there. */
const words = new Set(
  sources
    .filter(({ file }) => !file.endsWith('.css'))
    .flatMap(({ text }) => text.replace(comment, '').match(/[A-Za-z_$][\w$]*/g) ?? []),
);

/** Classes of scikit-learn, which a solver is compared with. */
const others: ReadonlySet<string> = new Set(['StandardScaler']);

/** Each comment with its file, for the message. */
const comments = sources.flatMap(({ file, text }) =>
  (text.match(comment) ?? []).map((said) => ({ file, said })),
);

function isThere(name: string): boolean {
  const plain = name.replace(/^(?:\.{1,2}\/)+/, '');
  return tracked.some((file) => file === plain || file.endsWith(`/${plain}`));
}

describe('comments', () => {
  it('name files that there are', () => {
    const named = comments.flatMap(({ file, said }) =>
      (said.match(/[\w./-]*\w\.(?:ts|mjs|css|py|md|wat)\b/g) ?? []).map((name) => ({ file, name })),
    );
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter(({ name }) => !isThere(name))).toEqual([]);
  });

  it('stand one before each thing: of two doc comments in a row the first has lost what it is about', () => {
    const lost = sources.filter(({ text }) => /\*\/\n[ \t]*\/\*\*/.test(text));
    expect(lost.map(({ file }) => file)).toEqual([]);
  });

  it('name error codes that there are', () => {
    const named = comments.flatMap(({ file, said }) =>
      (said.match(/\bOVR\d{3}\b/g) ?? []).map((code) => ({ file, code })),
    );
    expect(named.length).toBeGreaterThan(300);
    expect(named.filter(({ code }) => !Object.hasOwn(errorCodes, code))).toEqual([]);
  });

  it('name functions, types and fields that there are', () => {
    const named = comments.flatMap(({ file, said }) =>
      [...said.matchAll(/\{@link ([\w.]+)\}|`([A-Za-z_][\w.]*)`/g)].map(([, link, code]) => ({
        file,
        name: link ?? code ?? '',
      })),
    );
    // Names of code: with a capital inside. Plain words are values, columns, keys and files as well.
    const ours = named.filter(({ name }) => /[a-z][A-Z]/.test(name) && !others.has(name));
    expect(ours.length).toBeGreaterThan(150);
    expect(ours.filter(({ name }) => !words.has(name.split('.').at(-1) ?? ''))).toEqual([]);
  });
});
