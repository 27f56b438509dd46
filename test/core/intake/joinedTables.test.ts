/** Labels, parts and patients in tables of their own: MIMIC-CXR, HAM10000 and their like. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/config';
import { readDataset } from '../../../src/core/dataset/read';
import { initProject, type InitOptions, type InitResult } from '../../../src/core/intake/init';
import { openProject } from '../../../src/core/project/project';
import { openReview } from '../../../src/core/review/openReview';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-joins-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** Lays tables down in one folder and takes `init` through the first. */
async function init(
  tables: Readonly<Record<string, string>>,
  options: Partial<InitOptions> = {},
): Promise<InitResult> {
  const root = await fs.mkdtemp(path.join(folder, 'p-'));
  for (const [name, text] of Object.entries(tables)) await fs.writeFile(path.join(root, name), text);
  const [first = ''] = Object.keys(tables);
  const { join, ...others } = options;
  return initProject({
    ...others,
    ...(join === undefined ? {} : { join: join && join.map((one) => path.join(root, one)) }),
    root,
    csv: path.join(root, first),
  });
}
const settings = ({ choices }: InitResult): Record<string, unknown> =>
  Object.fromEntries(choices.map(({ setting, value }) => [setting, value]));
const sentences = ({ problems }: InitResult): string =>
  problems.map(({ code, severity, message }) => `${code} ${severity} ${message}`).join('\n');

const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');

// MIMIC-CXR: a row for each image, for each study, and the parts.
const mimic = {
  'mimic-cxr-2.0.0-metadata.csv': `dicom_id,subject_id,study_id,ViewPosition,Rows\n${rows(24, (i) => `d${i}-a,1000${i >> 2},5000${i >> 1},${i % 2 ? 'PA' : 'LATERAL'},3056`)}`,
  'mimic-cxr-2.0.0-chexpert.csv': `subject_id,study_id,Atelectasis,Edema\n${rows(12, (i) => `1000${i >> 1},5000${i}.0,${i % 3 ? '' : '1.0'},${i % 2 ? '0.0' : '-1.0'}`)}`,
  'mimic-cxr-2.0.0-split.csv': `dicom_id,study_id,subject_id,split\n${rows(24, (i) => `d${i}-a,5000${i >> 1},1000${i >> 2},${['train', 'validate', 'test'][(i >> 2) % 3] ?? ''}`)}`,
};

describe('labels and parts beside the images', () => {
  test('are found, said, and joined by what they have in common', async () => {
    const result = await init(mimic);
    expect(settings(result)).toMatchObject({
      'dataset.table': 'mimic-cxr-2.0.0-metadata.csv',
      'dataset.join': [
        { table: 'mimic-cxr-2.0.0-chexpert.csv', key: 'study_id' },
        { table: 'mimic-cxr-2.0.0-split.csv', key: 'dicom_id' },
      ],
      'dataset.path': 'dicom_id',
      'dataset.group': 'subject_id',
      'split.column': 'split',
      'labels.findings': ['Atelectasis', 'Edema'],
    });
    const { because } = result.choices.find(({ setting }) => setting === 'dataset.join') ?? {};
    expect(because).toBe(
      'it has the same "study_id", and adds the labels; it has the same "dicom_id", and adds the parts of the split',
    );
    expect(result).toMatchObject({ samples: 24, patients: 6, metadata: ['ViewPosition', 'Rows'] });
    expect(result.prevalence[0]).toMatchObject({ name: 'Atelectasis', positive: 8, negative: 16 });
    expect(sentences(result)).not.toMatch(/OVR214/);

    // The project that was written reads the same; filters, parts and patients come from all three.
    const config = await loadConfig(result.root);
    const { dataset } = await readDataset(result.root, config);
    expect(dataset.samples[4]).toMatchObject({
      group: '10001',
      givenSplit: 'validation',
      given: [null, 'uncertain'],
    });
    const project = await openProject(result.root);
    const catalog = await openReview(project, undefined);
    const where = `"ViewPosition" = 'PA' AND finding = 'Edema'`;
    const query = { queue: 'all', splits: ['train'] as const, where, sort: 'path', descending: false };
    expect((await catalog.query(query)).rows).toHaveLength(4);
    catalog.close();
  });

  test('begin with the table of the images, whichever was named', async () => {
    const { 'mimic-cxr-2.0.0-chexpert.csv': labels, ...others } = mimic;
    const result = await init({ 'mimic-cxr-2.0.0-chexpert.csv': labels, ...others });
    expect(settings(result)).toMatchObject({
      'dataset.table': 'mimic-cxr-2.0.0-metadata.csv',
      'dataset.join': [
        { table: 'mimic-cxr-2.0.0-chexpert.csv', key: 'study_id' },
        { table: 'mimic-cxr-2.0.0-split.csv', key: 'dicom_id' },
      ],
    });
    expect(result.samples).toBe(24);
  });

  test('are not looked for where that is not wanted, or nothing is missing', async () => {
    await expect(init(mimic, { join: null })).rejects.toMatchObject({ code: 'OVR104' });
    const whole = `path,label,patient_id,split\n${rows(12, (i) => `${i}.png,${i % 2 ? 'A' : 'B'},${i >> 1},train`)}`;
    const result = await init({ 'a.csv': whole, 'labels.csv': whole.replaceAll('A', 'C') });
    expect(settings(result)).not.toHaveProperty('dataset.join');
    // A neighbour that is the same table with other cells: it would make other labels, so it is left alone.
    const alike = await init({
      'a.csv': `path,label\n${rows(12, (i) => `${i}.png,${i % 2 ? 'A' : 'B'}`)}`,
      'b.csv': `path,label,patient_id\n${rows(12, (i) => `${i}.png,${i % 2 ? 'C' : 'D'},${i >> 1}`)}`,
    });
    expect(settings(alike)).not.toHaveProperty('dataset.join');
  });
});

