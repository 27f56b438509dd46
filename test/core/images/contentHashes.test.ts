import { appendFile, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContentHashes, sameStamp, stampFile, stampFiles } from '../../../src/core/images/contentHashes';

let root: string;
const cacheFolder = () => path.join(root, '.user-cache');
let memoFile: string;
const hash = 'ab'.repeat(32);
const later = () => BigInt(Date.now() + 10_000) * 1_000_000n;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'overread-hashes-'));
  memoFile = path.join(cacheFolder(), 'content-hashes.jsonl');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function file(name: string, content = name): Promise<string> {
  await writeFile(path.join(root, name), content);
  return path.join(root, name);
}

describe('ContentHashes', () => {
  it('remembers a file until its size or times change', async () => {
    const image = await file('a.png');
    const memo = await ContentHashes.open(root, cacheFolder());
    memo.record(image, (await stampFile(image))!, hash, later());
    await memo.flush();

    const again = await ContentHashes.open(root, cacheFolder());
    expect(again.known(image, (await stampFile(image))!)).toBe(hash);
    await utimes(image, 1_000_000, 1_000_000);
    expect(again.known(image, (await stampFile(image))!)).toBeUndefined();
  });

  it('tells a file from another of the same size and modification time', async () => {
    const image = await file('a.tif', 'one');
    await utimes(image, 1_000_000, 1_000_000);
    const before = await stampFile(image);
    await writeFile(image, 'two');
    await utimes(image, 1_000_000, 1_000_000);
    const after = await stampFile(image);
    expect(after).toMatchObject({ size: before!.size, mtime: before!.mtime });
    expect(sameStamp(before, after)).toBe(false);
  });

  it('does not note a file that changed within the tick of the clock', async () => {
    const image = await file('a.png');
    const stamp = { ...(await stampFile(image))!, ctime: '1700000000123456789' };
    const memo = await ContentHashes.open(root, cacheFolder());
    memo.record(image, stamp, hash, 1_700_000_000_130_000_000n);
    expect(memo.known(image, stamp)).toBeUndefined();
    memo.record(image, stamp, hash, 1_700_000_000_200_000_000n);
    expect(memo.known(image, stamp)).toBe(hash);
  });

  it('reads past torn and foreign lines, and writes on a line of its own after one', async () => {
    const a = await file('a.png');
    const b = await file('b.png');
    const first = await ContentHashes.open(root, cacheFolder());
    first.record(a, (await stampFile(a))!, hash, later());
    await first.flush();
    await appendFile(memoFile, 'not json\n["x",1,"2","3","short"]\n["c.png",12');

    const second = await ContentHashes.open(root, cacheFolder());
    expect(second.known(a, (await stampFile(a))!)).toBe(hash);
    second.record(b, (await stampFile(b))!, hash, later());
    await second.flush();
    const third = await ContentHashes.open(root, cacheFolder());
    expect(third.known(a, (await stampFile(a))!)).toBe(hash);
    expect(third.known(b, (await stampFile(b))!)).toBe(hash);
  });

  it('writes the file anew when most lines are outdated', async () => {
    const a = await file('a.png');
    const memo = await ContentHashes.open(root, cacheFolder());
    for (let i = 0; i < 1100; i++) {
      memo.record(a, { size: i, mtime: '1', ctime: '1' }, hash);
    }
    await memo.flush();
    expect((await readFile(memoFile, 'utf8')).split('\n')).toHaveLength(1101);
    const again = await ContentHashes.open(root, cacheFolder());
    expect(again.known(a, { size: 1099, mtime: '1', ctime: '1' })).toBe(hash);
    expect((await readFile(memoFile, 'utf8')).split('\n')).toHaveLength(2);
  });

  it('keeps paths relative to the project', async () => {
    const a = await file('a.png');
    const memo = await ContentHashes.open(root, cacheFolder());
    memo.record(a, { size: 1, mtime: '1', ctime: '1' }, hash);
    await memo.flush();
    expect(await readFile(memoFile, 'utf8')).not.toContain(root);
  });
});

describe('stampFiles', () => {
  it('keeps the order and has null for what is missing', async () => {
    const names = await Promise.all(Array.from({ length: 200 }, (_, i) => file(`${i}`, 'x'.repeat(i))));
    names.splice(100, 0, path.join(root, 'missing'));
    const stamps = await stampFiles(names);
    expect(stamps[100]).toBeNull();
    stamps.splice(100, 1);
    expect(stamps.map((stamp) => stamp?.size)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('stops when cancelled', async () => {
    await expect(stampFiles([root], AbortSignal.abort())).rejects.toMatchObject({ code: 'OVR002' });
  });
});
