/**
 * Every folder of the field trials, where they are at hand beside the checkout: what its README asks for, with the
 * sentence that says it.
 */
import { existsSync, readdirSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { imageFormats } from '../../../src/core/images/format';
import type { InitOptions } from '../../../src/core/intake/init';
import type { RunResult } from '../../../src/core/runs/model';
import { runAsNobody } from '../../attack/support/disks';
import { quickModel, runCli } from '../../support/cli';
import { commandJson } from '../../support/inProcess';
import {
  describeResult,
  lineWith,
  note,
  refusalOf,
  remove,
  sentencesOf,
  settingsOf,
  understand,
} from './support/understand';

const trials = path.resolve(import.meta.dirname, '../../../../shared/trials');
if (!existsSync(trials)) console.warn('SKIPPED: no trials at ../shared/trials');

interface GoesIn {
  /** How many images can be opened; all samples must have one. */
  readonly images: number;
  readonly settings?: object;
  readonly says: RegExp;
}
interface Asks {
  readonly asks: RegExp;
}
type Row = [folder: string, options: Partial<InitOptions>, expected: GoesIn | Asks];

const classes = (...names: readonly string[]) => ({ 'labels.task': 'multi-class', 'labels.classes': names });
const inFolder = (name: string) => ({
  'dataset.images': expect.stringMatching(new RegExp(`${name}$`)) as string,
});

const rows: readonly Row[] = [
  ['cells-with-spaces', { csv: 't.csv' }, { images: 36, settings: classes('Normal', 'Opacity'), says: /36 of 36 images are there/ }],
  ['class-folder-ends-in-space', { images: 'data' }, { images: 60, settings: classes('Effusion', 'Normal', 'Opacity'), says: /3 folders/ }],
  ['class-with-comma', { csv: 't.csv' }, { images: 40, settings: classes('Effusion', 'Normal', 'Pneumonia', 'Pneumonia, viral'), says: /OVR105 "Pneumonia, viral" in "diagnosis" is taken as one class/ }],
  ['classes-in-other-case', { csv: 't.csv' }, { images: 50, settings: classes('normal', 'pneumonia'), says: /OVR105 Classes of "label" that differ only in case/ }],
  ['conflicting-rows', { csv: 't.csv' }, { images: 30, settings: { ...classes('A', 'B'), 'labels.rows': 'readings', 'labels.reader': 'reader' }, says: /30 of 30 images stand in several rows, and "reader" names 2 readers/ }],
  ['conflicting-rows', { csv: 't.csv', rows: 'one' }, { images: 30, settings: classes('A', 'B'), says: /OVR203 3 images stand in rows that contradict/ }],
  ['decomposed-names', { csv: 't.csv' }, { images: 30, settings: classes('A', 'B'), says: /30 of 30 images/ }],
  ['extension-in-other-case', { csv: 't.csv' }, { images: 30, settings: classes('A', 'B'), says: /30 of 30 images/ }],
  ['extension-in-other-case', { csv: 'ids.csv', imageRoot: 'mixed' }, { images: 30, settings: classes('A', 'B'), says: /30 of 30 images/ }],
  ['folder-named-like-an-id', { csv: 'study/ids.csv' }, { images: 30, settings: inFolder('study/mixed'), says: /30 of 30 images/ }],
  ['kaggle-zip-as-unpacked', { images: 'chest_xray' }, { images: 46, settings: { ...classes('NORMAL', 'PNEUMONIA'), 'split.column': 'split' }, says: /46 images of a second copy are left out/ }],
  ['list-without-header', { csv: 'train.txt' }, { asks: /no header line: its first row is 0 abababab0.png negative bimcv/ }],
  ['list-without-header', { csv: 'train_renamed.csv' }, { asks: /no header line/ }],
  ['list-without-header', { csv: 'train_renamed.tsv' }, { asks: /no header line/ }],
  ['mask-rows', { csv: 'train-rle.csv', path: 'ImageId', label: 'EncodedPixels' }, { images: 36, settings: { ...classes('no mask', 'mask'), 'labels.rows': 'findings' }, says: /whether there is a mask/ }],
  ['masks-beside-images', { images: 'Dataset_BUSI_with_GT' }, { images: 30, settings: classes('benign', 'malignant', 'normal'), says: /31 masks are left out/ }],
  ['nan-as-class', { csv: 't.csv' }, { images: 36, settings: classes('Normal', 'Opacity'), says: /12 of 36 cells are "nan"/ }],
  ['nas-thumbnails', { images: 'data' }, { images: 20, settings: classes('A', 'B'), says: /2 folders of thumbnails/ }],
  ['one-folder-too-high', { images: 'data' }, { images: 24, settings: classes('n01', 'n02'), says: /5 images without a class/ }],
  ['one-hot-classes', { csv: 'ISIC_2019_Training_GroundTruth.csv' }, { images: 48, settings: { 'labels.task': 'multi-class', 'labels.one_hot': true, 'dataset.group': 'lesion_id' }, says: /exclude each other/ }],
  ['other-study-images', { csv: 'studyB/labels.csv' }, { images: 30, settings: inFolder('studyB/export/png'), says: /30 of 30 images/ }],
  ['paths-of-another-machine', { csv: 't.csv' }, { images: 30, settings: classes('A', 'B'), says: /all paths begin with it/ }],
  ['paths-of-another-machine', { csv: 't-drive.csv' }, { images: 30, settings: classes('A', 'B'), says: /all paths begin with it/ }],
  ['patient-ids-in-three-spellings', { csv: 't.csv' }, { images: 40, settings: { 'dataset.group': 'patient_id' }, says: /OVR213 30 patients are 10/ }],
  ['patient-ids-in-three-spellings', { csv: 't-case.csv' }, { images: 40, says: /OVR213 40 patients are 20/ }],
  ['patient-not-available', { csv: 't.csv' }, { images: 120, says: /OVR210 40 rows name no patient/ }],
  ['sep-line', { csv: 'sep.csv' }, { images: 30, settings: { ...classes('Erguss', 'unauffällig'), 'dataset.group': 'Patient' }, says: /30 of 30 images/ }],
  ['sep-line', { csv: 'utf16.csv' }, { images: 30, settings: { ...classes('Erguss', 'unauffällig'), 'dataset.group': 'Patient' }, says: /30 of 30 images/ }],
  ['sep-line', { csv: 'cp1252.csv' }, { images: 30, settings: classes('Erguss', 'unauffällig'), says: /OVR200 The table was read by a guess: .*Windows-1252/ }],
  ['several-readers', { csv: 'train.csv', path: 'image_id' }, { images: 30, settings: { 'labels.task': 'multi-label', 'labels.column': 'class_name', 'labels.rows': 'readings', 'labels.reader': 'rad_id' }, says: /"rad_id" names 3 readers/ }],
  ['several-readers', { csv: 'train.csv', path: 'image_id', rows: 'findings' }, { images: 30, settings: { 'labels.task': 'multi-label', 'labels.column': 'class_name' }, says: /you said so/ }],
  ['split-columns', { csv: 't.csv' }, { images: 40, settings: { 'split.column': 'Train_Val_Test', 'split.values': { 1: 'train', 2: 'validation', 3: 'test' } }, says: /in the order of its name/ }],
  ['split-columns', { csv: 'onehot.csv' }, { images: 40, settings: { 'split.column': { train: 'Train', validation: 'Val', test: 'Test' }, 'labels.column': 'Finding' }, says: /a column of 1 and 0 for each part/ }],
  ['split-columns', { csv: 'onehot_multi.csv' }, { images: 40, settings: { 'labels.findings': ['Edema', 'Effusion'] }, says: /for each part/ }],
  ['split-columns', { csv: 'istest.csv' }, { images: 40, settings: { 'split.values': { False: 'train', True: 'test' }, 'labels.column': 'label' }, says: /its name says what its cells mean/ }],
  ['split-columns', { csv: 'intlabel.csv' }, { images: 40, settings: { 'split.column': 'is_test', 'labels.column': 'Pneumonia' }, says: /1 is test/ }],
  ['split-columns', { csv: 'fold.csv' }, { images: 40, settings: { 'split.column': null }, says: /OVR105 "fold" holds folds/ }],
  ['two-part-folders', { csv: 'HAM10000_metadata.csv' }, { images: 48, settings: { 'dataset.group': 'lesion_id' }, says: /48 of 48 images/ }],
  ['urls-as-paths', { csv: 't.csv' }, { images: 30, settings: classes('A', 'B'), says: /holds addresses, which are not fetched/ }],
]; // prettier-ignore

const made: string[] = [];
afterAll(() => Promise.all(made.map(remove)));

/** What waits for a part of Overread that is not there yet. */
const withoutDicom = !imageFormats.some(({ name }) => name === 'DICOM');

describe.skipIf(!existsSync(trials))('trials', () => {
  for (const [folder, options, expected] of rows) {
    const input = [folder, options.csv ?? options.images, options.rows].filter((part) => part).join(' ');
    test(input, async (context) => {
      if ('asks' in expected) {
        const refusal = await refusalOf(understand(path.join(trials, folder), options));
        expect(refusal).toMatchObject({
          code: 'OVR104',
          message: expect.stringMatching(expected.asks) as string,
        });
        expect(refusal.fix).toBeTypeOf('string');
        note(context, { input, result: 'a question', sentence: `${refusal.message}. ${refusal.fix ?? ''}` });
        return;
      }
      const understood = await understand(path.join(trials, folder), options);
      made.push(understood.root);
      const said = sentencesOf(understood.result);
      expect(settingsOf(understood.result)).toMatchObject(expected.settings ?? {});
      expect(said).toMatch(expected.says);
      expect([understood.images, understood.result.samples]).toEqual([expected.images, expected.images]);
      note(context, { input, result: describeResult(understood), sentence: lineWith(said, expected.says) });
    });
  }

  test('cells-with-spaces, fine-tuned', async (context) => {
    const { root } = await understand(path.join(trials, 'cells-with-spaces'), { csv: 't.csv' });
    made.push(root);
    const { counts } = await commandJson<RunResult>(['finetune', root, ...quickModel]);
    expect(counts).toMatchObject({ samples: 36, skipped: 0 });
    note(context, {
      input: 'cells-with-spaces, finetune',
      result: `a run of ${counts.samples} images`,
      sentence: 'none is skipped',
    });
  });

  test('read-only-folder', async (context) => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-intake-'));
    made.push(path.join(folder, 'data'));
    await fs.cp(path.join(trials, 'read-only-folder'), folder, { recursive: true });
    const data = path.join(folder, 'data');
    for (const one of ['A', 'B', '.']) await fs.chmod(path.join(data, one), 0o555);
    await fs.chmod(folder, 0o755);
    const run = process.getuid?.() === 0 ? runAsNobody : runCli;
    const { code, stdout } = await run(['init', data, '--images', data, '--json'], {
      OVERREAD_CACHE: folder,
    });
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; fix: string } };
    expect([code, error.code]).toEqual([4, 'OVR003']);
    note(context, {
      input: 'read-only-folder',
      result: 'refused, exit 4',
      sentence: `${error.message}. ${error.fix}`,
    });
  });

  test.skipIf(withoutDicom)('all-images-dicom', async (context) => {
    const options = { csv: 'stage_2_train_labels.csv', path: 'patientId' };
    const understood = await understand(path.join(trials, 'all-images-dicom'), options);
    made.push(understood.root);
    const said = sentencesOf(understood.result);
    expect(settingsOf(understood.result)).toMatchObject({
      'labels.column': 'Target',
      'labels.rows': 'findings',
    });
    expect(said).toMatch(/a box in each; x, y, width, height are not used/);
    expect(understood.images).toBe(understood.result.samples);
    note(context, {
      input: 'all-images-dicom',
      result: describeResult(understood),
      sentence: lineWith(said, /a box/),
    });
  });

  test('every trial has a line', () => {
    const lines = [...rows.map(([folder]) => folder), 'read-only-folder', 'all-images-dicom'];
    expect(readdirSync(trials).sort()).toEqual([...new Set(lines)].sort());
  });
});
