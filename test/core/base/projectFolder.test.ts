import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../../../src/core/base/projectFolder';

let base: string;
let root: string;
let outside: string;
let folder: ProjectFolder;

beforeEach(async () => {
  base = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-folder-'));
  root = path.join(base, 'project');
  outside = path.join(base, 'outside');
  await fs.mkdir(root);
  await fs.mkdir(outside);
  await fs.writeFile(path.join(outside, 'victim'), 'as it was\n');
  folder = await ProjectFolder.open(root);
});

afterEach(() => fs.rm(base, { recursive: true, force: true }));

const victim = () => fs.readFile(path.join(outside, 'victim'), 'utf8');
const anyLine = () => true;
const refused = { code: 'OVR005' };
/** Every file and folder below the root, sorted. */
const tree = async () => (await fs.readdir(root, { recursive: true })).sort();

describe('writing inside a project', () => {
  it('makes folders and replaces files whole', async () => {
    await folder.writeFile('a/b/c.txt', 'one');
    await folder.writeFile('a/b/c.txt', ['two', ' ', 'three']);
    expect(await fs.readFile(path.join(root, 'a/b/c.txt'), 'utf8')).toBe('two three');
    expect(await tree()).toEqual(['a', 'a/b', 'a/b/c.txt']);
  });

  it('leaves the old file and nothing else when the new one cannot be written', async () => {
    await folder.writeFile('c.txt', 'one');
    const failing = folder.replaceFile('c.txt', async (temporary) => {
      await fs.writeFile(temporary, 'half');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await tree()).toEqual(['c.txt']);
    expect(await fs.readFile(path.join(root, 'c.txt'), 'utf8')).toBe('one');
  });

  it('writes through a root that the user reaches by a link', async () => {
    await fs.symlink(root, path.join(base, 'short'));
    const linked = await ProjectFolder.open(path.join(base, 'short'));
    await linked.writeFile('x', 'y');
    expect(await fs.readFile(path.join(root, 'x'), 'utf8')).toBe('y');
  });

  it.each(['..', '../x', 'a/../../x', '/etc/x', 'a//b', 'a\0b', 'a\\b'])(
    'refuses the name %j',
    async (name) => {
      await expect(folder.writeFile(name, 'x')).rejects.toMatchObject(refused);
      expect(await tree()).toEqual([]);
    },
  );

  it('says OVR003 when the root has gone', async () => {
    await fs.rm(root, { recursive: true });
    await expect(folder.writeFile('x', 'y')).rejects.toMatchObject({ code: 'OVR003' });
    await expect(ProjectFolder.open(root)).rejects.toMatchObject({ code: 'OVR003' });
  });
});

describe('links and other things in the way', () => {
  it('refuses a linked folder on the way, at any depth', async () => {
    await fs.symlink(outside, path.join(root, 'splits'));
    await fs.mkdir(path.join(root, 'a'));
    await fs.symlink(outside, path.join(root, 'a', 'b'));
    for (const file of ['splits/victim', 'a/b/victim', 'splits/new/victim']) {
      await expect(folder.writeFile(file, 'x')).rejects.toMatchObject(refused);
      await expect(folder.openToAppend(file, anyLine)).rejects.toMatchObject(refused);
      await expect(folder.createFile(file, 'x')).rejects.toMatchObject(refused);
    }
    await expect(folder.removeFile('splits/victim')).rejects.toMatchObject(refused);
    await expect(folder.makeFolder('splits/new')).rejects.toMatchObject(refused);
    await expect(folder.createWholeFolder('splits', 'n', () => Promise.resolve())).rejects.toMatchObject(
      refused,
    );
    await expect(folder.removeWholeFolder('splits', 'victim')).rejects.toMatchObject(refused);
    expect(await victim()).toBe('as it was\n');
    expect(await fs.readdir(outside)).toEqual(['victim']);
  });

  it('refuses a link in the place of the file, even one that leads nowhere', async () => {
    await fs.symlink(path.join(outside, 'victim'), path.join(root, 'log'));
    await fs.symlink(path.join(outside, 'new'), path.join(root, 'dangling'));
    for (const name of ['log', 'dangling']) {
      await expect(folder.writeFile(name, 'x')).rejects.toMatchObject(refused);
      await expect(folder.openToAppend(name, anyLine)).rejects.toMatchObject(refused);
      await expect(folder.createFile(name, 'x')).rejects.toMatchObject(refused);
    }
    expect(await victim()).toBe('as it was\n');
    expect(await fs.readdir(outside)).toEqual(['victim']);
  });

  it('appends nothing to a file with a second name', async () => {
    await fs.link(path.join(outside, 'victim'), path.join(root, 'log'));
    await expect(folder.openToAppend('log', anyLine)).rejects.toMatchObject({
      code: 'OVR005',
      message: expect.stringContaining('hard links') as string,
    });
    // By rename only this name changes.
    await folder.writeFile('log', 'ours');
    expect(await victim()).toBe('as it was\n');
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    execFileSync('mkfifo', [path.join(root, 'log')]);
    await expect(folder.openToAppend('log', anyLine)).rejects.toMatchObject(refused);
    await expect(folder.writeFile('log', 'x')).rejects.toMatchObject(refused);
  });

  it('refuses a folder in the place of a file, and a file in the place of a folder', async () => {
    await fs.mkdir(path.join(root, 'log'));
    await fs.writeFile(path.join(root, 'runs'), '');
    await expect(folder.openToAppend('log', anyLine)).rejects.toMatchObject(refused);
    await expect(folder.makeFolder('runs')).rejects.toMatchObject(refused);
  });

  it('appends to a file only when its first line is ours', async () => {
    await fs.writeFile(path.join(root, 'log'), 'alias ls=rm\n{"v":1}\n');
    const isOurs = (line: string) => line.startsWith('{"v":1');
    await expect(folder.openToAppend('log', isOurs)).rejects.toMatchObject(refused);
    await fs.writeFile(path.join(root, 'log'), '{"v":1}\r\nrest');
    const seen: string[] = [];
    const handle = await folder.openToAppend('log', (line) => seen.push(line) > 0);
    await handle.appendFile('!');
    await handle.close();
    expect(seen).toEqual(['{"v":1}']);
    expect(await fs.readFile(path.join(root, 'log'), 'utf8')).toBe('{"v":1}\r\nrest!');
  });

  it('names the link and the way out', async () => {
    await fs.symlink(outside, path.join(root, 'runs'));
    const error = await folder.makeFolder('runs').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'OVR005',
      message: expect.stringContaining('runs is a link') as string,
      fix: expect.stringContaining('OVERREAD_LINKED_FOLDERS=runs') as string,
    });
  });

  it('follows a link directly below the root that the policy allows, and none further down', async () => {
    await fs.symlink(outside, path.join(root, 'runs'));
    const allowed = await ProjectFolder.open(root, { linkedFolders: ['runs'] });
    await allowed.writeFile('runs/one/run.json', '{}');
    expect(await fs.readdir(path.join(outside, 'one'))).toEqual(['run.json']);
    await fs.symlink(outside, path.join(outside, 'two'));
    await expect(allowed.writeFile('runs/two/run.json', '{}')).rejects.toMatchObject(refused);
  });

  it('writes nothing where the workspace is not trusted', async () => {
    const untrusted = await ProjectFolder.open(root, { readOnly: true });
    await expect(untrusted.writeFile('x', 'y')).rejects.toMatchObject(refused);
    await expect(untrusted.makeFolder('x')).rejects.toMatchObject(refused);
    await expect(untrusted.openToAppend('x', anyLine)).rejects.toMatchObject(refused);
    await expect(untrusted.createWholeFolder('x', 'y', () => Promise.resolve())).rejects.toMatchObject(
      refused,
    );
    expect(await tree()).toEqual([]);
  });
});

