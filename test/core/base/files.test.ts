import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  canonicalJson,
  isInside,
  normalisePath,
  sha256,
  sha256File,
  writeFileAtomic,
} from '../../../src/core/base/files';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-files-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('writes text, bytes and lines, making folders on the way', async () => {
    await writeFileAtomic(path.join(folder, 'a/b/text'), 'grüße');
    await writeFileAtomic(path.join(folder, 'bytes'), Uint8Array.of(0, 255));
    await writeFileAtomic(path.join(folder, 'lines'), ['one\n', 'two\n'].values());
    expect(await fs.readFile(path.join(folder, 'a/b/text'), 'utf8')).toBe('grüße');
    expect([...(await fs.readFile(path.join(folder, 'bytes')))]).toEqual([0, 255]);
    expect(await fs.readFile(path.join(folder, 'lines'), 'utf8')).toBe('one\ntwo\n');
  });

  it('keeps the old content and leaves nothing behind when the new one fails', async () => {
    const file = path.join(folder, 'kept');
    await writeFileAtomic(file, 'old');
    function* failing(): Generator<string> {
      yield 'half';
      throw new Error('source broke');
    }
    await expect(writeFileAtomic(file, failing())).rejects.toThrow('source broke');
    expect(await fs.readFile(file, 'utf8')).toBe('old');
    expect(await fs.readdir(folder)).toEqual(['kept']);
  });

  it('lets many writers at once leave one whole content', async () => {
    const file = path.join(folder, 'raced');
    const contents = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(5000));
    await Promise.all(contents.map((content) => writeFileAtomic(file, content)));
    expect(contents).toContain(await fs.readFile(file, 'utf8'));
    expect(await fs.readdir(folder)).toEqual(['raced']);
  });
});

describe('paths', () => {
  it.each([
    ['/data', '/data', true],
    ['/data', '/data/a/b.png', true],
    ['/data', '/data/../etc/passwd', false],
    ['/data', '/database/x', false],
    ['/data', '/data/..hidden', false],
  ])('isInside(%s, %s) is %s', (root, file, expected) => {
    // A name that begins with two dots is refused too: safe, and no image is called so.
    expect(isInside(root, file)).toBe(expected);
  });

  it('gives Windows separators and decomposed letters one form', () => {
    expect(normalisePath('a\\u\u0308.png')).toBe('a/ü.png');
  });
});

describe('hashes', () => {
  it('agree between memory and file, with the published value of "abc"', async () => {
    const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    await fs.writeFile(path.join(folder, 'abc'), 'abc');
    expect(sha256('abc')).toBe(known);
    expect(await sha256File(path.join(folder, 'abc'))).toBe(known);
  });

  it('canonicalJson does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});
