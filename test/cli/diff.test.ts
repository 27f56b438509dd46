/** `overread diff`: two runs by the labels as they are now, against the lists of errors of each. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DifferingItems, RunDifference } from '../../src/core/evaluation/runDifference';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

type Document = RunDifference & { readonly items: DifferingItems };
interface ErrorRow {
  readonly sample: string;
  readonly given: string;
  readonly predicted: string;
}

let folder: string;
let root: string;
const errorsOf = async (run: string): Promise<Map<string, ErrorRow>> => {
  const { errors } = await commandJson<{ errors: ErrorRow[] }>(['errors', root, '--run', run], [0, 1]);
  return new Map(errors.map((error) => [error.sample, error]));
};
const idsOf = (items: readonly { readonly sample: string }[]): string[] =>
  items.map(({ sample }) => sample).sort();

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cli-diff-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 120);
  // Correct some of what the first run found, spoil others, and fine-tune again: both kinds of change have something to show.
  const wrong = [...(await errorsOf('first')).values()].filter(({ given }) => given !== 'Nodule');
  await commandJson(['accept', root, ...wrong.slice(0, 4).map(({ sample }) => sample)]);
  for (const { sample } of wrong.slice(4, 6)) await commandJson(['label', root, sample, 'Nodule']);
  await commandJson(['finetune', root, ...quickModel, '--name', 'second']);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe('overread diff', () => {
  it('says of each image that one run gets wrong what the lists of errors say', async () => {
    const [first, second] = [await errorsOf('first'), await errorsOf('second')];
    const document = await commandJson<Document>(['diff', root, 'first', 'second']);
    const { items, counts } = document;
    expect(idsOf(items.fixed)).toEqual([...first.keys()].filter((id) => !second.has(id)).sort());
    expect(idsOf(items.newly_wrong)).toEqual([...second.keys()].filter((id) => !first.has(id)).sort());
    expect(idsOf(items.still_wrong)).toEqual([...first.keys()].filter((id) => second.has(id)).sort());
    expect(counts).toEqual({
      fixed: items.fixed.length,
      newly_wrong: items.newly_wrong.length,
      still_wrong: items.still_wrong.length,
    });
    // scipy.stats.binomtest(fixed, fixed + newly wrong) by its definition: both tails of a fair coin.
    const [few, all] = [Math.min(counts.fixed, counts.newly_wrong), counts.fixed + counts.newly_wrong];
    let [tail, ways] = [0, 1];
    for (let k = 0; k <= few; k++) {
      tail += ways / 2 ** all;
      ways = (ways * (all - k)) / (k + 1);
    }
    expect(document.mcnemar_p).toBeCloseTo(Math.min(1, 2 * tail), 10);
    expect(document.errors).toBe(second.size);
    expect(counts.newly_wrong).toBeGreaterThan(0);
    for (const { sample, label, after } of items.still_wrong) {
      expect({ given: label, predicted: after }).toEqual({
        given: second.get(sample)!.given,
        predicted: second.get(sample)!.predicted,
      });
      expect(first.get(sample)).toBeDefined();
    }
    for (const kind of ['fixed', 'newly_wrong', 'still_wrong'] as const) {
      const sum = document.classes.reduce((total, one) => total + one[kind], 0);
      expect(sum).toBe(counts[kind]);
    }
  });

  it('says how many labels changed after each run, and measures both by the labels as they are', async () => {
    const document = await commandJson<Document>(['diff', root, 'first']);
    expect(document.before.edited_since).toBe(6);
    expect(document.after).toMatchObject({ name: 'second', edited_since: 0 });
    const { runs } = await commandJson<{ runs: { name: string; metrics: RunDifference }[] }>(['runs', root]);
    const own = runs.find(({ name }) => name === 'second')!.metrics as unknown as {
      out_of_fold: { auroc_macro: { value: number } };
    };
    // The second run was made on these very labels: its own figure is the figure.
    expect(document.out_of_fold.auroc_macro.after).toEqual(own.out_of_fold.auroc_macro);
    const { before, after, difference } = document.out_of_fold.auroc_macro;
    expect(difference.value).toBeCloseTo(after.value! - before.value!, 12);
    // Nine patients with a nodule keep the macro average from having an interval, and accuracy not.
    expect(difference.low).toBeNull();
    expect(document.out_of_fold.accuracy.difference.low).not.toBeNull();
  });

  it('turned round, fixed is newly wrong', async () => {
    const there = await commandJson<Document>(['diff', root, 'first', 'second']);
    const back = await commandJson<Document>(['diff', root, 'second', 'first']);
    expect(idsOf(back.items.fixed)).toEqual(idsOf(there.items.newly_wrong));
    expect(idsOf(back.items.newly_wrong)).toEqual(idsOf(there.items.fixed));
    const [a, b] = [there.out_of_fold.auroc_macro.difference, back.out_of_fold.auroc_macro.difference];
    expect(b.value).toBeCloseTo(-a.value!, 12);
    expect(b.low).toBeCloseTo(-a.high!, 12);
  });

  it('prints one table of figures, one line of counts and a line for each class', async () => {
    const { code, stdout } = await runCommand(['diff', root, 'first', 'second']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Z-first \(random weights\) → \S+Z-second/);
    expect(stdout).toContain('6 labels changed after the first run, 0 after the second');
    expect(stdout).toMatch(/\d+ fixed · \d+ newly wrong · \d+ still wrong \(train, validation\)/);
    expect(stdout).toMatch(/out of fold +\d+ +accuracy +0\.\d{3} \(0\.\d{3}–[01]\.\d{3}\)/);
  });

  it.each([
    [['second', 'second'], 2, 'OVR001'],
    [['nowhere'], 3, 'OVR800'],
  ])('%s is refused', async (runs, code, error) => {
    const result = await runCommand(['diff', root, ...runs]);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(error);
  });
});
