/** A whole review by the command line: offers, answers to them, what the model learns of it, the yield, an audit. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelEvent } from '../../src/core/labels/model';
import type { Suspect } from '../../src/core/suspects/suspectList';
import { commandJson, runCommand } from '../support/inProcess';
import { labelEvents } from '../support/project';
import { readyFinetuned } from '../support/readyProjects';

interface Offered {
  readonly offer: string;
  readonly items: readonly {
    readonly sample: string;
    readonly finding: string;
    readonly propensity: number;
  }[];
}

interface Yield {
  readonly reader: string | null;
  readonly changed: number;
  readonly kept: number;
  readonly undecided: number;
  readonly unreviewed: number;
  readonly noise: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly draws: number;
  } | null;
  readonly rivals: readonly { readonly name: string; readonly auroc: number | null }[];
  readonly audits: readonly {
    readonly answered: number;
    readonly drawn: number;
    readonly passed: boolean | null;
  }[];
  readonly strength: Readonly<Record<string, number | null>>;
}

let folder: string;
let project: string;
/** What the reader sees: every Opacity is Normal to them, but for the last few. */
let reads: ReadonlyMap<string, string>;
let given: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-offers-')));
  project = path.join(folder, 'project');
  await readyFinetuned(project, 60);
  const rows = (await fs.readFile(path.join(project, 'samples.csv'), 'utf8')).trim().split('\n').slice(1);
  given = new Map(
    rows.map((row) => {
      const [sample = '', label = ''] = row.split(',');
      return [sample, label];
    }),
  );
  reads = new Map([...given].map(([sample, label]) => [sample, label === 'Opacity' ? 'Normal' : label]));
});

afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const next = (...more: string[]): Promise<Offered> =>
  commandJson<Offered>(['suspects', project, '--next', '10', '--repeats', '1', ...more]);
const yieldNow = (): Promise<Yield> => commandJson<Yield>(['suspects', project, '--yield']);

async function answer({ offer, items }: Offered): Promise<void> {
  for (const { sample } of items) {
    const value = reads.get(sample) ?? '';
    const args = value === given.get(sample) ? ['keep', project, sample] : ['label', project, sample, value];
    await commandJson([...args, '--offer', offer, '--annotator', 'reader']);
  }
}

