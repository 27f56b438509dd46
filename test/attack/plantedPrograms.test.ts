/** A repository that brings its own `git`, `python3` and `pip`: none of them is ever started. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram, runProgram } from '../../src/core/base/programs';
import { defaultAnnotator } from '../../src/core/labels/annotator';
import { runPip } from '../../src/core/weights/pip';
import { readySample } from '../support/readyProjects';
import { forkEngine } from '../support/forkedEngine';

const onWindows = process.platform === 'win32';

let folder: string;
let project: string;
/** Written by whatever is planted. */
let marker: string;
/** A git of the machine's own kind, which counts how often it is asked. */
let bin: string;
let asked: string;

async function plant(file: string, text: string): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, text, { mode: 0o755 });
}

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-planted-'));
  project = path.join(folder, 'project');
  marker = path.join(folder, 'planted-ran');
  bin = path.join(folder, 'bin');
  asked = path.join(folder, 'asked');
  await readySample(project);
  for (const name of ['git', 'python3', 'python', 'pip3', 'pip']) {
    await plant(path.join(project, name), `#!/bin/sh\necho ${name} >> '${marker}'\necho Mallory\n`);
  }
  // What `python -m pip` would import from the folder that it stands in.
  await plant(path.join(project, 'pip.py'), `open(${JSON.stringify(marker)}, 'a').write('pip')\n`);
  await plant(path.join(bin, 'git'), `#!/bin/sh\npwd >> '${asked}'\necho Trusted Reader\n`);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const planted = (): Promise<string> => fs.readFile(marker, 'utf8').catch(() => 'nothing ran');
const timesAsked = async (): Promise<number> =>
  (await fs.readFile(asked, 'utf8').catch(() => '')).split('\n').length - 1;

/** Runs `work` as a process that stands in the project. */
async function inProject<T>(work: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(project);
  try {
    return await work();
  } finally {
    process.chdir(before);
  }
}

describe.skipIf(onWindows)('8.2 planted programs', () => {
  it.each([
    ['.', 'a dot'],
    ['', 'an empty entry'],
    ['../project', 'a relative entry'],
  ])('are not found through PATH=%j (%s)', async (entry) => {
    for (const PATH of [entry, `${entry}:/nowhere`, `/nowhere:${entry}`]) {
      expect(await inProject(() => defaultAnnotator(project, { PATH }))).toBeUndefined();
      const pip = inProject(() => runPip(['--version'], { PATH }));
      await expect(pip).rejects.toThrow(/no Python with pip/);
    }
    expect(await planted()).toBe('nothing ran');
  });

  it('the command line asks the git of the machine, from a folder that is not the project', async () => {
    const cli = path.resolve('dist', 'cli.js');
    const env = { ...process.env, PATH: `.::${bin}:${process.env['PATH'] ?? ''}` };
    execFileSync(process.execPath, [cli, 'label', '.', 'images/P0001_1.png', 'Opacity'], {
      cwd: project,
      env,
      stdio: 'pipe',
    });
    expect(await planted()).toBe('nothing ran');
    expect((await fs.readFile(asked, 'utf8')).trim()).toBe(os.homedir());
    expect(await fs.readdir(path.join(project, 'labels'))).toEqual(['trusted-reader.jsonl']);
  });

  it('pip is the installed one, not the `pip` of the folder that the task stands in', async () => {
    const python = await findProgram('python3', process.env);
    if (python === undefined) return;
    const version = await inProject(() => runPip(['--version'], process.env)).catch((error: unknown) =>
      String(error),
    );
    expect(version).toMatch(/^pip \d|no Python with pip/);
    expect(await planted()).toBe('nothing ran');
  });

  it('the engine starts no program at all until the workspace is trusted', async () => {
    const PATH = `.::${bin}:${process.env['PATH'] ?? ''}`;
    const before = await timesAsked();
    const engine = forkEngine(undefined, {
      cwd: project,
      env: { PATH, OVERREAD_ANNOTATOR: undefined },
      trusted: false,
    });
    try {
      expect((await engine.rpc.call('openProject', project)).annotator).toBe('');
      await engine.rpc.call('configure', { annotator: null, trusted: false, linkedFolders: [] });
      expect((await engine.rpc.call('openProject', project)).annotator).toBe('');
      expect(await timesAsked()).toBe(before);
      await engine.rpc.call('configure', { annotator: null, trusted: true, linkedFolders: [] });
      expect((await engine.rpc.call('openProject', project)).annotator).toBe('Trusted Reader');
      expect(await timesAsked()).toBe(before + 1);
    } finally {
      await engine.kill();
    }
    expect(await planted()).toBe('nothing ran');
  });

  it('a name is never handed to the system to look up', async () => {
    await expect(runProgram('git', [], { env: {}, timeLimit: 1000 })).rejects.toThrow(/no absolute path/);
  });
});
