/** A helper that is let go when it is idle, and not while somebody waits for it. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IdleProcess } from '../../src/engine/idleProcess';

/** Answers with its process number, after as many ms as it is asked for. */
const program = `process.on('message', ({ id, params: [ms] }) =>
  setTimeout(() => process.send({ kind: 'reply', id, result: process.pid }), ms));`;

interface Methods {
  answer(afterMs: number): Promise<number>;
}

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-idle-'));
  file = path.join(folder, 'helper.js');
  await fs.writeFile(file, program);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe('a helper process', () => {
  it('is let go when it is idle, and answers what takes longer than that', async () => {
    const helper = new IdleProcess<Methods>(file, undefined, 50);
    const first = await helper.rpc.call('answer', 600);
    await expect.poll(() => isRunning(first)).toBe(false);
    const second = await helper.rpc.call('answer', 0);
    expect(second).not.toBe(first);
    helper.end();
  });

  it('that is ended rejects what it was asked', async () => {
    const helper = new IdleProcess<Methods>(file);
    const asked = helper.rpc.call('answer', 600_000);
    helper.end();
    await expect(asked).rejects.toThrow('The process of the features ended');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
