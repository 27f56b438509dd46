import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import { loadConfig } from '../../../src/core/config/config';
import { resolveImages } from '../../../src/core/dataset/imagePath';
import { readDataset } from '../../../src/core/dataset/read';
import { makeSampleProject } from '../../../src/core/sample/sampleProject';
import { ensureSplits } from '../../../src/core/split/split';
import { makeProject, type TestProject } from '../dataset/support/project';

const projects: TestProject[] = [];
const folder = async (): Promise<TestProject> => {
  const made = await makeProject();
  projects.push(made);
  return made;
};
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});
const small = { images: 40, size: 64 };

test('a project that can be read, split and decoded, with 8 % wrong labels recorded apart', async () => {
  const { root, read } = await folder();
  const steps: number[] = [];
  const made = await makeSampleProject(root, { ...small, onProgress: ({ done }) => steps.push(done) });
  expect(made).toMatchObject({ images: 40, wrongLabels: 3, synthetic: true });
  expect(steps).toHaveLength(40);
  const config = await loadConfig(root);
  const { dataset, problems } = await readDataset(root, config);
  expect(problems).toEqual([]);
  expect(dataset.metadataColumns).toEqual(['view', 'age', 'sex']);
  expect(new Set(dataset.samples.map(({ group }) => group)).size).toBe(made.patients);
  const truth = (await read('truth.csv'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  expect(truth.map(([file]) => file)).toEqual(dataset.samples.map(({ path: file }) => file));
  expect(truth.map(([, , given]) => given)).toEqual(dataset.samples.map(({ given }) => given[0]));
  expect(truth.filter(([, right, given]) => right !== given)).toHaveLength(3);
  expect((await ensureSplits(await ProjectFolder.open(root), config, dataset)).assignment.folds).toBe(5);

  const depths = new Set<string>();
  for (const location of await resolveImages(root, config, dataset.samples)) {
    if (!('file' in location)) throw new Error(location.id);
    const { width, height, channels, depth } = await sharp(location.file).metadata();
    expect([width, height, channels]).toEqual([64, 64, 1]);
    depths.add(depth);
  }
  expect([...depths].sort()).toEqual(['uchar', 'ushort']);
  expect(await read('README.md')).toContain('synthetic');
  expect(await read('overread.yaml')).toContain('SYNTHETIC');
  expect(await read('.gitignore')).toContain('.overread/');
});

test('the same seed draws the same files, another seed others', async () => {
  const content = async (seed: number): Promise<string[]> => {
    const { root } = await folder();
    await makeSampleProject(root, { images: 12, size: 48, seed });
    const images = (await fs.readdir(path.join(root, 'images'))).sort();
    const files = ['samples.csv', 'truth.csv', ...images.map((name) => `images/${name}`)];
    return Promise.all(files.map((file) => fs.readFile(path.join(root, file), 'base64')));
  };
  const first = await content(4);
  expect(await content(4)).toEqual(first);
  expect(await content(5)).not.toEqual(first);
});

test('nothing is overwritten', async () => {
  const { root, write, read } = await folder();
  await write('samples.csv', 'mine\n');
  await expect(makeSampleProject(root, small)).rejects.toMatchObject({
    code: 'OVR103',
    place: { file: 'samples.csv' },
  });
  expect(await read('samples.csv')).toBe('mine\n');
});

test('a cancelled call leaves no project', async () => {
  const { root } = await folder();
  const abort = new AbortController();
  const onProgress = ({ done }: { done: number }): void => {
    if (done === 5) abort.abort();
  };
  await expect(makeSampleProject(root, { ...small, signal: abort.signal, onProgress })).rejects.toMatchObject(
    {
      code: 'OVR002',
    },
  );
  await expect(loadConfig(root)).rejects.toMatchObject({ code: 'OVR100' });
});