describe('folders that are there whole or not at all', () => {
  it('takes its name when it is complete', async () => {
    const dir = await folder.createWholeFolder('runs', 'one', async (inner) => {
      await inner.writeFile('run.json', '{}');
      expect(await fs.readdir(path.join(root, 'runs'))).toEqual([`.writing-one-${process.pid}`]);
    });
    expect(dir).toBe(path.join(await fs.realpath(root), 'runs', 'one'));
    expect(await tree()).toEqual(['runs', 'runs/one', 'runs/one/run.json']);
  });

  it('waits for what writes on beside a failure, then leaves nothing', async () => {
    let slow: Promise<void> | undefined;
    const failing = folder.createWholeFolder('runs', 'one', async (inner) => {
      slow = inner.replaceFile('big', async (temporary) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await fs.writeFile(temporary, 'late');
      });
      await inner.writeFile('sub/file', 'x');
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    await slow;
    expect(await tree()).toEqual(['runs']);
  });

  it('is removed with what links lead to left alone', async () => {
    await folder.writeFile('runs/one/run.json', '{}');
    await fs.symlink(outside, path.join(root, 'runs/one/link'));
    await fs.symlink(outside, path.join(root, 'runs/two'));
    await folder.removeWholeFolder('runs', 'one');
    await expect(folder.removeWholeFolder('runs', 'two')).rejects.toMatchObject(refused);
    expect(await victim()).toBe('as it was\n');
  });

  it('sweeps what a killed process left a day ago, and no link', async () => {
    const old = new Date(Date.now() - 25 * 3600 * 1000);
    for (const name of ['.writing-old-1', '.writing-new-1']) await folder.makeFolder(`runs/${name}`);
    await fs.utimes(path.join(root, 'runs/.writing-old-1'), old, old);
    await fs.symlink(outside, path.join(root, 'runs/.writing-link-1'));
    await fs.lutimes(path.join(root, 'runs/.writing-link-1'), old, old);
    await folder.sweepAbandonedFolders('runs', Date.now());
    expect((await fs.readdir(path.join(root, 'runs'))).sort()).toEqual(['.writing-link-1', '.writing-new-1']);
  });
});

describe('two at once', () => {
  it('createFile lets one win', async () => {
    const wrote = await Promise.all(
      Array.from({ length: 8 }, (_, i) => folder.createFile('splits/x', `${i}`)),
    );
    expect(wrote.filter(Boolean)).toHaveLength(1);
    expect(await fs.readdir(path.join(root, 'splits'))).toEqual(['x']);
  });
});
