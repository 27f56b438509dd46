/** What failed of a layer is run once more by itself: what passes then is named, what breaks stays broken. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteAlone } from '../../scripts/test/again.mjs';
import { runLayer, type LayerResult } from '../../scripts/test/runLayer.mjs';

const vitest = path.resolve('node_modules/vitest/vitest.mjs');
const counts = path.resolve('scripts/test/counts.mjs');

/** Fails the first time that it is run in a folder. */
const once = `
import { existsSync, writeFileSync } from 'node:fs';
export function failOnce(name) {
  const mark = new URL('./' + name + '.ran', import.meta.url);
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  throw new Error('the machine was busy');
}
`;
const head = `import { beforeAll, describe, expect, it } from 'vitest'; import { failOnce } from './once.mjs';`;
const fine = `${head} it('is fine', () => expect(1).toBe(1));`;
const flaky = `${head} describe('a page', () => { it('moves', () => failOnce('moves')); it('stays', () => {}); });`;
const unready = `${head} beforeAll(() => failOnce('unready')); it('is ready', () => {}); it('is so still', () => {});`;
const broken = `${head} it('is wrong', () => expect(1).toBe(2)); it('is late', () => failOnce('late'));`;
const stray = `${head} it('is fine', () => {}); setTimeout(() => failOnce('stray'), 20); it('waits', () => new Promise((end) => setTimeout(end, 300)));`;

describe('a layer of which something failed', () => {
  let root: string;
  beforeAll(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-again-'));
  });
  afterAll(() => fs.rm(root, { recursive: true, force: true }));

  /** Runs these files as a layer of vitest; what it printed is in `text`. */
  async function layerOf(
    name: string,
    files: Readonly<Record<string, string>>,
  ): Promise<LayerResult & { text: string }> {
    const folder = path.join(root, name);
    await fs.mkdir(folder, { recursive: true });
    await fs.symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'dir');
    const config = `import { vitestReporters } from ${JSON.stringify(counts)};
      export default { test: { include: ['*.test.mjs'], fileParallelism: false, isolate: false, pool: 'threads', reporters: vitestReporters() } };`;
    const texts = { 'vitest.config.mjs': config, 'once.mjs': once, ...files };
    for (const [file, text] of Object.entries(texts)) await fs.writeFile(path.join(folder, file), text);
    const run = [vitest, 'run', '--root', folder];
    let text = '';
    const result = await runLayer(
      {
        ...{ name, command: process.execPath, arguments: run, minutes: 2 },
        again: (file) => ({ arguments: [...run, file] }),
      },
      (printed) => (text += printed),
    );
    return { ...result, text };
  }

  describe('in files of which some pass when they are run alone', () => {
    let result: LayerResult & { text: string };
    beforeAll(async () => {
      const files = { 'fine.test.mjs': fine, 'flaky.test.mjs': flaky, 'unready.test.mjs': unready };
      result = await layerOf('flaky', { ...files, 'broken.test.mjs': broken });
    });

    it('counts those as passed, and names them', () => {
      expect(result.flaky).toEqual(['a page moves', expect.stringMatching(/unready\.test\.mjs$/)]);
      expect(result).toMatchObject({ passed: 5, skipped: 0, notes: [] });
      expect(result.text.match(/once more by itself: \S+/g)).toHaveLength(3);
    });

    it('fails where a file fails again, whatever else of it passes then', () => {
      expect(result).toMatchObject({ failed: 2, failures: ['is wrong', 'is late'] });
    });
  });

  it('stays broken where something was thrown outside of its tests', async () => {
    const result = await layerOf('stray', { 'flaky.test.mjs': flaky, 'stray.test.mjs': stray });
    expect(result).toMatchObject({ failed: 1, failures: ['a page moves'], flaky: [] });
    expect(result.text).not.toContain('once more');
  });

  it('stays broken where the layer itself crashed, or hung', async () => {
    const script = (text: string, minutes: number) =>
      runLayer(
        {
          ...{ name: 'script', command: process.execPath, arguments: ['-e', text], minutes },
          again: () => ({ arguments: ['-e', ''] }),
        },
        () => undefined,
      );
    expect(await script('process.exit(3)', 2)).toMatchObject({ failed: 1, failures: ['script'], flaky: [] });
    const hung = await script('setInterval(() => {}, 1000)', 1 / 30);
    expect(hung).toMatchObject({ failed: 1, flaky: [] });
    expect(hung.failures.at(-1)).toMatch(/^script did not end within/);
  });

  it('looks for a suite of the extension host by the beginning of its titles', () => {
    const grep = new RegExp(suiteAlone('edits (1.5)').environment?.['OVERREAD_HOST_GREP'] ?? '');
    expect(grep.test('edits (1.5) are on disk')).toBe(true);
    expect(
      ['edits 125 are', 'late edits (1.5) are', 'edits (1.5)s are'].some((title) => grep.test(title)),
    ).toBe(false);
  });
});
