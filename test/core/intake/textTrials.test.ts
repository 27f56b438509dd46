/**
 * Field trials about texts and columns, and the public tables, where they are at hand beside the checkout: each input
 * with its result and the sentence that says it.
 */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/config';
import { readDataset } from '../../../src/core/dataset/read';
import { initProject, type InitOptions, type InitResult } from '../../../src/core/intake/init';

const shared = path.resolve(import.meta.dirname, '../../../../shared');
const trials = path.join(shared, 'trials');
const manifests = path.join(shared, 'data/manifests');
for (const folder of [trials, manifests]) {
  if (!existsSync(folder)) console.warn(`SKIPPED: nothing at ${path.relative(path.dirname(shared), folder)}`);
}

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-trials-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** What `init` makes of a table, as it is read again from the project that it wrote. */
async function init(csv: string, options: Partial<InitOptions> = {}): Promise<InitResult> {
  const root = path.join(await fs.mkdtemp(path.join(folder, 'p-')), 'P');
  const result = await initProject({ ...options, root, csv });
  const { dataset } = await readDataset(root, await loadConfig(root));
  expect(dataset.samples).toHaveLength(result.samples);
  return result;
}
const settings = ({ choices }: InitResult): Record<string, unknown> =>
  Object.fromEntries(choices.map(({ setting, value }) => [setting, value]));
const sentences = ({ problems, choices }: InitResult): string =>
  [
    ...problems.map(({ code, message }) => `${code} ${message}`),
    ...choices.map(({ because }) => because),
  ].join('\n');

const classes = (...names: readonly string[]) => ({ 'labels.task': 'multi-class', 'labels.classes': names });

