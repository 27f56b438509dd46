/** `overread together`: images that are one patient after all, from the line in splits/ to the parts of the next run. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProject } from '../../src/core/project/project';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-together-'));
  root = path.join(folder, 'study');
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

interface Joined {
  readonly patientsBefore: number;
  readonly moved: readonly { readonly sample: string; readonly from: string; readonly to: string }[];
  readonly before: { readonly run: string; readonly metrics: Readonly<Record<string, unknown>> } | null;
}

describe('overread together', { timeout: 180_000 }, () => {
  it('moves the whole patient out of the test part, says so, and tells the figures of before', async () => {
    const { run } = await readyFinetuned(root);
    const before = await openProject(root);
    const { samples } = before.dataset;
    const [inTest, inTraining] = ['test', 'train'].map(
      (part) => samples[before.assignment.split.indexOf(part as 'test')],
    );
    const joined = await commandJson<Joined>([
      ...[
        'together',
        root,
        inTest?.id ?? '',
        inTraining?.id ?? '',
        '--annotator',
        'Ada',
        '--reason',
        'same film',
      ],
    ]);
    expect(joined).toMatchObject({ patientsBefore: 2, before: { run } });
    expect(joined.before?.metrics).not.toHaveProperty('test');
    const own = samples.filter(({ group }) => group === inTest?.group).map(({ id }) => id);
    expect(joined.moved).toEqual(own.map((sample) => ({ sample, from: 'test', to: 'train' })));
    expect(await fs.readFile(path.join(root, 'splits', 'groups.csv'), 'utf8')).toMatch(/,same film,Ada,2/);

    const after = await openProject(root);
    for (const [i, { id, group }] of after.dataset.samples.entries()) {
      if (group !== inTraining?.group && !own.includes(id)) {
        expect([after.assignment.split[i], after.assignment.fold[i]]).toEqual([
          before.assignment.split[i],
          before.assignment.fold[i],
        ]);
      }
    }
    const folds = new Set(
      after.dataset.samples.flatMap(({ group }, i) =>
        group === after.dataset.samples.find(({ id }) => id === inTest?.id)?.group
          ? [after.assignment.fold[i]]
          : [],
      ),
    );
    expect(folds.size).toBe(1);
    expect(after.problems.filter(({ code }) => code === 'OVR217')).toMatchObject([
      { severity: 'info', place: { file: 'splits/groups.csv' } },
    ]);
    // The frozen files are as they were.
    expect(await fs.readFile(path.join(root, 'splits', 'split.csv'), 'utf8')).toContain(
      `${inTest?.id ?? ''},`,
    );
  });

  it('is taken back by apart: by a line each, patients, parts and folds as they were; joined again it holds', async () => {
    await readyFinetuned(root);
    const before = await openProject(root);
    const { samples } = before.dataset;
    const [inTest, inTraining, third] = ['test', 'train', 'validation'].map(
      (part) => samples[before.assignment.split.indexOf(part as 'test')]?.id ?? '',
    ) as [string, string, string];
    const by = ['--annotator', 'Ada'];
    await commandJson(['together', root, inTest, inTraining, third, ...by]);
    const parted = await commandJson<Pick<Joined, 'moved'> & { groups: number }>([
      ...['apart', root, inTest, '--reason', 'two, after all', ...by],
    ]);
    expect(parted.groups).toBe(1);
    expect(parted.moved.map(({ from, to }) => `${from} ${to}`)).toContain('train test');
    const between = await openProject(root);
    const groupOf = (project: typeof before, id: string): string | undefined =>
      project.dataset.samples.find((sample) => sample.id === id)?.group;
    // The other two stay together.
    expect(groupOf(between, third)).toBe(groupOf(between, inTraining));
    expect(groupOf(between, inTest)).toBe(groupOf(before, inTest));

    await commandJson(['apart', root, third, ...by]);
    const after = await openProject(root);
    expect(after.dataset.samples.map(({ group }) => group)).toEqual(samples.map(({ group }) => group));
    expect([...after.assignment.split]).toEqual([...before.assignment.split]);
    expect([...after.assignment.fold]).toEqual([...before.assignment.fold]);
    expect(after.problems.filter(({ code }) => code === 'OVR217')).toEqual([]);
    const text = await fs.readFile(path.join(root, 'splits', 'groups.csv'), 'utf8');
    const lines = text.trim().split('\n').slice(1);
    expect(lines.map((line) => line.split(',')[0])).toEqual([inTest, inTraining, third, inTest, third]);
    expect(lines[3]).toMatch(/,!\w{26},"two, after all",Ada,2/);

    const alone = await runCommand(['apart', root, third, ...by]);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('OVR001')]);
    await commandJson(['together', root, inTest, third, ...by]);
    const again = await openProject(root);
    expect(groupOf(again, inTest)).toBe(groupOf(again, third));
  });

  it('refuses what is one patient already, and samples that are not there, and writes nothing', async () => {
    await readyFinetuned(root);
    const { dataset } = await openProject(root);
    const twin = dataset.samples.find(({ group, id }) =>
      dataset.samples.some((other) => other.group === group && other.id !== id),
    );
    const other = dataset.samples.find(({ group, id }) => group === twin?.group && id !== twin.id);
    const refused = await runCommand([
      'together',
      root,
      twin?.id ?? '',
      other?.id ?? '',
      '--annotator',
      'Ada',
    ]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('OVR001')]);
    const missing = await runCommand(['together', root, twin?.id ?? '', 'nowhere.png', '--annotator', 'Ada']);
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('OVR400')]);
    await expect(fs.stat(path.join(root, 'splits', 'groups.csv'))).rejects.toThrow();
  });
});
