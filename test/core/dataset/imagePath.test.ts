import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, type ProjectConfig } from '../../../src/core/config/config';
import { ImageResolver, resolveImages } from '../../../src/core/dataset/imagePath';
import type { Sample } from '../../../src/core/dataset/model';
import { classConfig, makeDataset, makeProject, type TestProject } from './support/project';

let project: TestProject;
beforeEach(async () => {
  project = await makeProject({
    'project/overread.yaml': classConfig(),
    'project/images/a.png': 'a',
    'secret/b.png': 'b',
    'farm/c.png': 'c',
  });
});
afterEach(() => project.remove());

const root = (): string => path.join(project.root, 'project');
const config = async (more: string): Promise<ProjectConfig> => {
  await project.write('project/overread.yaml', classConfig(more));
  return loadConfig(root());
};
const sample = (file: string): Sample =>
  makeDataset('multi-class', ['a'], [{ id: file, given: ['a'] }]).samples[0]!;
const images = 'dataset: { images: images }\n';

test('a path inside the image folder', async () => {
  expect(new ImageResolver(root(), await config(images)).resolve(sample('a.png'))).toBe(
    path.join(root(), 'images/a.png'),
  );
  expect(new ImageResolver(root(), await config('')).resolve(sample('images/a.png'))).toBe(
    path.join(root(), 'images/a.png'),
  );
});

test('the extension is added; a missing file has its path all the same', async () => {
  const settings = await config('dataset: { images: images, extension: .png }\n');
  expect(new ImageResolver(root(), settings).resolve(sample('a'))).toBe(path.join(root(), 'images/a.png'));
  for (const name of ['zz', 'no/such/folder', 'z'.repeat(5000), 'zero\0']) {
    expect(new ImageResolver(root(), settings).resolve(sample(name))).toBe(
      path.join(root(), `images/${name}.png`),
    );
  }
});

describe('what leads out of the declared folders is refused', () => {
  test.each(['../secret.png', '../../secret/b.png', '/etc/passwd', 'x/../../../secret/b.png'])(
    '%s',
    async (file) => {
      const settings = await config(images);
      expect(() => new ImageResolver(root(), settings).resolve(sample(file))).toThrow(
        expect.objectContaining({ code: 'OVR205', place: { file: 'samples.csv', row: 2, field: 'path' } }),
      );
    },
  );

  test('links to files and to folders', async () => {
    const settings = await config(images);
    await fs.symlink(path.join(project.root, 'secret/b.png'), path.join(root(), 'images/link.png'));
    await fs.symlink(path.join(project.root, 'secret'), path.join(root(), 'images/folder'));
    await fs.symlink('a.png', path.join(root(), 'images/near.png'));
    for (const file of ['link.png', 'folder/b.png']) {
      expect(() => new ImageResolver(root(), settings).resolve(sample(file))).toThrow(
        expect.objectContaining({ code: 'OVR205' }),
      );
    }
    expect(new ImageResolver(root(), settings).resolve(sample('near.png'))).toBe(
      path.join(root(), 'images/near.png'),
    );
  });

  test('a folder whose name only starts like the root', async () => {
    await project.write('project/images-private/x.png', 'x');
    const settings = await config(images);
    expect(() => new ImageResolver(root(), settings).resolve(sample('../images-private/x.png'))).toThrow(
      expect.objectContaining({ code: 'OVR205' }),
    );
  });
});

test('a farm of links works once its target is declared', async () => {
  for (let i = 0; i < 50; i++) {
    await fs.symlink(path.join(project.root, 'farm/c.png'), path.join(root(), `images/${i}.png`));
  }
  const samples = Array.from({ length: 50 }, (_, i) => sample(`${i}.png`));
  const refused = await resolveImages(root(), await config(images), samples);
  expect(refused.every((location) => 'problem' in location && location.problem.code === 'OVR205')).toBe(true);
  const allowed = await resolveImages(
    root(),
    await config('dataset: { images: images, roots: [../farm] }\n'),
    samples,
  );
  expect(allowed).toEqual(samples.map(({ id }) => ({ id, file: path.join(root(), 'images', id) })));
});

test('an image folder that is itself a link, and absolute paths into a declared root', async () => {
  await fs.symlink(path.join(project.root, 'farm'), path.join(root(), 'linked'));
  const settings = await config('dataset: { images: linked }\n');
  expect(new ImageResolver(root(), settings).resolve(sample('c.png'))).toBe(
    path.join(root(), 'linked/c.png'),
  );
  const absolute = path.join(project.root, 'farm/c.png');
  expect(new ImageResolver(root(), settings).resolve(sample(absolute))).toBe(absolute);
});

test('a file whose name is stored decomposed is found by its composed name', async () => {
  const decomposed = 'é.png'.normalize('NFD');
  await project.write(`project/images/${decomposed}`, 'x');
  const file = new ImageResolver(root(), await config(images)).resolve(sample('é.png'.normalize('NFC')));
  expect(await fs.readFile(file, 'utf8')).toBe('x');
});

test('a batch can be cancelled', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(
    resolveImages(root(), await config(images), [sample('a.png')], { signal: abort.signal }),
  ).rejects.toMatchObject({ code: 'OVR002' });
});
