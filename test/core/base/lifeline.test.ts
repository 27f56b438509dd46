/** What a program says to the process that started it. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../features/bundle';

let program: string;
beforeAll(async () => {
  program = await bundleProgram('test/core/base/tellParentProgram.ts');
});
afterAll(() => rm(path.dirname(program), { recursive: true, force: true }));

describe('tellParent', () => {
  it('reaches the parent', async () => {
    const child = fork(program, [], { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] });
    const told: unknown[] = [];
    child.on('message', (message) => told.push(message));
    child.stdin?.end();
    expect(await once(child, 'close')).toEqual([7, null]);
    expect(told).toEqual([{ first: true }, { second: true }]);
  });

  it('throws nothing where the parent closed the channel and this process has not heard of it', async () => {
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, NODE_CHANNEL_FD: '3' },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    await once(child.stdout, 'data');
    const channel = child.stdio[3] as Duplex;
    channel.destroy();
    await once(channel, 'close');
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([7, null]);
    expect(errors).toBe('');
  });
});