describe.skipIf(!existsSync(trials))('trials', () => {
  test.each<[string, Partial<InitOptions>, number, object, RegExp]>([
    ['cells-with-spaces/t.csv', {}, 36, classes('Normal', 'Opacity'), /36 of 36 images are there/],
    [
      'class-with-comma/t.csv',
      {},
      40,
      classes('Effusion', 'Normal', 'Pneumonia', 'Pneumonia, viral'),
      /OVR105 "Pneumonia, viral" in "diagnosis" is taken as one class/,
    ],
    [
      'classes-in-other-case/t.csv',
      {},
      50,
      classes('normal', 'pneumonia'),
      /OVR105 Classes of "label" that differ only in case/,
    ],
    ['nan-as-class/t.csv', {}, 36, classes('Normal', 'Opacity'), /12 of 36 cells are "nan"/],
    [
      'one-hot-classes/ISIC_2019_Training_GroundTruth.csv',
      {},
      48,
      { 'labels.task': 'multi-class', 'labels.one_hot': true },
      /exclude each other/,
    ],
    ['two-part-folders/HAM10000_metadata.csv', {}, 48, { 'dataset.group': 'lesion_id' }, /48 of 48 images/],
    [
      'patient-ids-in-three-spellings/t.csv',
      {},
      40,
      { 'dataset.group': 'patient_id' },
      /OVR213 30 patients are 10/,
    ],
    ['patient-ids-in-three-spellings/t-case.csv', {}, 40, {}, /OVR213 40 patients are 20/],
    ['patient-not-available/t.csv', {}, 120, {}, /OVR210 40 rows name no patient/],
    [
      'sep-line/sep.csv',
      {},
      30,
      { ...classes('Erguss', 'unauffällig'), 'dataset.group': 'Patient' },
      /30 of 30 images/,
    ],
    [
      'sep-line/utf16.csv',
      {},
      30,
      { ...classes('Erguss', 'unauffällig'), 'dataset.group': 'Patient' },
      /30 of 30 images/,
    ],
    [
      'sep-line/cp1252.csv',
      {},
      30,
      classes('Erguss', 'unauffällig'),
      /OVR200 The table was read by a guess: .*Windows-1252/,
    ],
    [
      'split-columns/t.csv',
      {},
      40,
      { 'split.column': 'Train_Val_Test', 'split.values': { 1: 'train', 2: 'validation', 3: 'test' } },
      /in the order of its name/,
    ],
    [
      'split-columns/onehot.csv',
      {},
      40,
      { 'split.column': { train: 'Train', validation: 'Val', test: 'Test' }, 'labels.column': 'Finding' },
      /a column of 1 and 0 for each part/,
    ],
    ['split-columns/onehot_multi.csv', {}, 40, { 'labels.findings': ['Edema', 'Effusion'] }, /for each part/],
    [
      'split-columns/istest.csv',
      {},
      40,
      { 'split.values': { False: 'train', True: 'test' }, 'labels.column': 'label' },
      /its name says what its cells mean/,
    ],
    [
      'split-columns/intlabel.csv',
      {},
      40,
      { 'split.column': 'is_test', 'labels.column': 'Pneumonia' },
      /1 is test/,
    ],
    ['split-columns/fold.csv', {}, 40, { 'split.column': null }, /OVR105 "fold" holds folds/],
    [
      'mask-rows/train-rle.csv',
      { path: 'ImageId', label: 'EncodedPixels' },
      36,
      { ...classes('no mask', 'mask'), 'labels.rows': 'findings' },
      /whether there is a mask/,
    ],
    [
      'several-readers/train.csv',
      { path: 'image_id', rows: 'findings' },
      30,
      { 'labels.task': 'multi-label', 'labels.column': 'class_name' },
      /you said so/,
    ],
    [
      'conflicting-rows/t.csv',
      { rows: 'one' },
      30,
      classes('A', 'B'),
      /OVR203 3 images stand in rows that contradict/,
    ],
  ])('%s', async (file, options, samples, expected, sentence) => {
    const result = await init(path.join(trials, file), options);
    expect(settings(result)).toMatchObject(expected);
    expect(sentences(result)).toMatch(sentence);
    expect(result.samples).toBe(samples);
  });

  test.each<[string, Partial<InitOptions>, RegExp]>([
    [
      'several-readers/train.csv',
      { path: 'image_id' },
      /images stand in several rows.*"rad_id" names 3 readers/,
    ],
    [
      'conflicting-rows/t.csv',
      {},
      /30 of 30 images stand in several rows \(60 rows\); "reader" names 2 readers/,
    ],
    ['list-without-header/train.txt', {}, /no header line: its first row is 0 abababab0.png negative bimcv/],
    ['list-without-header/train_renamed.csv', {}, /no header line/],
    ['list-without-header/train_renamed.tsv', {}, /no header line/],
  ])('%s is a question', async (file, options, message) => {
    await expect(init(path.join(trials, file), options)).rejects.toMatchObject({
      code: 'OVR104',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe.skipIf(!existsSync(manifests))('public tables', () => {
  test('NIH ChestX-ray14', async () => {
    const result = await init(path.join(manifests, 'Data_Entry_2017_v2020.csv.gz'));
    expect(result).toMatchObject({ samples: 112_120, patients: 30_805, task: 'multi-label' });
    expect(settings(result)).toMatchObject({
      'labels.column': 'Finding Labels',
      'labels.none': 'No Finding',
    });
    expect(result.prevalence).toHaveLength(14);
    expect(result.prevalence.find(({ name }) => name === 'Hernia')?.positive).toBe(227);
    expect(result.problems.map(({ code }) => code)).toEqual(['OVR300']);
  });

  test('CheXpert', async () => {
    const result = await init(path.join(manifests, 'chexpert_train.csv.gz'));
    expect(result).toMatchObject({ samples: 223_414, patients: 64_540, task: 'multi-label' });
    expect(result.prevalence).toHaveLength(14);
    expect(result.prevalence.find(({ name }) => name === 'Atelectasis')).toMatchObject({ positive: 33_376 });
    expect(result.problems.map(({ code }) => code)).toEqual(['OVR300']);
  });

  test('VinDr-CXR: a question, and its findings together', async () => {
    const file = path.join(manifests, 'vinbigdata-train.csv.gz');
    await expect(init(file)).rejects.toMatchObject({
      code: 'OVR104',
      message: expect.stringMatching(/15000 of 15000 images .*"rad_id" names 17 readers/) as string,
    });
    const result = await init(file, { rows: 'findings' });
    expect(result).toMatchObject({ samples: 15_000, task: 'multi-label', metadata: [] });
    expect(result.prevalence).toHaveLength(14);
    expect(result.prevalence.find(({ name }) => name === 'Pleural thickening')?.positive).toBe(1981);
  });
});
