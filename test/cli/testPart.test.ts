/** The test part: its figures and items are shown where they are asked for, and every look is counted. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/runs/model';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFeatures } from '../support/readyProjects';

interface RunList {
  readonly runs: readonly (RunRecord & { readonly metrics: Readonly<Record<string, object>> })[];
  readonly test_looks: number;
}

let folder: string;
let root: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-test-part-'));
  root = path.join(folder, 'sample');
  await readyFeatures(root, 60);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const looks = async (): Promise<readonly string[]> =>
  (await fs.readFile(path.join(root, 'splits', 'test-looks.jsonl'), 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { what: string }).what);

describe('the test part stays out of sight', () => {
  it('a fine-tune prints no figure of it, for people or scripts; metrics.json has them', async () => {
    const { stdout, code } = await runCommand(['finetune', root, ...quickModel]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}validation /m);
    expect(stdout).not.toMatch(/^ {2}test /m);
    const result = await commandJson<{ metrics: object; dir: string }>(['finetune', root, ...quickModel]);
    expect(Object.keys(result.metrics)).toEqual(['out_of_fold', 'validation']);
    const file = await fs.readFile(path.join(result.dir, 'metrics.json'), 'utf8');
    expect(JSON.parse(file)).toHaveProperty('test.accuracy');
    expect(await looks()).toEqual([]);
  });

  it('runs show its figures with --test, and count each look', async () => {
    const plain = await commandJson<RunList>(['runs', root]);
    expect(Object.keys(plain.runs[0]!.metrics)).not.toContain('test');
    expect((await runCommand(['runs', root])).stdout).not.toContain('AUROC test');
    expect(await looks()).toEqual([]);
    const asked = await commandJson<RunList>(['runs', root, '--test']);
    expect(asked.runs[0]!.metrics).toHaveProperty('test.accuracy');
    expect(asked.test_looks).toBe(1);
    const { stdout } = await runCommand(['runs', root, '--test']);
    expect(stdout).toContain('AUROC test');
    expect(stdout).toContain('Looks at the test part so far: 2');
    expect(await looks()).toEqual(['overread runs --test', 'overread runs --test']);
  });

  it('what is listed by default is what review.splits says; a part that it lists is looked at, and counted', async () => {
    const partsOf = async (...more: string[]): Promise<string[]> => {
      const { errors, splits } = await commandJson<{ errors: { split: string }[]; splits: string[] }>(
        ['errors', root, ...more],
        [0, 1],
      );
      for (const { split } of errors) expect(splits).toContain(split);
      return splits;
    };
    expect(await partsOf()).toEqual(['train', 'validation']);
    const config = path.join(root, 'overread.yaml');
    const text = await fs.readFile(config, 'utf8');
    const review = (splits: string): Promise<void> =>
      fs.writeFile(config, text.replace(/^ {2}splits: .*$/m, `  splits: ${splits}`));
    await review('[validation]');
    expect(await partsOf()).toEqual(['validation']);
    expect(await partsOf('--split', 'train')).toEqual(['train']);
    const before = (await looks()).length;
    await review('[validation, test]');
    expect(await partsOf()).toEqual(['validation', 'test']);
    expect((await looks()).slice(before)).toEqual(['overread errors']);
    const run = await commandJson<{ counts: { errors: number } }>(['finetune', root, ...quickModel]);
    expect((await looks()).at(-1)).toBe('overread finetune');
    const { errors } = await commandJson<{ errors: unknown[] }>(['errors', root], [0, 1]);
    expect(run.counts.errors).toBe(errors.length);
  });
});
