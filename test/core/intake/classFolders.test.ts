/** Folders as people have them: which level is the classes, and what lies beside the images. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findClassImages } from '../../../src/core/intake/classFolders';
import { initProject } from '../../../src/core/intake/init';
import { makeProject, type TestProject } from '../dataset/support/project';

const projects: TestProject[] = [];
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});

/** A folder `data` with these files, empty. */
async function data(files: readonly string[]): Promise<string> {
  const made = await makeProject(Object.fromEntries(files.map((file) => [`data/${file}`, ''])));
  projects.push(made);
  return path.join(made.root, 'data');
}

/** What each folder became: `label split: first path`, a line for each pair, with its count. */
async function understood(files: readonly string[], classLevel?: number): Promise<Record<string, number>> {
  const { images } = await findClassImages(await data(files), classLevel === undefined ? {} : { classLevel });
  const counts: Record<string, number> = {};
  for (const { label, split } of images) {
    const key = split === null ? label : `${label} ${split}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const numbered = (folder: string, count: number, name = (k: number) => `${k}.png`): string[] =>
  Array.from({ length: count }, (_, k) => `${folder}/${name(k)}`);

describe('the level of classes', () => {
  test.each([
    ['at the top', [...numbered('A', 3), ...numbered('B', 2)], { A: 3, B: 2 }],
    [
      'below the parts of a split',
      [
        ...numbered('train/A', 3),
        ...numbered('train/B', 2),
        ...numbered('val/A', 1),
        ...numbered('test/B', 1),
      ],
      { 'A train': 3, 'B train': 2, 'A validation': 1, 'B test': 1 },
    ],
    [
      'above the parts of a split',
      [
        ...numbered('A/train', 3),
        ...numbered('A/test', 1),
        ...numbered('B/train', 2),
        ...numbered('B/test', 1),
      ],
      { 'A train': 3, 'A test': 1, 'B train': 2, 'B test': 1 },
    ],
    ['one folder too high', [...numbered('set/A', 3), ...numbered('set/B', 2)], { A: 3, B: 2 }],
    [
      'two folders too high, with a split between',
      [...numbered('data/imagenet/train/n01', 3), ...numbered('data/imagenet/train/n02', 2)],
      { 'n01 train': 3, 'n02 train': 2 },
    ],
    [
      'below sites',
      [
        ...numbered('site1/A', 3),
        ...numbered('site1/B', 1),
        ...numbered('site2/A', 1),
        ...numbered('site2/B', 2),
      ],
      { A: 4, B: 3 },
    ],
    [
      'below folds',
      [
        ...numbered('fold_0/A', 2),
        ...numbered('fold_0/B', 1),
        ...numbered('fold_1/A', 1),
        ...numbered('fold_1/B', 2),
      ],
      { A: 3, B: 3 },
    ],
    [
      'above patients',
      [...numbered('A/patient1', 2), ...numbered('A/patient2', 2), ...numbered('B/patient3', 2)],
      { A: 4, B: 2 },
    ],
    [
      'above sides that repeat',
      [
        ...numbered('A/left', 2),
        ...numbered('A/right', 2),
        ...numbered('B/left', 1),
        ...numbered('B/right', 1),
      ],
      { A: 4, B: 2 },
    ],
    [
      'at the end of the folders of studies, as in MURA',
      [
        ...numbered('XR_WRIST/patient00001/study1_positive', 2),
        ...numbered('XR_WRIST/patient00002/study1_negative', 1),
        ...numbered('XR_HAND/patient00001/study2_negative', 1),
      ],
      { positive: 2, negative: 2 },
    ],
    [
      'with a space at its end',
      [...numbered('Normal ', 3), ...numbered('Opacity', 2)],
      { Normal: 3, Opacity: 2 },
    ],
  ])('%s', async (_, files, expected) => {
    expect(await understood(files)).toEqual(expected);
  });

  test('two that could be it are a question, which --class-level answers', async () => {
    const files = ['north', 'south'].flatMap((site) =>
      ['A', 'B'].flatMap((name) => numbered(`${site}/${name}`, 2)),
    );
    await expect(understood(files)).rejects.toMatchObject({
      code: 'OVR104',
      message: 'Two levels of folders could be the classes: north, south; or A, B',
      fix: 'Say which: --class-level 1 for north, south; --class-level 2 for A, B.',
    });
    expect(await understood(files, 1)).toEqual({ north: 4, south: 4 });
    expect(await understood(files, 2)).toEqual({ A: 4, B: 4 });
    await expect(understood(files, 3)).rejects.toMatchObject({ expected: 'a level from 1 to 2' });
  });

  test('a pattern finds the class in the names, and the parts stay', async () => {
    const folder = await data(['Train/a_0.png', 'Train/b_1.png', 'Test/c_0.png', 'Test/d.png']);
    const { images, problems } = await findClassImages(folder, { classPattern: '_(\\d)\\.png$' });
    expect(images.map(({ path: at, label, split }) => [at, label, split])).toEqual([
      ['Test/c_0.png', '0', 'test'],
      ['Train/a_0.png', '0', 'train'],
      ['Train/b_1.png', '1', 'train'],
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      '1 image without a class is left out, such as Test/d.png',
    ]);
    await expect(findClassImages(folder, { classPattern: '(?<=x)y' })).rejects.toMatchObject({
      code: 'OVR001',
    });
    await expect(findClassImages(folder, { classPattern: '\\.(png)$' })).rejects.toMatchObject({
      code: 'OVR104',
      message: expect.stringContaining('finds one class only') as string,
    });
  });

  test('one class alone is refused, with the folders that there are', async () => {
    await expect(understood(numbered('A/deep', 3))).rejects.toMatchObject({
      code: 'OVR104',
      message: expect.stringContaining('would be of one class, "A"') as unknown,
      fix: expect.stringContaining('one below (there are deep)') as unknown,
    });
  });
});

describe('what is left out is told', () => {
  const messages = async (folder: string): Promise<string[]> =>
    (await findClassImages(folder)).problems.map(({ message }) => message);

  test('thumbnails, leftovers of archivers, dot files', async () => {
    const folder = await data([
      ...numbered('A', 2),
      ...numbered('B', 2),
      'A/@eaDir/0.png/SYNOPHOTO_THUMB_M.jpg',
      'B/@eaDir/1.png/SYNOPHOTO_THUMB_M.jpg',
      '__MACOSX/A/._0.png',
      'A/._1.png',
      'Thumbs/0.png',
    ]);
    expect((await findClassImages(folder)).images).toHaveLength(4);
    expect(await messages(folder)).toEqual([
      expect.stringMatching(/^4 folders of thumbnails or of what an archiver left are left out, such as /),
    ]);
  });

  test('masks beside their images, and in a folder beside that of the images', async () => {
    const folder = await data([
      ...numbered('A', 2, (k) => `a (${k}).png`),
      ...numbered('A', 2, (k) => `a (${k})_mask.png`),
      'A/a (1)_mask_1.png',
      ...numbered('B/images', 2),
      ...numbered('B/masks', 2),
      // Named like a mask, but there is no image that it belongs to.
      'B/images/lung_seg.png',
    ]);
    expect((await findClassImages(folder)).images.map((image) => image.path)).toEqual([
      'A/a (0).png',
      'A/a (1).png',
      'B/images/0.png',
      'B/images/1.png',
      'B/images/lung_seg.png',
    ]);
    expect(await messages(folder)).toEqual([
      expect.stringMatching(/^5 masks are left out, such as A\/a \(0\)_mask/),
    ]);
  });

  test('a second copy of everything, and what has no class', async () => {
    const once = ['train/A', 'train/B', 'test/A'].flatMap((name) => numbered(name, 2));
    const folder = await data([...once, ...once.map((file) => `data/${file}`), 'test/7.png']);
    const { images } = await findClassImages(folder);
    expect(images.map((image) => image.path)).toEqual([...once].sort());
    expect(await messages(folder)).toEqual([
      '6 images of a second copy are left out, such as data/test/A/0.png',
      '1 image without a class is left out, such as test/7.png',
    ]);
  });

  test('linked folders are not followed; linked files are taken', async () => {
    const folder = await data([...numbered('A', 2), ...numbered('B', 2)]);
    await fs.symlink(path.join(folder, 'A'), path.join(folder, 'C'), 'junction');
    await fs.symlink(path.join(folder, 'A', '0.png'), path.join(folder, 'B', 'link.png'));
    expect(await messages(folder)).toEqual(['1 linked folder is left out, such as C']);
    expect((await findClassImages(folder)).images.map((image) => image.path)).toContain('B/link.png');
  });

  test('Overread’s own folders, where the project lies among its images', async () => {
    const folder = await data([...numbered('A', 2), ...numbered('B', 2)]);
    await initProject({ root: folder, images: folder });
    await fs.mkdir(path.join(folder, 'runs/x'), { recursive: true });
    await fs.writeFile(path.join(folder, 'runs/x/map.png'), '');
    expect((await findClassImages(folder)).images).toHaveLength(4);
    expect(await messages(folder)).toEqual(['1 folder of Overread’s own files is left out, such as runs']);
  });
});
