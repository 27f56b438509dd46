/** `overread relink`: moved and renamed files are found again, and every label stays with its sample. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256File } from '../../src/core/base/files';
import { projectCacheFolder, userCacheFolder } from '../../src/core/base/userCache';
import { ContentHashes, stampFile } from '../../src/core/images/contentHashes';
import { ImageResolver } from '../../src/core/dataset/imagePath';
import type { RelinkPlan } from '../../src/core/intake/relink/relink';
import { openProject } from '../../src/core/project/project';
import { commandJson, runCommand } from '../support/inProcess';
import { readySample } from '../support/readyProjects';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-relink-'));
  root = path.join(folder, 'study');
  await readySample(root);
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

/** Which file each sample has; null for one that is gone. */
async function filesOf(): Promise<Record<string, string | null>> {
  const { config, dataset } = await openProject(root);
  const resolver = await ImageResolver.open(root, config);
  return Object.fromEntries(
    dataset.samples.map((sample) => {
      const file = resolver.resolve(sample);
      return [sample.id, existsSync(file) ? path.relative(folder, file) : null];
    }),
  );
}

/** What all labels, parts and events add up to. */
async function labelsOf(): Promise<unknown> {
  const { dataset, labels, assignment, problems } = await openProject(root);
  return {
    labels: dataset.samples.map(({ id }, i) => [id, labels.valueAt(i)]),
    assignment,
    strays: problems.filter(({ code }) => code === 'OVR407'),
  };
}

async function contentOf(files: Readonly<Record<string, string | null>>): Promise<Record<string, string>> {
  const read = Object.entries(files).map(async ([id, file]) => [
    id,
    file === null ? '' : (await fs.readFile(path.join(folder, file))).toString('base64'),
  ]);
  return Object.fromEntries((await Promise.all(read)) as [string, string][]);
}

/** What reading the images leaves in the user's cache: what each of them held. */
async function remember(): Promise<void> {
  const real = await fs.realpath(root);
  const memo = await ContentHashes.open(real, projectCacheFolder(userCacheFolder(process.env), real));
  for (const name of await fs.readdir(images())) {
    const file = path.join(real, 'images', name);
    const stamp = await stampFile(file);
    if (stamp) memo.record(file, stamp, await sha256File(file), BigInt(Date.now() + 60_000) * 1_000_000n);
  }
  await memo.flush();
}

const images = () => path.join(root, 'images');
const relink = (...args: readonly string[]) =>
  commandJson<RelinkPlan & { written: boolean }>(['relink', root, ...args], [0, 1, 130]);

