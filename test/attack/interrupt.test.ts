/** Ctrl+C on the command line: the first cancels in order, the second ends everything, whatever is stuck. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { quickModel, runCli, startCli } from '../support/cli';
import { eventually } from '../support/eventually';
import { killMatching, markedProcesses } from '../support/processes';
import { readySample } from '../support/readyProjects';

const hooks = path.resolve('test/attack/support/hooks.cjs');
let folder: string;
let root: string;
let pipe: string;
const marks: string[] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-interrupt-'));
  root = path.join(folder, 'project');
  pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await readySample(root);
});
/** What a test that failed left. */
afterEach(() => marks.splice(0).forEach((mark) => killMatching(mark, /./)));
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** Starts a fine-tune and gives its process when it is at the images. */
async function finetuneAtImages(env: Record<string, string>) {
  const mark = randomUUID();
  marks.push(mark);
  await fs.rm(`${pipe}.waiting`, { force: true });
  // Features that an earlier run kept would need no images.
  await fs.rm(path.join(root, '.overread'), { recursive: true, force: true });
  let seen = '';
  const running = startCli(['finetune', root, ...quickModel, '--progress=json'], {
    env: { ...env, OVERREAD_TEST_PROCESS: mark },
    onStderr: (text) => (seen += text),
  });
  await eventually('the fine-tune reads images', async () => {
    if (!seen.includes('"stage":"features"')) await fs.access(`${pipe}.waiting`);
  });
  return { ...running, left: () => markedProcesses(mark) };
}

/** Reads of images that never return, as those of a share whose server is gone. */
const stuck = (): Record<string, string> => ({
  NODE_OPTIONS: `--require ${hooks}`,
  OVERREAD_TEST_STUCK: `${path.join(root, 'images')}=${pipe}`,
});

describe.skipIf(process.platform !== 'linux')('8.6 Ctrl+C ends everything', () => {
  it('cancels in order at the first', async () => {
    const { child, done, left } = await finetuneAtImages({});
    child.kill('SIGINT');
    expect(await done).toMatchObject({ code: 130, signal: null });
    expect(left()).toEqual([]);
  });

  it('ends at once at the second, though reads are stuck', async () => {
    const { child, done, left } = await finetuneAtImages(stuck());
    child.kill('SIGINT');
    await sleep(500);
    expect(child.exitCode).toBeNull();
    const started = Date.now();
    child.kill('SIGINT');
    expect(await done).toMatchObject({ code: 130, signal: null });
    // What is stuck is given up after 20 s.
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(left()).toEqual([]);
  });

  it('ends at once at the second, though the work is in a loop', async () => {
    const sign = path.join(folder, 'sign');
    const { child, done, left } = await finetuneAtImages({
      NODE_OPTIONS: `--require ${hooks}`,
      OVERREAD_TEST_BUSY: ['cliWork.js', 'loop', sign].join('='),
    });
    await fs.writeFile(sign, '');
    await eventually('the work is in its loop', () => fs.access(`${sign}.busy`));
    child.kill('SIGINT');
    await sleep(300);
    child.kill('SIGINT');
    expect(await done).toMatchObject({ code: 130, signal: null });
    expect(left()).toEqual([]);
  });

  it('SIGHUP, as the end of a task in the editor, needs no second', async () => {
    const { child, done, left } = await finetuneAtImages(stuck());
    child.kill('SIGHUP');
    expect(await done).toMatchObject({ code: 130, signal: null });
    expect(left()).toEqual([]);
  });

  it('kill -9 of the command ends its work too', async () => {
    const { child, done, left } = await finetuneAtImages(stuck());
    child.kill('SIGKILL');
    expect((await done).signal).toBe('SIGKILL');
    await eventually('all are gone', () => expect(left()).toEqual([]), 10_000);
  });

  it('a project whose images are pipes needs no Ctrl+C', async () => {
    const pipes = path.join(folder, 'pipes');
    await fs.cp(root, pipes, { recursive: true });
    const entries = await fs.readdir(path.join(pipes, 'images'), { recursive: true, withFileTypes: true });
    const files = entries.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
    await Promise.all(files.map((file) => fs.rm(file)));
    execFileSync('mkfifo', files);
    const result = await runCli(['finetune', pipes, ...quickModel]);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('named pipe');
  });
});