// HAM10000: the test part has its truth in a table whose column is called otherwise.
const images = `image_id,age\n${rows(10, (i) => `ISIC_${i},${40 + i}`)}`;

describe('a table that is named', () => {
  test('is joined by columns of other names that hold the same', async () => {
    const truth = `isic,dx\n${rows(10, (i) => `ISIC_${i},${i % 2 ? 'nv' : 'mel'}`)}`;
    const result = await init(
      { 'images.csv': images, 'truth.csv': truth },
      { join: ['truth.csv'], path: 'image_id' },
    );
    expect(settings(result)).toMatchObject({
      'dataset.join': [{ table: 'truth.csv', key: { image_id: 'isic' } }],
      'labels.column': 'dx',
    });
    const said = await init(
      { 'images.csv': images, 'truth.csv': truth },
      { join: ['truth.csv'], on: ['image_id=isic'], path: 'image_id' },
    );
    expect(settings(said)['dataset.join']).toEqual(settings(result)['dataset.join']);
  });

  test('says what did not come together', async () => {
    const truth = `image_id,dx,age\nISIC_0,nv,40\nISIC_1,nv,41\nISIC_1,mel,41\nISIC_2,mel,99\nISIC_3,nv,43\nISIC_3,nv,43\nISIC_77,nv,\n`;
    const result = await init(
      { 'images.csv': images, 'truth.csv': truth },
      { join: ['truth.csv'], path: 'image_id' },
    );
    expect(sentences(result)).toMatch(
      /OVR214 error 1 key of truth\.csv \("image_id"\) is in several rows that differ/,
    );
    expect(sentences(result)).toMatch(/OVR214 warning 1 key of truth\.csv .* say the same/);
    expect(sentences(result)).toMatch(/OVR214 warning 6 rows of 10 have no row in truth\.csv/);
    expect(sentences(result)).toMatch(/OVR214 info 1 row of truth\.csv belongs to no row of images\.csv/);
    expect(sentences(result)).toMatch(/OVR214 info .*: here "truth\.age"/);
    // What contradicts itself is no label; nothing is taken from the first row.
    expect(result.prevalence.map(({ name, positive }) => [name, positive])).toEqual([
      ['mel', 1],
      ['nv', 2],
    ]);
    const { dataset, problems } = await readDataset(result.root, await loadConfig(result.root));
    expect(dataset.samples.map(({ given }) => given[0]).slice(0, 5)).toEqual(['nv', null, 'mel', 'nv', null]);
    expect(dataset.samples[2]?.metadata).toEqual({ age: '42', 'truth.age': '99' });
    expect(problems.filter(({ code }) => code === 'OVR214')).toHaveLength(5);
  });

  test('is refused where nothing fits', async () => {
    const tables = {
      'images.csv': images,
      'truth.csv': `image_id,dx\n${rows(10, (i) => `X${i},${i % 2 ? 'nv' : 'mel'}`)}`,
    };
    await expect(
      init(tables, { join: ['truth.csv'], on: ['image_id'], path: 'image_id' }),
    ).rejects.toMatchObject({
      code: 'OVR214',
      message: expect.stringMatching(/"ISIC_0" there, "X0" here/) as string,
    });
    await expect(init(tables, { join: ['truth.csv'], path: 'image_id' })).rejects.toMatchObject({
      code: 'OVR104',
      message: 'No column of truth.csv holds what a column of images.csv does',
    });
    await expect(init(tables, { join: ['truth.csv'], on: ['id'], path: 'image_id' })).rejects.toMatchObject({
      code: 'OVR201',
    });
  });

  test('is joined by several columns', async () => {
    const left = `patient,eye,image\n${rows(8, (i) => `${i >> 1},${i % 2 ? 'L' : 'R'},${i}.png`)}`;
    const right = `patient,eye,grade\n${rows(8, (i) => `${i >> 1},${i % 2 ? 'L' : 'R'},${i % 2 ? 'mild' : 'none'}`)}`;
    const result = await init(
      { 'a.csv': left, 'b.csv': right },
      { join: ['b.csv'], on: ['patient,eye'], label: 'grade' },
    );
    expect(settings(result)).toMatchObject({ 'dataset.join': [{ table: 'b.csv', key: ['patient', 'eye'] }] });
    expect(sentences(result)).not.toMatch(/OVR214/);
  });
});

