/** Tables whose paths are not quite where the files are: found, or said what is missing; never another study's. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/config';
import { resolveImages } from '../../../src/core/dataset/imagePath';
import { readDataset } from '../../../src/core/dataset/read';
import { initProject, type InitOptions, type InitResult } from '../../../src/core/intake/init';
import { makeProject, type TestProject } from '../dataset/support/project';

const projects: TestProject[] = [];
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});

interface Made {
  readonly root: string;
  readonly result: InitResult;
  /** Where the images of the samples are, relative to the folder of everything; null for a file that is not there. */
  readonly files: readonly (string | null)[];
}

/** A project from the table `study/t.csv`, beside the files. */
async function made(
  paths: readonly string[],
  files: readonly string[],
  options: Partial<InitOptions> = {},
  header = 'path',
): Promise<Made> {
  const rows = paths.map((one, k) => `${one},${k % 2 === 0 ? 'a' : 'b'}`);
  const project = await makeProject({
    'study/t.csv': `${header},label\n${rows.join('\n')}\n`,
    ...Object.fromEntries(files.map((file) => [file, ''])),
  });
  projects.push(project);
  const root = path.join(project.root, 'study/project');
  const result = await initProject({ root, csv: path.join(project.root, 'study/t.csv'), ...options });
  const config = await loadConfig(root);
  const { dataset } = await readDataset(root, config);
  const found = await resolveImages(root, config, dataset.samples);
  const located = found.map((one) =>
    'file' in one && existsSync(one.file)
      ? path.relative(project.root, one.file).split(path.sep).join('/').normalize('NFC')
      : null,
  );
  return { root, result, files: located };
}

const settings = (result: InitResult): Record<string, unknown> =>
  Object.fromEntries(
    result.choices
      .filter(({ setting }) => /^dataset\.(?:images|prefix|search|extension)$/.test(setting))
      .map(({ setting, value }) => [setting.slice('dataset.'.length), value]),
  );

const messages = ({ problems }: InitResult): string[] =>
  problems.filter(({ code }) => code !== 'OVR210').map(({ message }) => message);

const ids = ['0', '1', '2', '3'];
const png = ids.map((id) => `${id}.png`);

