/** Joined groups: patients, parts and folds that do not cut one, and the file that says so. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/base/pieces';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import { ProblemList } from '../../../src/core/dataset/problemList';
import type { Split, SplitAssignment } from '../../../src/core/dataset/model';
import { appendJoinedGroup, groupsFile, readJoinedGroups } from '../../../src/core/split/joinedGroups';
import { keepTogether } from '../../../src/core/split/keepTogether';
import { classConfig, makeDataset, makeProject, type TestProject } from '../dataset/support/project';

const projects: TestProject[] = [];
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});

const rows: readonly (readonly [id: string, group: string, split: Split, fold: number])[] = [
  ['a1', 'A', 'train', 0],
  ['a2', 'A', 'train', 0],
  ['b1', 'B', 'train', 1],
  ['c1', 'C', 'validation', -1],
  ['d1', 'D', 'test', -1],
  ['e1', 'E', 'test', -1],
  ['f1', 'F', 'train', 1],
];
const dataset = makeDataset(
  'multi-class',
  ['a', 'b'],
  rows.map(([id, group]) => ({ id, group, given: ['a'] })),
);
const assignment: SplitAssignment = {
  split: rows.map(([, , split]) => split),
  fold: Int32Array.from(rows, ([, , , fold]) => fold),
  folds: 2,
};
const together = (...groups: readonly (readonly string[])[]) => {
  const {
    dataset: joined,
    assignment: parts,
    moved,
  } = atOnce(keepTogether(dataset, assignment, new Map(groups.map((ids, k) => [`g${k}`, ids]))));
  return {
    rows: joined.samples.map(({ id, group }, i) => [id, group, parts.split[i], parts.fold[i]]),
    moved: moved.map(({ sample, from, to }) => `${sample} ${from} ${to}`),
  };
};
const changed = (wanted: Readonly<Record<string, readonly [string, Split, number]>>): unknown[] =>
  rows.map(([id, ...rest]) => [id, ...(wanted[id] ?? rest)]);

describe('what is kept together', () => {
  it('changes nothing where nothing is joined, or what is one patient already', () => {
    expect(together()).toEqual({ rows: rows.map((row) => [...row]), moved: [] });
    expect(together(['a1', 'a2'])).toEqual({ rows: rows.map((row) => [...row]), moved: [] });
  });

  it('goes to training where any of it is there, with all images of its patients, into the commonest fold', () => {
    expect(together(['b1', 'a2', 'd1'])).toEqual({
      rows: changed({ b1: ['A', 'train', 0], d1: ['A', 'train', 0] }),
      moved: ['d1 test train'],
    });
  });

  it('goes to validation where none is in training: the test part only shrinks', () => {
    expect(together(['d1', 'c1'])).toEqual({
      rows: changed({ d1: ['C', 'validation', -1] }),
      moved: ['d1 test validation'],
    });
    expect(together(['d1', 'e1'])).toEqual({ rows: changed({ e1: ['D', 'test', -1] }), moved: [] });
  });

  it('hangs together over several lines, whatever their order', () => {
    const wanted = {
      rows: changed({ c1: ['B', 'train', 1], d1: ['B', 'train', 1], f1: ['B', 'train', 1] }),
      moved: ['c1 validation train', 'd1 test train'],
    };
    expect(together(['c1', 'd1'], ['d1', 'f1'], ['f1', 'b1'])).toEqual(wanted);
    expect(together(['f1', 'b1'], ['c1', 'd1'], ['d1', 'f1'])).toEqual(wanted);
  });
});

describe('splits/groups.csv', () => {
  const ids = new Set(['plain', 'with, comma', 'c']);
  const read = async (root: string) => {
    const faults = new ProblemList();
    const groups = await readJoinedGroups(root, ids, faults);
    return {
      groups: [...groups.values()],
      problems: faults.problems.map(({ code, place }) => [code, place?.row]),
    };
  };
  const open = async (): Promise<string> => {
    const made = await makeProject({ 'overread.yaml': classConfig() });
    projects.push(made);
    return made.root;
  };

  it('says who joined what, when and why, and is read back', async () => {
    const root = await open();
    expect(await read(root)).toEqual({ groups: [], problems: [] });
    const folder = await ProjectFolder.open(root);
    const time = new Date('2026-11-27T06:00:00Z');
    const joining = { reason: 'copies, "again"', by: 'Ada', time };
    await appendJoinedGroup(folder, { ...joining, samples: ['plain', 'with, comma'] });
    await appendJoinedGroup(folder, { ...joining, samples: ['plain', 'c'], reason: '' });
    const text = await fs.readFile(path.join(root, groupsFile), 'utf8');
    expect(text.split('\n')[0]).toBe('sample,group,reason,by,time');
    expect(text).toMatch(/^"with, comma",[0-9A-Z]{26},"copies, ""again""",Ada,2026-11-27T06:00:00\.000Z$/m);
    expect(await read(root)).toEqual({
      groups: [
        ['plain', 'with, comma'],
        ['plain', 'c'],
      ],
      problems: [],
    });
  });

  it('tells of lines that keep nothing together, and goes on', async () => {
    const root = await open();
    const lines = [
      'sample,group,reason,by,time',
      'plain,1,,Ada,x',
      'gone,1,,Ada,x',
      'c,,,Ada,x',
      'c,1,,Ada,x',
    ];
    await fs.mkdir(path.join(root, 'splits'), { recursive: true });
    await fs.writeFile(path.join(root, groupsFile), `${lines.join('\n')}\n`);
    expect(await read(root)).toEqual({
      groups: [['plain', 'c']],
      problems: [
        ['OVR217', 3],
        ['OVR217', 4],
      ],
    });
  });

  it('is left alone where it is somebody else’s', async () => {
    const root = await open();
    await fs.mkdir(path.join(root, 'splits'), { recursive: true });
    await fs.writeFile(path.join(root, groupsFile), 'patient,arm\n1,2\n');
    const folder = await ProjectFolder.open(root);
    const joining = { reason: '', by: 'Ada', time: new Date(), samples: ['plain', 'c'] };
    await expect(appendJoinedGroup(folder, joining)).rejects.toMatchObject({ code: 'OVR005' });
  });
});