describe('overread relink', () => {
  it('finds a folder that was moved as a whole: one setting, and labels stay', async () => {
    const names = Object.keys(await filesOf());
    for (const [k, sample] of names.slice(0, 4).entries())
      await commandJson(['label', root, sample, k % 2 === 0 ? 'Normal' : 'Opacity']);
    await commandJson(['exclude', root, names[5] ?? '']);
    const [labels, content] = [await labelsOf(), await contentOf(await filesOf())];
    const table = await fs.readFile(path.join(root, 'samples.csv'), 'utf8');
    await fs.mkdir(path.join(folder, 'archive/2026'), { recursive: true });
    await fs.rename(images(), path.join(folder, 'archive/2026/images'));
    expect(Object.values(await filesOf()).every((file) => file === null)).toBe(true);

    const nothing = await relink('--yes');
    expect(nothing).toMatchObject({ gone: 30, found: [], written: false });
    const dry = await relink('--in', path.join(folder, 'archive'), '--dry-run');
    expect(dry).toMatchObject({ gone: 30, left: [], written: false, lines: 0 });
    expect(dry.settings).toEqual([{ setting: 'dataset.images', value: '../archive/2026' }]);
    expect(Object.values(await filesOf()).every((file) => file === null)).toBe(true);

    expect(await relink('--in', path.join(folder, 'archive'), '--yes')).toMatchObject({ written: true });
    expect(await contentOf(await filesOf())).toEqual(content);
    expect(await labelsOf()).toEqual(labels);
    expect(await fs.readFile(path.join(root, 'samples.csv'), 'utf8')).toBe(table);
    expect(await relink()).toMatchObject({ gone: 0, found: [] });
  });

  it('finds files that were sorted into folders and renamed: lines of moved.jsonl', async () => {
    await remember();
    const [labels, content] = [await labelsOf(), await contentOf(await filesOf())];
    const names = (await fs.readdir(images())).sort();
    await fs.mkdir(path.join(images(), 'done'));
    for (const name of names.slice(0, 8))
      await fs.rename(path.join(images(), name), path.join(images(), 'done', name));
    for (const [k, name] of names.slice(8, 11).entries())
      await fs.rename(path.join(images(), name), path.join(images(), `renamed-${k}.png`));
    const plan = await relink('--yes');
    expect(plan).toMatchObject({ gone: 11, left: [], lines: 11, settings: [], written: true });
    expect(plan.found.map(({ by }) => by).sort()).toEqual([
      ...Array<string>(3).fill('content'),
      ...Array<string>(8).fill('name'),
    ]);
    expect(await contentOf(await filesOf())).toEqual(content);
    expect(await labelsOf()).toEqual(labels);
    // Moved once more: the newest line counts.
    await fs.rename(path.join(images(), 'done'), path.join(images(), 'read'));
    expect(await relink('--yes')).toMatchObject({ gone: 8, left: [], written: true });
    expect(await contentOf(await filesOf())).toEqual(content);
  });

  it('declares a folder outside, and goes on where it was killed between its two writes', async () => {
    const content = await contentOf(await filesOf());
    const names = (await fs.readdir(images())).sort();
    const archive = path.join(folder, 'archive');
    await fs.mkdir(path.join(archive, 'a'), { recursive: true });
    for (const name of names.slice(0, 5))
      await fs.rename(path.join(images(), name), path.join(archive, 'a', name));
    const before = await fs.readFile(path.join(root, 'overread.yaml'), 'utf8');
    expect(await relink('--in', archive, '--yes')).toMatchObject({
      ...{ gone: 5, lines: 5, written: true },
      settings: [{ setting: 'dataset.roots', value: ['../archive/a'] }],
    });
    expect(await contentOf(await filesOf())).toEqual(content);
    // Killed after the lines and before the settings: the files are outside what is declared.
    await fs.writeFile(path.join(root, 'overread.yaml'), before);
    expect(await relink('--in', archive, '--yes')).toMatchObject({ gone: 5, lines: 5, written: true });
    expect(await contentOf(await filesOf())).toEqual(content);
    const lines = (await fs.readFile(path.join(root, 'moved.jsonl'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(5);
  });

  it('leaves what may be several files, and what is nowhere, and says so', async () => {
    await remember();
    const [first = '', second = '', third = ''] = (await fs.readdir(images())).sort();
    const image = await fs.readFile(path.join(images(), first));
    for (const name of ['a', 'b']) {
      await fs.mkdir(path.join(images(), name));
      await fs.writeFile(path.join(images(), name, first), image);
    }
    await fs.rm(path.join(images(), first));
    await fs.rm(path.join(images(), second));
    // Of the right name, with another image in it.
    await fs.rm(path.join(images(), third));
    await fs.writeFile(path.join(images(), 'a', third), image);
    const { code, stdout } = await runCommand(['relink', root, '--dry-run']);
    expect(code).toBe(1);
    expect(stdout).toContain('3 of 30 images are gone: 0 found, 1 may be several files, 2 not found.');
    expect(stdout).toContain(`images/${first}: left, it may be images/a/${first} or images/b/${first}`);
    expect(stdout).toMatch(new RegExp(`images/${second} \\(row \\d+\\): not found`));
  });

  it('asks, and writes nothing where it is not wanted', async () => {
    const before = await fs.readFile(path.join(root, 'overread.yaml'), 'utf8');
    await fs.rename(images(), path.join(root, 'films'));
    await fs.mkdir(path.join(root, 'films/images'));
    for (const name of (await fs.readdir(path.join(root, 'films'))).filter((one) => one !== 'images'))
      await fs.rename(path.join(root, 'films', name), path.join(root, 'films/images', name));
    const asked: string[] = [];
    const answer = (yes: boolean) => ({
      confirm: (question: string) => {
        asked.push(question);
        return Promise.resolve(yes);
      },
    });
    expect((await runCommand(['relink', root], {}, answer(false))).code).toBe(130);
    expect(await fs.readFile(path.join(root, 'overread.yaml'), 'utf8')).toBe(before);
    expect(existsSync(path.join(root, 'moved.jsonl'))).toBe(false);
    const { code, stderr } = await runCommand(['relink', root]);
    expect(code).toBe(130);
    expect(stderr).toContain('warning: nobody can be asked here: --yes writes it\n');
    expect((await runCommand(['relink', root], {}, answer(true))).code).toBe(0);
    expect(asked).toEqual(['Write this?', 'Write this?']);
    expect(Object.values(await filesOf()).includes(null)).toBe(false);
  });
});