describe('images are found', () => {
  test.each([
    ['at their paths', ['x/0.png', 'x/1.png'], ['study/x/0.png', 'study/x/1.png'], { images: '..' }],
    [
      'some folders below the table',
      png,
      png.map((name) => `study/export/png/${name}`),
      { images: '../export/png' },
    ],
    [
      'without their ending',
      ids,
      png.map((name) => `study/pictures/${name}`),
      { images: '../pictures', extension: '.png' },
    ],
    [
      'with an ending in capitals',
      ids,
      ids.map((id) => `study/mixed/${id}.JPG`),
      { images: '../mixed', extension: '.JPG' },
    ],
    [
      'in several folders',
      ids,
      ids.map((id) => `study/part_${id}/images/${id}.jpg`),
      { images: '..', search: true },
    ],
    [
      'with endings of other kinds and cases',
      ['x/0.jpg', 'x/1.jpg', 'x/2.jpg'],
      ['study/x/0.jpg', 'study/x/1.JPG', 'study/x/2.png'],
      { images: '..', search: true },
    ],
    [
      'with the folders of another machine before them',
      png.map((name) => `/mnt/nas/study/set1/${name}`),
      png.map((name) => `study/images/set1/${name}`),
      { images: '../images', prefix: '/mnt/nas/study/' },
    ],
    [
      'with a drive and backslashes',
      png.map((name) => `C:\\Users\\reader\\set1\\${name}`),
      png.map((name) => `study/set1/${name}`),
      { images: '..', prefix: 'C:/Users/reader/' },
    ],
    [
      'by names that are decomposed on disk',
      ['b/ä-0.png', 'b/ä-1.png'].map((name) => name.normalize('NFC')),
      ['study/b/ä-0.png', 'study/b/ä-1.png'].map((name) => name.normalize('NFD')),
      { images: '..' },
    ],
  ])('%s', async (_, paths, files, expected) => {
    const { result, files: found } = await made(paths, files);
    expect(settings(result)).toEqual(expected);
    expect(found).toEqual(files.map((file) => file.normalize('NFC')));
    expect(messages(result)).toEqual([]);
  });

  test('by the column that leads to files, not by the one that is called so', async () => {
    const project = await makeProject({
      'study/t.csv':
        'image,local,label\nhttps://example.org/a.png,x/1.png,a\nhttps://example.org/b.png,x/2.png,b\n',
      'study/x/1.png': '',
      'study/x/2.png': '',
    });
    projects.push(project);
    const result = await initProject({
      root: path.join(project.root, 'p'),
      csv: path.join(project.root, 'study/t.csv'),
    });
    expect(result.choices.find(({ setting }) => setting === 'dataset.path')).toEqual({
      setting: 'dataset.path',
      value: 'local',
      because: 'its cells name files that are there, such as x/1.png',
    });
  });

  test('by addresses, which are not fetched', async () => {
    const addresses = png.map((name) => `https://images.example.org/a/${name}`);
    const { result, files } = await made(
      addresses,
      png.map((name) => `study/images/${name}`),
      {},
      'image_url',
    );
    expect(files).toEqual(png.map((name) => `study/images/${name}`));
    expect(messages(result)).toEqual([
      'The column "image_url" holds addresses, which are not fetched; files of these names in ../images are taken',
    ]);
    const none = await made(addresses, [], {}, 'image_url');
    expect(messages(none.result)).toEqual([
      'The column "image_url" holds addresses, which are not fetched',
      'None of the 4 images was found below ..',
    ]);
  });

  test('by a template of columns', async () => {
    const project = await makeProject({
      'study/t.csv': 'patient,image,label\np1,a,x\np1,b,y\np2, a ,x\n,c,y\n',
      'study/images/p1/a.png': '',
      'study/images/p1/b.png': '',
      'study/images/p2/a.png': '',
    });
    projects.push(project);
    const root = path.join(project.root, 'study/project');
    const csv = path.join(project.root, 'study/t.csv');
    const result = await initProject({ root, csv, path: 'images/{patient}/{image}.png' });
    expect(settings(result)).toEqual({ images: '..' });
    const config = await loadConfig(root);
    const { dataset, problems } = await readDataset(root, config);
    expect(dataset.samples.map(({ id, metadata }) => [id, metadata['image']?.trim()])).toEqual([
      ['images/p1/a.png', 'a'],
      ['images/p1/b.png', 'b'],
      ['images/p2/a.png', 'a'],
    ]);
    expect(problems).toContainEqual(expect.objectContaining({ message: 'The row has no image path' }));
    await expect(initProject({ root, csv, force: true, path: '{patient}/{imag}.png' })).rejects.toMatchObject(
      {
        code: 'OVR201',
        message: 'The table has no column "imag", which dataset.path names',
      },
    );
  });

  test('where they are told to be looked for, and only there', async () => {
    const elsewhere = png.map((name) => `other/${name}`);
    const { result } = await made(png, elsewhere);
    expect(messages(result)).toEqual(['None of the 4 images was found below ..']);
    const root = path.dirname(path.dirname(result.root));
    const asked = await initProject({
      root: path.join(root, 'again'),
      csv: path.join(root, 'study/t.csv'),
      imageRoot: path.join(root, 'other'),
    });
    expect(settings(asked)).toEqual({ images: '../other' });
  });
});

test('images that nobody can read are said, an ending at a time', async () => {
  const project = await makeProject({
    'study/t.csv': `path,label\n${[...ids, '4', '5'].map((id) => `${id}.${id < '3' ? 'dcm' : 'png'},${id < '2' ? 'a' : 'b'}`).join('\n')}\n`,
    ...Object.fromEntries(['0.dcm', '1.dcm', '2.dcm', '4.png'].map((name) => [`study/${name}`, 'no image'])),
    'study/3.png': '',
    'study/5.png': '',
  });
  projects.push(project);
  const result = await initProject({
    root: path.join(project.root, 'p'),
    csv: path.join(project.root, 'study/t.csv'),
  });
  expect(result.problems.filter(({ code }) => code === 'OVR301')).toMatchObject([
    {
      message: expect.stringMatching(
        /^3 of 3 \.dcm images that were opened cannot be read, such as 0\.dcm: /,
      ) as unknown,
      place: { row: 2 },
    },
    {
      message: expect.stringMatching(
        /^1 of 3 \.png images that were opened cannot be read, such as 4\.png: /,
      ) as unknown,
    },
  ]);
});

