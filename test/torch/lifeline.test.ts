/** A training ends with the command that started it, and does so while it imports PyTorch, which takes seconds. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { testPython } from './training';

it.runIf(process.platform !== 'win32')('outlives no command, however early that is killed', async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-lifeline-'));
  // Overread's package with an import that takes minutes, and says when it begins.
  await fs.cp('python', folder, { recursive: true });
  const slow = 'import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n';
  await fs.writeFile(path.join(folder, 'overread_torch', 'train.py'), slow);
  const script = '"$0" -m overread_torch train nothing; exit $?';
  const parent = spawn('/bin/sh', ['-c', script, testPython()], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let [said, isOver] = ['', false];
  parent.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  // The stream ends with the last process that writes to it.
  parent.stdout.on('end', () => (isOver = true));
  await expect.poll(() => said).toMatch(/^\d+\n$/);
  try {
    parent.kill('SIGKILL');
    await expect.poll(() => isOver).toBe(true);
  } finally {
    if (!isOver) process.kill(Number(said), 'SIGKILL');
    await fs.rm(folder, { recursive: true });
  }
});