describe('what else a guess could be', () => {
  test('is told: rows, tables beside it, folders with files of the same names', async () => {
    const alike = `file,label\n${rows(8, (i) => `${i >> 1}.png,${i % 2 ? 'A' : 'B'}`)}`;
    const result = await init(
      { 'a.csv': alike, 'ages.csv': 'file,age\n0.png,4\n1.png,5\n' },
      { rows: 'one' },
    );
    expect(result.alternatives).toEqual([
      { option: 'join', setting: 'dataset.join', values: ['ages.csv'] },
      { option: 'rows', setting: 'labels.rows', values: ['one', 'findings', 'readings'] },
    ]);
    expect(settings(result)['labels.rows']).toBe('one');
    const root = await fs.mkdtemp(path.join(folder, 'p-'));
    for (const place of ['one/x', 'two/x']) {
      await fs.mkdir(path.join(root, place), { recursive: true });
      for (let i = 0; i < 4; i++) await fs.writeFile(path.join(root, place, `${i}.png`), '');
    }
    await fs.writeFile(
      path.join(root, 't.csv'),
      `file,label\n${rows(4, (i) => `${i}.png,${i % 2 ? 'A' : 'B'}`)}`,
    );
    const twice = await initProject({ root, csv: path.join(root, 't.csv') });
    expect(twice.alternatives).toEqual([
      { option: 'image-root', setting: 'dataset.images', values: ['one/x', 'two/x'] },
    ]);
    const other = await initProject({
      root,
      csv: path.join(root, 't.csv'),
      imageRoot: path.join(root, 'two/x'),
      force: true,
    });
    expect(settings(other)['dataset.images']).toBe('two/x');
  });

  test('a part of a column is the patient', async () => {
    const table = `file,who,label\n${rows(8, (i) => `${i}.png,P${i >> 1}_left,${i % 2 ? 'A' : 'B'}`)}`;
    const named = await init({ 't.csv': table }, { group: 'who', groupPattern: 'P(\\d+)_' });
    expect(settings(named)['dataset.group']).toEqual({ column: 'who', pattern: 'P(\\d+)_' });
    expect(named.patients).toBe(4);
    const ofPath = await init({ 't.csv': table }, { groupPattern: '^(\\d)' });
    expect(ofPath.choices.find(({ setting }) => setting === 'dataset.group')).toMatchObject({
      value: { column: 'file', pattern: '^(\\d)' },
      because: 'you said so; 8 patients in 8 of 8 cells',
    });
    await expect(init({ 't.csv': table }, { groupPattern: '(?=P)' })).rejects.toMatchObject({
      code: 'OVR001',
      message: 'The pattern of the patient cannot be used: it looks ahead or behind',
    });
  });
});
