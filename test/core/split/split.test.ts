import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import { SplitMix32 } from '../../../src/core/base/random';
import type { ProjectConfig } from '../../../src/core/config/config';
import type { Dataset, Sample, SplitAssignment } from '../../../src/core/dataset/model';
import { ensureSplits } from '../../../src/core/split/split';
import {
  classConfig,
  makeDataset,
  makeProject,
  type SampleFields,
  type TestProject,
} from '../dataset/support/project';

const projects: TestProject[] = [];
const project = async (yaml = classConfig()): Promise<TestProject & { settings: ProjectConfig }> => {
  const made = await makeProject({ 'overread.yaml': yaml });
  projects.push(made);
  return { ...made, settings: await made.config() };
};
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});

/** Patients of 1 to 8 images, each mostly of one class: 60 % a, 35 % b, 5 % c. */
function randomPatients(patients: number, seed: number): SampleFields[] {
  const random = new SplitMix32(seed);
  return Array.from({ length: patients }, (_, p) => {
    const u = random.uniform();
    const label = u < 0.6 ? 'a' : u < 0.95 ? 'b' : 'c';
    const images = 1 + Math.floor(8 * random.uniform() ** 3);
    return Array.from({ length: images }, (_, i): SampleFields => ({
      id: `p${p}/${i}.png`,
      group: `p${p}`,
      given: [random.uniform() < 0.1 ? 'a' : label],
    }));
  }).flat();
}
const classes = ['a', 'b', 'c'];

function expectNoPatientCrosses(dataset: Dataset, { split, fold }: SplitAssignment): void {
  const part = new Map<string, string>();
  const crossing: Sample[] = [];
  for (const [i, sample] of dataset.samples.entries()) {
    const here = `${split[i] ?? ''} ${fold[i] ?? ''}`;
    if ((part.get(sample.group) ?? here) !== here) crossing.push(sample);
    part.set(sample.group, here);
  }
  expect(crossing).toEqual([]);
  expect(dataset.samples.map((_, i) => fold[i] === -1)).toEqual(
    dataset.samples.map((_, i) => split[i] !== 'train'),
  );
}
const byId = (dataset: Dataset, assignment: SplitAssignment): Map<string, string> =>
  new Map(dataset.samples.map((s, i) => [s.id, `${assignment.split[i] ?? ''} ${assignment.fold[i] ?? ''}`]));

describe('a new split', () => {
  test.each([1, 2, 3, 4, 5])('is grouped by patient and stratified (seed %i)', async (seed) => {
    const { root, settings } = await project();
    const dataset = makeDataset('multi-class', classes, randomPatients(600, seed));
    const { assignment, problems } = await ensureSplits(await ProjectFolder.open(root), settings, dataset);
    expect(problems).toEqual([]);
    expectNoPatientCrosses(dataset, assignment);
    for (const label of classes) {
      const rows = dataset.samples.map((s, i) => ({ s, i })).filter(({ s }) => s.given[0] === label);
      const share = (keep: (i: number) => boolean): number =>
        rows.filter(({ i }) => keep(i)).length / rows.length;
      // One patient has up to 8 images; class c has about 70.
      const slack = 8 / rows.length;
      for (const [part, wanted] of [
        ['train', 0.7],
        ['validation', 0.15],
        ['test', 0.15],
      ] as const) {
        expect(Math.abs(share((i) => assignment.split[i] === part) - wanted)).toBeLessThan(slack);
      }
      for (let k = 0; k < 5; k++) {
        expect(Math.abs(share((i) => assignment.fold[i] === k) - 0.14)).toBeLessThan(slack);
      }
    }
  });

  test('does not depend on the order of the rows, but on the seed', async () => {
    const fields = randomPatients(200, 7);
    const first = await project();
    const one = makeDataset('multi-class', classes, fields);
    const expected = byId(
      one,
      (await ensureSplits(await ProjectFolder.open(first.root), first.settings, one)).assignment,
    );
    const second = await project();
    const two = makeDataset('multi-class', classes, new SplitMix32(1).shuffle([...fields]));
    expect(
      byId(two, (await ensureSplits(await ProjectFolder.open(second.root), second.settings, two)).assignment),
    ).toEqual(new Map([...expected].sort(() => 0)));
    const third = await project(classConfig('split: { seed: 1 }\n'));
    const other = byId(
      one,
      (await ensureSplits(await ProjectFolder.open(third.root), third.settings, one)).assignment,
    );
    expect([...other].filter(([id, part]) => expected.get(id) !== part).length).toBeGreaterThan(100);
  });

  test('spreads every finding of a multi-label dataset', async () => {
    const random = new SplitMix32(11);
    const shares = [0.3, 0.1, 0.02, 0.2];
    const fields = Array.from({ length: 3000 }, (_, i): SampleFields => ({
      id: `${i}`,
      group: `p${Math.floor(i / 3)}`,
      given: shares.map((p) => (random.uniform() < p ? '1' : random.uniform() < 0.1 ? 'uncertain' : null)),
    }));
    const { root, settings } = await project(
      'version: 1\nlabels: { task: multi-label, findings: [w, x, y, z] }\n',
    );
    const dataset = makeDataset('multi-label', ['w', 'x', 'y', 'z'], fields);
    const { assignment } = await ensureSplits(await ProjectFolder.open(root), settings, dataset);
    expectNoPatientCrosses(dataset, assignment);
    for (const f of shares.keys()) {
      const positive = fields.map((_, i) => i).filter((i) => fields[i]?.given[f] === '1');
      const inTrain = positive.filter((i) => assignment.split[i] === 'train').length;
      expect(Math.abs(inTrain / positive.length - 0.7)).toBeLessThan(0.025);
      for (let k = 0; k < 5; k++) {
        const inFold = positive.filter((i) => assignment.fold[i] === k).length;
        expect(Math.abs(inFold / inTrain - 0.2)).toBeLessThan(0.06);
      }
    }
  });

  test('two processes that make it at once agree', async () => {
    const { root, settings } = await project();
    const fields = randomPatients(100, 3);
    const datasets = Array.from({ length: 6 }, (_, k) =>
      // They even see different tables: the later ones have fewer rows.
      makeDataset('multi-class', classes, fields.slice(0, fields.length - k)),
    );
    const results = await Promise.all(
      datasets.map(async (dataset) => ensureSplits(await ProjectFolder.open(root), settings, dataset)),
    );
    const again = await ensureSplits(await ProjectFolder.open(root), settings, datasets[0]!);
    const final = byId(datasets[0]!, again.assignment);
    for (const [k, { assignment }] of results.entries()) {
      for (const [id, part] of byId(datasets[k]!, assignment))
        expect([id, part]).toEqual([id, final.get(id)]);
    }
    expect((await fs.readdir(path.join(root, 'splits'))).sort()).toEqual(['folds.csv', 'split.csv']);
  });
});