test('what becomes of images on their way to pixels is said before the project is made', async () => {
  const { cases } = JSON.parse(
    await fs.readFile(path.resolve(import.meta.dirname, '../../golden/values/formats.json'), 'utf8'),
  ) as { readonly cases: readonly { readonly name: string; readonly bytes: string }[] };
  const bytesOf = (wanted: string) =>
    Buffer.from(cases.find(({ name }) => name === wanted)?.bytes ?? '', 'base64');
  const project = await makeProject({ 't.csv': 'path,label\n0.tif,a\n1.tif,b\n0.jpg,a\n1.jpg,b\n' });
  projects.push(project);
  await project.write('0.tif', bytesOf('float.tif'));
  await project.write('1.tif', bytesOf('12 bit in 16.tif'));
  await project.write('0.jpg', bytesOf('turned 6.jpg'));
  await project.write('1.jpg', bytesOf('turned 1.jpg'));
  const root = path.join(project.root, 'P');
  const { problems } = await initProject({ root, csv: path.join(project.root, 't.csv') });
  expect(problems.filter(({ code }) => code === 'OVR313').map(({ message }) => message)).toEqual([
    '1 of 2 .tif images that were opened: of numbers that are no grey levels, stretched between their tags or percentiles (float)',
    '1 of 2 .tif images that were opened: with 16 bit that use a part of the range, brightened for the network (12 of 16 bit)',
    '1 of 2 .jpg images that were opened: turned as the EXIF orientation says; other programs may show them otherwise (orientation 6)',
  ]);
});

describe('images are not guessed', () => {
  test('a neighbour’s images of the same names are left alone', async () => {
    const neighbours = png.map((name) => `studyA/${name}`);
    const { result, files } = await made(png, [...neighbours, ...png.map((name) => `study/export/${name}`)]);
    expect(settings(result)).toEqual({ images: '../export' });
    expect(files).toEqual(png.map((name) => `study/export/${name}`));
  });

  test('a folder that is called like an id is no image', async () => {
    const { result } = await made(
      ids,
      ids.map((id) => `study/${id}/readme.txt`),
      { path: 'path' },
    );
    expect(messages(result)).toEqual(['None of the 4 images was found below ..']);
  });

  test('files of the same names in two folders: one is taken, and said', async () => {
    const both = ids.flatMap((id) => [`study/x/${id}.png`, `study/y/${id}.jpg`]);
    const { result, files } = await made(ids, both);
    expect(messages(result)).toEqual(['Files of the same names are in y too; those in ../x are taken']);
    expect(files).toEqual(ids.map((id) => `study/x/${id}.png`));
  });

  test('several files that fit are an error of each sample, where they are searched for', async () => {
    const several = ids.flatMap((id) => [`study/a${id}/${id}.png`, `study/b${id}/${id}.png`]);
    const { result, files } = await made([...ids, '4'], [...several, 'study/c/4.png']);
    expect(messages(result)).toEqual([
      '2 files fit the path 0: a0/0.png and b0/0.png',
      '4 of 5 images are missing or cannot be told apart',
    ]);
    const config = await loadConfig(result.root);
    const searching = {
      ...config,
      dataset: { ...config.dataset, images: '..', search: true, extension: '' },
    };
    const { dataset } = await readDataset(result.root, config);
    const found = await resolveImages(result.root, searching, dataset.samples);
    expect(found.map((one) => ('problem' in one ? one.problem.code : 'found'))).toEqual([
      ...ids.map(() => 'OVR212'),
      'found',
    ]);
    expect(files).toHaveLength(5);
  });

  test('masks of the same names are no rivals', async () => {
    const beside = png.flatMap((name) => [`study/images/${name}`, `study/masks/${name}`]);
    const { result } = await made(png, beside);
    expect(settings(result)).toEqual({ images: '../images' });
    expect(messages(result)).toEqual([]);
  });

  test('another patient’s image of the same name is not taken for one that is missing', async () => {
    const paths = ['p1/study1/view1.jpg', 'p2/study1/view1.jpg', 'p3/study1/view1.jpg'];
    const there = ['study/a/P1/study1/view1.JPG', 'study/b/p2/study1/view1.jpg'];
    const { result, files } = await made(paths, there);
    expect(settings(result)).toEqual({ images: '..', search: true });
    expect(files).toEqual([...there, null]);
    expect(messages(result)).toEqual(['1 of 3 images are missing, such as p3/study1/view1.jpg']);
  });

  test('a link out of the folder is refused where it is searched for, too', async () => {
    const { root } = await made(
      ids,
      ids.map((id) => `study/part_${id}/${id}.png`),
    );
    const study = path.dirname(root);
    await fs.mkdir(path.join(study, '../secret'));
    await fs.writeFile(path.join(study, '../secret/0.png'), 'secret');
    await fs.rm(path.join(study, 'part_0/0.png'));
    await fs.symlink(path.join(study, '../secret/0.png'), path.join(study, 'part_0/0.png'));
    const config = await loadConfig(root);
    const { dataset } = await readDataset(root, config);
    const [first, second] = await resolveImages(root, config, dataset.samples);
    expect(first).toMatchObject({ problem: { code: 'OVR205' } });
    expect(second).toMatchObject({ file: path.join(study, 'part_1/1.png') });
  });
});
