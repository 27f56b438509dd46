/** Only plain files are opened, and whatever else stands there is named without waiting for it. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTextIfPresent, sha256File } from '../../../src/core/base/files';
import { openPlainFile, readPlainFile } from '../../../src/core/base/readPlain';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-plain-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

it('reads a plain file, also behind a link', async () => {
  const file = path.join(folder, 'plain.txt');
  await fs.writeFile(file, 'text');
  await fs.symlink(file, path.join(folder, 'link.txt'));
  expect(String(await readPlainFile(path.join(folder, 'link.txt')))).toBe('text');
  expect(await readTextIfPresent(file)).toBe('text');
  expect(await readTextIfPresent(path.join(folder, 'nothing'))).toBeUndefined();
});

describe.skipIf(process.platform === 'win32')('what is no plain file', () => {
  it.each([
    ['a named pipe', (file: string) => void execFileSync('mkfifo', [file])],
    ['a folder', (file: string) => fs.mkdir(file)],
    ['a device', (file: string) => fs.symlink('/dev/zero', file)],
    ['a socket', (file: string) => new Promise<void>((done) => createServer().unref().listen(file, done))],
  ])('%s is refused by every reader at once', async (kind, make) => {
    const file = path.join(folder, kind);
    await make(file);
    const refusal = { code: 'OVR304', message: `There is ${kind} instead of a file`, place: { file } };
    await expect(openPlainFile(file)).rejects.toMatchObject(refusal);
    await expect(readTextIfPresent(file)).rejects.toMatchObject(refusal);
    await expect(sha256File(file)).rejects.toMatchObject(refusal);
  });
});