describe('a frozen split', () => {
  test('stays when labels, settings and rows change; new patients come in by hash', async () => {
    const { root, settings } = await project();
    const fields = randomPatients(300, 5);
    const before = makeDataset('multi-class', classes, fields);
    const frozen = byId(
      before,
      (await ensureSplits(await ProjectFolder.open(root), settings, before)).assignment,
    );
    const changed = fields.map((field) => ({ ...field, given: ['a'] })).filter((_, i) => i % 10 !== 0);
    const added = randomPatients(400, 6).map((field) => ({
      ...field,
      id: `new-${field.id}`,
      group: `new-${field.group ?? ''}`,
    }));
    const sibling: SampleFields = { id: 'p0/later.png', group: 'p0', given: ['b'] };
    const after = makeDataset('multi-class', classes, [...added, ...changed, sibling]);
    const edited = {
      ...settings,
      split: { ...settings.split, seed: 9, train: 0.2, validation: 0.4, test: 0.4 },
    };
    const { assignment, problems } = await ensureSplits(await ProjectFolder.open(root), edited, after);
    const now = byId(after, assignment);
    for (const { id } of changed) expect(now.get(id)).toBe(frozen.get(id));
    expect(now.get(sibling.id)).toBe(frozen.get(fields[1]?.id ?? ''));
    expectNoPatientCrosses(after, assignment);
    const inTrain = added.filter(({ id }) => now.get(id)?.startsWith('train')).length;
    expect(Math.abs(inTrain / added.length - 0.7)).toBeLessThan(0.08);
    expect(problems.filter(({ code }) => code === 'OVR208')).toMatchObject([{ severity: 'info' }]);
    // The same rows in another order, another day: the same parts.
    const later = makeDataset('multi-class', classes, [sibling, ...changed, ...added.toReversed()]);
    expect(
      byId(later, (await ensureSplits(await ProjectFolder.open(root), edited, later)).assignment),
    ).toEqual(now);
  });

  test('a patient in two parts is an error that names the rows', async () => {
    const { root, settings, write } = await project();
    await write('splits/split.csv', 'sample,group,split\n1,p,train\n2,p,test\n');
    const dataset = makeDataset('multi-class', classes, [
      { id: '1', group: 'p', given: ['a'] },
      { id: '2', group: 'p', given: ['b'] },
    ]);
    await expect(ensureSplits(await ProjectFolder.open(root), settings, dataset)).rejects.toMatchObject({
      code: 'OVR206',
      message: expect.stringContaining('rows 2 (train) and 3 (test)') as string,
      place: { file: 'splits/split.csv' },
    });
  });

  test.each([
    ['sample,group,split\n<<<<<<< HEAD\n1,p,train\n', 2],
    ['sample,group,split\n1,p,somewhere\n', 2],
    ['sample,group\n1,p\n', 1],
    ['sample,group,split\n1,p,train\n1,p,test\n', 3],
    ['', undefined],
  ])('damage is refused: %j', async (content, row) => {
    const { root, settings, write } = await project();
    await write('splits/split.csv', content);
    const dataset = makeDataset('multi-class', classes, [{ id: '1', group: 'p', given: ['a'] }]);
    await expect(ensureSplits(await ProjectFolder.open(root), settings, dataset)).rejects.toMatchObject({
      code: 'OVR208',
      place: { file: 'splits/split.csv', ...(row === undefined ? {} : { row }) },
    });
  });

  test('names with commas, quotes and spaces come back', async () => {
    const { root, settings } = await project();
    const fields = [' a ', 'b,c', 'd"e', 'f\ng', 'é'].map((id) => ({ id, group: `g ${id}`, given: ['a'] }));
    const dataset = makeDataset('multi-class', classes, fields);
    const first = await ensureSplits(await ProjectFolder.open(root), settings, dataset);
    const second = await ensureSplits(await ProjectFolder.open(root), settings, dataset);
    expect(second.assignment).toEqual(first.assignment);
    expect(second.problems.some(({ code }) => code === 'OVR208')).toBe(false);
  });
});

