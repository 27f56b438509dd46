/** `labels.rows: readings`: each reader's rows are that reader's readings, resolved together with the events. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/core/config/configText';
import { readDataset } from '../../../src/core/dataset/read';
import { exportLabelLines } from '../../../src/core/labels/exportLabels';
import { appendEdits } from '../../../src/core/labels/log';
import { buildTargets } from '../../../src/core/labels/targets';
import { countSamples } from '../../../src/core/project/countSamples';
import { openProject } from '../../../src/core/project/project';
import { openReview } from '../../../src/core/review/openReview';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-readings-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const classesYaml = 'labels: {rows: readings, reader: rad, classes: [A, B, C]}';
const classTable = `path,label,rad,age
a,A,r1,40
a,A,r2,40
a,B,r3,40
b,A,r1,50
b,B,r2,50
c,C,r1,60
c,C,r2,60
d,A,,70
d,B,r2,70
e,A,r1,80
e,B,r1,80
e,C,r2,80
`;

async function project(table: string, yaml: string): Promise<string> {
  const root = await fs.mkdtemp(path.join(folder, 'p-'));
  await fs.writeFile(path.join(root, 'samples.csv'), table);
  await fs.writeFile(path.join(root, 'overread.yaml'), `version: 1\n${yaml}\n`);
  return root;
}

const configOf = (yaml: string) => parseConfig(`version: 1\n${yaml}\n`);

test('readings need the column of readers', () => {
  const faults = configOf('labels: {rows: readings, classes: [A, B]}').diagnostics;
  expect(faults.map(({ message }) => message)).toEqual([
    'labels.rows is readings, but labels.reader names no column.',
  ]);
  const blind = configOf(`${classesYaml}\nreview: {blind_columns: [rad]}`).diagnostics;
  expect(blind.map(({ message }) => message).join()).toMatch(/no blind reader may see it/);
});

describe('one class of each reader', () => {
  test('the majority is the given label, a tie is none, and what varies is no metadata', async () => {
    const { config } = configOf(classesYaml);
    if (!config) throw new Error('no configuration');
    const root = await project(classTable, classesYaml);
    const { dataset, problems } = await readDataset(root, config);
    expect(dataset.samples.map(({ id, given }) => [id, given[0]])).toEqual([
      ['a', 'A'],
      ['b', null],
      ['c', 'C'],
      ['d', 'B'],
      ['e', 'C'],
    ]);
    expect(dataset.metadataColumns).toEqual(['age']);
    expect(dataset.samples[4]?.readings).toEqual([
      { reader: 'r1', labels: [null] },
      { reader: 'r2', labels: ['C'] },
    ]);
    const sentences = problems.map(({ code, message, place }) => `${code} ${message} ${place?.row ?? ''}`);
    expect(sentences.join('\n')).toMatch(/OVR204 The row names no reader 9/);
    expect(sentences.join('\n')).toMatch(/OVR203 1 reading of one reader in rows that contradict .* "e" 11/);
  });

  test.each([
    ['majority', ['A', null, 'C', 'B', 'C'], [0, -1, 2, 1, 2]],
    ['exclude', [null, null, 'C', 'B', 'C'], [-1, -1, 2, 1, 2]],
    ['given', ['A', null, 'C', 'B', 'C'], [0, -1, 2, 1, 2]],
  ])('disputes with %s', async (disputed, values, targets) => {
    const yaml = classesYaml.replace('}', `, disputed: ${disputed}}`);
    const { labels, dataset } = await openProject(await project(classTable, yaml));
    expect(dataset.samples.map((_, s) => labels.at(s, 0).value)).toEqual(values);
    expect([...buildTargets(dataset, labels).y]).toEqual(targets);
  });

  test('events are resolved with them: the same reader again, an adjudicator, an undo of neither', async () => {
    const root = await project(classTable, classesYaml);
    const edit = (annotator: string, role: 'reader' | 'adjudicator', sample: string, value: string) =>
      appendEdits(
        root,
        { name: annotator, role },
        [{ op: 'set', sample, finding: 'class', value }],
        () => null,
      );
    await edit('r2', 'reader', 'b', 'A');
    await edit('Chief', 'adjudicator', 'a', 'B');
    const opened = await openProject(root);
    const { labels, dataset } = opened;
    expect(labels.at(0, 0)).toMatchObject({ source: 'adjudication', value: 'B' });
    expect(labels.at(0, 0).readings).toHaveLength(4);
    // r2 has come round: r1 in the table and the event agree.
    expect(labels.at(1, 0)).toMatchObject({ source: 'reading', value: 'A', last: { annotator: 'r2' } });
    expect(labels.at(2, 0)).toEqual({
      value: 'C',
      given: 'C',
      source: 'reading',
      kept: false,
      excluded: false,
      masked: false,
      readings: ['r1', 'r2'].map((annotator) => ({ annotator, role: 'reader', op: 'set', value: 'C' })),
      last: { annotator: 'r1; r2' },
    });
    // Who has read it in the table has answered it, blind or not.
    expect(labels.heardFrom(2, 'r1')).toBe('now');
    expect(labels.heardFrom(2, 'r3')).toBe('never');
    expect([...exportLabelLines(labels)].slice(1, 4)).toEqual([
      expect.stringMatching(/^a,class,B,A,adjudication,Chief,20/),
      expect.stringMatching(/^b,class,A,,reading,r2,20/),
      'c,class,C,C,reading,r1; r2,,,false,false\n',
    ]);
    const counts = countSamples(opened, new Uint8Array(dataset.samples.length).fill(1), 0);
    expect(counts).toMatchObject({ disputed: 0, edited: 2, masked: 0 });
    const catalog = await openReview(opened, undefined);
    expect(catalog.queueCounts([])).toEqual(catalog.queueCounts([]));
    expect(catalog.editedSinceRun()).toBe(2);
    catalog.close();
  });
});

test('findings: what a reader does not mention counts as labels.unmentioned says', async () => {
  const table = 'path,P,Q,rad\na,1,,r1\na,,,r2\na,1,,r3\nb,1,,r1\nb,,1,r1\nb,0,-1,r2\n';
  const yaml = (unmentioned: string) =>
    `labels: {task: multi-label, findings: [P, Q], unmentioned: ${unmentioned}, rows: readings, reader: rad}`;
  const labelsOf = async (text: string) => {
    const { labels } = await openProject(await project(table, text));
    return [0, 1].flatMap((s) =>
      [0, 1].map((f) => `${labels.at(s, f).source} ${labels.at(s, f).value ?? '-'}`),
    );
  };
  expect(await labelsOf(yaml('negative'))).toEqual(['disputed 1', 'reading 0', 'disputed -', 'disputed -']);
  expect(await labelsOf(yaml('masked'))).toEqual(['reading 1', 'given -', 'disputed -', 'disputed -']);
});
