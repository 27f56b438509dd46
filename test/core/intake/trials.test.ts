/** The layouts that went wrong in field trials, where they are at hand: synthetic, small, beside the checkout. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/config';
import { resolveImages } from '../../../src/core/dataset/imagePath';
import { readDataset } from '../../../src/core/dataset/read';
import { initProject, type InitOptions, type InitResult } from '../../../src/core/intake/init';

const trials = path.resolve(import.meta.dirname, '../../../../shared/trials');
if (!existsSync(trials)) console.warn('SKIPPED: no trials at ../shared/trials');

describe.skipIf(!existsSync(trials))('trials', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-trials-'));
  });
  afterAll(() => fs.rm(folder, { recursive: true, force: true }));

  /** What `init` makes of a trial, and how many of its images are there. */
  async function init(trial: string, options: Partial<InitOptions>) {
    const root = path.join(await fs.mkdtemp(path.join(folder, 'p-')), 'P');
    const within = (file: string | undefined) => file && path.join(trials, trial, file);
    const result = await initProject({
      ...options,
      root,
      ...(options.images === undefined ? {} : { images: within(options.images) ?? '' }),
      ...(options.csv === undefined ? {} : { csv: within(options.csv) ?? '' }),
    });
    const config = await loadConfig(root);
    const { dataset } = await readDataset(root, config);
    const found = await resolveImages(root, config, dataset.samples);
    const there = found.filter((one) => 'file' in one && existsSync(one.file));
    return { result, images: there.length, classes: dataset.findings[0]?.values ?? [], dataset };
  }

  const messages = ({ problems }: InitResult): string =>
    problems.map(({ code, message }) => `${code} ${message}`).join('\n');

  test.each([
    ['class-folder-ends-in-space', { images: 'data' }, 60, ['Effusion', 'Normal', 'Opacity'], ''],
    [
      'kaggle-zip-as-unpacked',
      { images: 'chest_xray' },
      46,
      ['NORMAL', 'PNEUMONIA'],
      '46 images of a second copy are left out',
    ],
    [
      'masks-beside-images',
      { images: 'Dataset_BUSI_with_GT' },
      30,
      ['benign', 'malignant', 'normal'],
      '31 masks are left out',
    ],
    ['nas-thumbnails', { images: 'data' }, 20, ['A', 'B'], '2 folders of thumbnails'],
    ['one-folder-too-high', { images: 'data' }, 24, ['n01', 'n02'], '5 images without a class folder'],
    ['decomposed-names', { csv: 't.csv' }, 30, ['A', 'B'], ''],
    ['extension-in-other-case', { csv: 't.csv' }, 30, ['A', 'B'], ''],
    [
      'extension-in-other-case',
      { csv: 'ids.csv' },
      15,
      ['A', 'B'],
      '2 files fit the path 0: images/0.jpg and mixed/0.jpg',
    ],
    ['folder-named-like-an-id', { csv: 'study/ids.csv' }, 30, ['A', 'B'], ''],
    ['other-study-images', { csv: 'studyB/labels.csv' }, 30, ['A', 'B'], ''],
    ['paths-of-another-machine', { csv: 't.csv' }, 30, ['A', 'B'], ''],
    ['paths-of-another-machine', { csv: 't-drive.csv' }, 30, ['A', 'B'], ''],
    ['urls-as-paths', { csv: 't.csv' }, 30, ['A', 'B'], 'holds addresses, which are not fetched'],
    [
      'two-part-folders',
      { csv: 'HAM10000_metadata.csv' },
      48,
      ['akiec', 'bcc', 'bkl', 'df', 'mel', 'nv'],
      '',
    ],
  ])('%s %j', async (trial, options, count, classes, said) => {
    const { result, images, classes: read } = await init(trial, options);
    expect(images).toBe(count);
    expect(read).toEqual(classes);
    expect(messages(result)).toContain(said);
    // Nobody is sent to another study.
    if (trial === 'other-study-images')
      expect(result.choices.find(({ setting }) => setting === 'dataset.images')?.value).toMatch(
        /studyB\/export\/png$/,
      );
  });
});