describe('a review', () => {
  it('begins with ten drawn labels, or half by confident learning and half by given label, and learns from the answers', async () => {
    const drawn = await next('--seed', '7');
    const { unreviewed } = await yieldNow();
    expect(drawn.items.map(({ propensity }) => propensity)).toEqual(Array(10).fill(10 / unreviewed));
    const first = await next('--seed', '7', '--start', 'confident');
    expect(first.items.map(({ propensity }) => propensity).filter((p) => p === 1)).toHaveLength(5);
    expect(new Set(first.items.map(({ sample }) => sample)).size).toBe(10);
    await answer(first);
    const events = labelEvents(project).filter((event) => event.op !== 'undo');
    expect(events).toHaveLength(10);
    const shown = new Map(events.map((event): [string, LabelEvent['shown']] => [event.sample, event.shown]));
    for (const { sample, propensity } of first.items) {
      expect(shown.get(sample)).toEqual({ queue: 'suspects', blind: true, propensity, offer: first.offer });
    }
    const told = await yieldNow();
    expect(told.reader).toBe('reader');
    expect(told.changed + told.kept).toBe(10);
    expect(told.noise).toBeNull();
  });

  it('goes by the model from eight changed and eight kept labels on: two drawn, eight by score', async () => {
    let told = await yieldNow();
    for (let round = 0; round < 3 && (told.changed < 8 || told.kept < 8); round++) {
      await answer(await next('--seed', String(round)));
      told = await yieldNow();
    }
    expect(Math.min(told.changed, told.kept)).toBeGreaterThanOrEqual(8);
    const offered = await next('--seed', '5');
    const drawn = offered.items.filter(({ propensity }) => propensity < 1);
    expect(drawn.map(({ propensity }) => propensity)).toEqual([2 / told.unreviewed, 2 / told.unreviewed]);
    expect(offered.items).toHaveLength(Math.min(10, told.unreviewed));
    expect(told.strength).toEqual({ class: 3e-4 });
    // The reader contradicts one label throughout: the model knows it by now.
    const { suspects } = await commandJson<{ suspects: Suspect[] }>(
      ['suspects', project, '--method', 'learned'],
      [1],
    );
    const mean = (some: readonly Suspect[]): number =>
      some.reduce((sum, { score }) => sum + score, 0) / some.length;
    const opacities = suspects.filter(({ label }) => label === 'Opacity');
    expect(mean(opacities)).toBeGreaterThan(mean(suspects.filter(({ label }) => label !== 'Opacity')));
    const again = await next('--seed', '5');
    expect(again.items).toEqual(offered.items);
  });

  it('estimates the yield on the labels that were drawn, beside simpler rivals', async () => {
    let told = await yieldNow();
    for (let round = 0; round < 2 && (told.changed < 10 || told.kept < 10); round++) {
      await answer(await next('--seed', String(20 + round)));
      told = await yieldNow();
    }
    expect(told.noise?.draws).toBeGreaterThan(0);
    const { low = NaN, value = NaN, high = NaN } = told.noise ?? {};
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high);
    expect(told.rivals.map(({ name }) => name).slice(0, 2)).toEqual(['random', 'label']);
  });

  it('audits what is left: how many first, then whether the bound holds', async () => {
    const before = await yieldNow();
    const audit = await commandJson<Offered & { n: number; alpha: number; target: number; audit: number }>([
      'suspects',
      project,
      '--audit',
      '--seed',
      '1',
    ]);
    expect(audit).toMatchObject({ audit: 1, alpha: 0.025, target: 0.05 });
    expect(audit.items).toHaveLength(audit.n);
    expect(audit.n).toBeLessThanOrEqual(before.unreviewed);
    const [one, ...rest] = audit.items;
    await answer({ offer: audit.offer, items: one ? [one] : [] });
    const begun = await commandJson<Offered>(['suspects', project, '--audit']);
    expect(begun.offer).toBe(audit.offer);
    expect(begun.items.map(({ sample }) => sample)).toEqual(rest.map(({ sample }) => sample));
    expect((await yieldNow()).audits).toMatchObject([{ answered: 1, drawn: audit.n, passed: null }]);
    await answer({ offer: audit.offer, items: rest });
    const { audits } = await yieldNow();
    const wrong = audit.items.filter(({ sample }) => reads.get(sample) !== given.get(sample)).length;
    expect(audits[0]?.passed).toBe(wrong === 0);
  });

  it('counts neither what was taken back nor what nobody could tell', async () => {
    const before = await yieldNow();
    const offered = await next('--seed', '8');
    const [one, two] = offered.items;
    if (!one || !two) return;
    await commandJson(['keep', project, one.sample, '--offer', offered.offer, '--annotator', 'reader']);
    await commandJson(['undo', project, '--annotator', 'reader']);
    await commandJson(['uncertain', project, two.sample, '--offer', offered.offer, '--annotator', 'reader']);
    const after = await yieldNow();
    expect(after.changed + after.kept).toBe(before.changed + before.kept);
    expect(after.undecided).toBe(before.undecided + 1);
  });
});

describe('what is refused', () => {
  it('an offer that there is not, and an item that is not in it', async () => {
    const unknown = await runCommand([
      'keep',
      project,
      'images/P0001_1.png',
      '--offer',
      '../x',
      '--annotator',
      'r',
    ]);
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('OVR413');
    const offered = await next('--seed', '1');
    const other = [...given.keys()].find((sample) => offered.items.every((item) => item.sample !== sample));
    const wrong = await runCommand([
      'keep',
      project,
      other ?? '',
      '--offer',
      offered.offer,
      '--annotator',
      'r',
    ]);
    expect(wrong.stderr).toContain('is not in the offer');
  });

  it('two questions at once, a column that there is not, a model of nobody', async () => {
    const both = await runCommand(['suspects', project, '--next', '3', '--audit']);
    expect(both.code).toBe(2);
    const column = await runCommand(['suspects', project, '--next', '3', '--columns', 'shoe']);
    expect(column.stderr).toContain('OVR201');
    const nobody = await runCommand(['suspects', project, '--method', 'learned', '--annotator', 'nobody']);
    expect(nobody.stderr).toContain('OVR700');
  });
});
