/** Locks on label files that nobody holds, and one that somebody does. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockedError, takeLock } from '../../src/core/base/fileLock';
import { thisProcess } from '../../src/core/base/processIdentity';
import { appendEdits } from '../../src/core/labels/log';

let root: string;
let lock: string;

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-locks-'));
  await fs.mkdir(path.join(root, 'labels'));
  lock = path.join(root, 'labels', 'ann.jsonl.lock');
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const edit = () =>
  appendEdits(
    root,
    { name: 'Ann', role: 'reader' },
    [{ op: 'set', sample: 'a', finding: 'class', value: 'covid' }],
    () => null,
  );

/** Edits, and says how long that took in seconds. */
async function secondsOfEdit(): Promise<number> {
  const started = performance.now();
  expect(await edit()).toHaveLength(1);
  return (performance.now() - started) / 1000;
}

const files = async () => (await fs.readdir(path.join(root, 'labels'))).sort();

/** A number that a process had which is gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.on('exit', resolve));
  return child.pid ?? 0;
}

const holder = (fields: object): string =>
  JSON.stringify({ ...thisProcess(), token: 'ab', since: '2026-01-01T00:00:00.000Z', ...fields });

describe('8.13 locks that nobody holds', () => {
  it.each(['dated ahead', 'dated back'])('a folder that is %s is broken', async (date) => {
    await fs.mkdir(lock);
    const when = new Date(date === 'dated ahead' ? '2090-01-01' : '2020-01-01');
    await fs.utimes(lock, when, when);
    expect(await secondsOfEdit()).toBeLessThan(6);
    expect(await files()).toEqual(['ann.jsonl']);
  });

  it('a folder that is not empty is moved aside with what is in it', async () => {
    await fs.mkdir(lock);
    await fs.writeFile(path.join(lock, 'notes.txt'), 'mine');
    await fs.utimes(lock, new Date('2020-01-01'), new Date('2020-01-01'));
    expect(await secondsOfEdit()).toBeLessThan(6);
    const aside = (await files()).find((name) => name.endsWith('.old'));
    expect(await fs.readFile(path.join(root, 'labels', aside ?? '', 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('a file of somebody else is moved aside, not deleted', async () => {
    await fs.writeFile(lock, 'mine');
    await fs.utimes(lock, new Date('2020-01-01'), new Date('2020-01-01'));
    expect(await secondsOfEdit()).toBeLessThan(6);
    const aside = (await files()).find((name) => name.endsWith('.old'));
    expect(await fs.readFile(path.join(root, 'labels', aside ?? ''), 'utf8')).toBe('mine');
  });

  it.each(['dangling', 'to a file', 'to a folder'])(
    'a link (%s) is removed, never followed',
    async (kind) => {
      const target = path.join(root, 'target');
      if (kind === 'to a file') await fs.writeFile(target, 'mine');
      if (kind === 'to a folder') await fs.mkdir(target);
      await fs.symlink(target, lock);
      expect(await secondsOfEdit()).toBeLessThan(6);
      expect(await files()).toEqual(['ann.jsonl']);
      if (kind === 'to a file') expect(await fs.readFile(target, 'utf8')).toBe('mine');
      if (kind === 'to a folder') expect((await fs.stat(target)).isDirectory()).toBe(true);
      if (kind === 'dangling') await expect(fs.lstat(target)).rejects.toThrow('ENOENT');
    },
  );

  it('that of a process that is gone is broken at once', async () => {
    await fs.writeFile(lock, holder({ pid: await deadPid() }));
    expect(await secondsOfEdit()).toBeLessThan(2);
    expect(await files()).toEqual(['ann.jsonl']);
  });

  it.runIf(process.platform === 'linux')('a number that another process has now holds nothing', async () => {
    await fs.writeFile(lock, holder({ started: '1' }));
    expect(await secondsOfEdit()).toBeLessThan(2);
  });

  it('one whose holder died before it wrote its name is broken', async () => {
    await fs.writeFile(lock, '');
    expect(await secondsOfEdit()).toBeLessThan(6);
    expect(await files()).toEqual(['ann.jsonl']);
  });
});

describe('8.13 locks that somebody holds', () => {
  it('say whose they are and since when, and stay', async () => {
    const release = await takeLock(lock, 0);
    const refused = takeLock(lock, 100);
    await expect(refused).rejects.toBeInstanceOf(LockedError);
    await expect(refused).rejects.toMatchObject({
      holder: expect.stringMatching(`^by process ${process.pid} on ${os.hostname()} since 20..-`) as string,
    });
    await release();
    expect(await files()).toEqual([]);
  });

  it('are waited for where the holder cannot be asked but renews them', async () => {
    const content = holder({ host: 'another-machine' });
    await fs.writeFile(lock, content);
    const renewing = setInterval(() => void fs.utimes(lock, new Date(), new Date()), 200);
    await expect(takeLock(lock, 4000)).rejects.toMatchObject({
      holder: expect.stringContaining('on another-machine since 2026-01-01T00:00:00.000Z') as string,
    });
    clearInterval(renewing);
    expect(await fs.readFile(lock, 'utf8')).toBe(content);
  });

  it('are had by one of many at a time', async () => {
    await fs.writeFile(lock, holder({ pid: await deadPid() }));
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        const release = await takeLock(lock, 10_000);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 3));
        inside--;
        await release();
      }),
    );
    expect(most).toBe(1);
  });
});