describe('an existing split column', () => {
  const parts = (
    given: readonly (readonly [string, string, 'train' | 'validation' | 'test' | null])[],
  ): Dataset => {
    const dataset = makeDataset(
      'multi-class',
      classes,
      given.map(([id, group], i) => ({ id, group, given: [classes[i % 2] ?? 'a'] })),
    );
    return {
      ...dataset,
      samples: dataset.samples.map((s, i) => ({ ...s, givenSplit: given[i]?.[2] ?? null })),
    };
  };
  const yaml = classConfig('split: { column: part, folds: 2 }\n');

  test('is respected; empty cells follow the patient', async () => {
    const { root, settings } = await project(yaml);
    const dataset = parts([
      ['1', 'p', 'test'],
      ['2', 'q', 'train'],
      ['3', 'p', null],
      ['4', 'r', 'validation'],
      ['5', 's', 'train'],
    ]);
    const { assignment } = await ensureSplits(await ProjectFolder.open(root), settings, dataset);
    expect(assignment.split).toEqual(['test', 'train', 'test', 'validation', 'train']);
    expect(await fs.readdir(path.join(root, 'splits'))).toEqual(['folds.csv']);
  });

  test('a patient in two parts is an error that names the rows', async () => {
    const { root, settings } = await project(yaml);
    const dataset = parts([
      ['1', 'p', 'test'],
      ['2', 'q', 'train'],
      ['3', 'p', 'train'],
    ]);
    const failure = await ensureSplits(await ProjectFolder.open(root), settings, dataset).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'OVR206', place: { file: 'samples.csv', field: 'part' } });
    expect(String(failure)).toContain('rows 2 (test) and 4 (train)');
    expect(String(failure)).not.toContain('"p"');
  });
});

describe('what cannot be split', () => {
  const problemsOf = async (fields: SampleFields[], labels = classes): Promise<string[]> => {
    const { root, settings } = await project();
    const { problems } = await ensureSplits(
      await ProjectFolder.open(root),
      settings,
      makeDataset('multi-class', labels, fields),
    );
    return problems.map(({ severity, code, message }) => `${severity} ${code} ${message}`);
  };
  const many = (label: string, count: number): SampleFields[] =>
    Array.from({ length: count }, (_, i) => ({ id: `${label}${i}`, given: [label] }));

  test('one class only', async () => {
    expect(await problemsOf(many('a', 30))).toEqual([
      'error OVR207 Every labelled image is "a", so there is nothing to tell apart',
    ]);
  });
  test('a class with one sample, and one with none', async () => {
    expect(await problemsOf([...many('a', 30), ...many('b', 1)])).toEqual([
      'warning OVR209 The class "b" has 1 images, of 1 patient in the training part',
      'warning OVR209 No image has the class "c"',
    ]);
  });
  test('one patient only', async () => {
    const fields = [...many('a', 3), ...many('b', 3)].map((field) => ({ ...field, group: 'p' }));
    const problems = await problemsOf(fields, ['a', 'b']);
    expect(problems).toContain(
      'error OVR207 The training part has one patient only, so there can be no cross-validation folds',
    );
  });
});
