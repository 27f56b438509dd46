import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, runProgram } from '../../../src/core/base/programs';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-programs-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('findProgram', () => {
  it('takes the first executable file of the absolute entries of PATH', async () => {
    for (const [name, mode] of [
      ['plain', 0o644],
      ['runs', 0o755],
    ] as const) {
      await fs.mkdir(path.join(folder, name));
      await fs.writeFile(path.join(folder, name, 'tool'), '#!/bin/sh\n', { mode });
    }
    await fs.mkdir(path.join(folder, 'folder', 'tool'), { recursive: true });
    const entries = [
      '',
      '.',
      'runs',
      '/nowhere',
      ...['folder', 'plain', 'runs'].map((name) => path.join(folder, name)),
    ];
    expect(await findProgram('tool', { PATH: entries.join(':') })).toBe(path.join(folder, 'runs', 'tool'));
    expect(await findProgram('tool', { PATH: `.::runs:${path.relative('.', folder)}/runs` })).toBeUndefined();
    expect(await findProgram('tool', {})).toBeUndefined();
  });

  it('passes over what Windows would take from the folder or the drive it stands on', async () => {
    const env = { Path: '.;;tools;\\tools;C:tools;"D:\\quoted";E:\\plain', PATHEXT: '.BAT;.CMD' };
    // No such file is here: what matters is that none of the relative entries is looked at, nor a batch file.
    expect(await findProgram('git', env, 'win32')).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('runProgram', () => {
  const run = (script: string, timeLimit = 5000) =>
    runProgram('/bin/sh', ['-c', script], { env: { ELECTRON_RUN_AS_NODE: '1' }, timeLimit });

  it('keeps both streams, the exit code, and nothing of VS Code’s Node', async () => {
    expect(await run('echo out; echo err >&2; exit 3')).toMatchObject({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect((await run('echo "[$ELECTRON_RUN_AS_NODE]"')).stdout).toBe('[]\n');
  });

  it('ends what takes too long, and says why something did not start', async () => {
    expect((await run('exec sleep 60', 200)).signal).toBe('SIGKILL');
    const missing = await runProgram(path.join(folder, 'none'), [], { env: {}, timeLimit: 1000 });
    expect(missing.failure).toMatch(/ENOENT/);
  });
});
