/** `finetune --job` and `jobs` on the built programs: a job outlives what started it, is found again, and can be ended. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobSummary } from '../../src/core/jobs/model';
import { quickModel, startCli, type RunningCli } from '../support/cli';
import { eventually } from '../support/eventually';
import { commandJson, runCommand } from '../support/inProcess';
import { withKeptFeatures } from '../support/keptFeatures';
import { killMatching, markedProcesses } from '../support/processes';
import { runNames } from '../support/project';
import { readyFeatures, readyImages, readySample } from '../support/readyProjects';

const hooks = path.resolve('test/attack/support/hooks.cjs');
let base: string;
let root: string;
let pipe: string;
let mark: string;
let count = 0;

beforeAll(async () => {
  base = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-jobs-')));
});
beforeEach(async () => {
  root = path.join(base, `project-${++count}`);
  mark = randomUUID();
  await readySample(root);
  pipe = path.join(base, `pipe-${count}`);
});
afterEach(() => killMatching(mark, /./));
afterAll(() => fs.rm(base, { recursive: true, force: true }));

const jobs = async (): Promise<readonly JobSummary[]> =>
  (await commandJson<{ jobs: JobSummary[] }>(['jobs', root])).jobs;
const onlyJob = async (): Promise<JobSummary> => {
  const found = await jobs();
  expect(found).toHaveLength(1);
  return found[0]!;
};
const jobFile = async (name: string): Promise<string> =>
  fs.readFile(path.join(root, '.overread/jobs', (await onlyJob()).job, name), 'utf8');

/** Starts a fine-tune as a job whose reads of images never return until the test lets them. */
async function stuckJob(flag: '--job' | '--detach', env: Record<string, string> = {}): Promise<RunningCli> {
  execFileSync('mkfifo', [pipe]);
  await fs.rm(path.join(root, '.overread/features'), { recursive: true, force: true });
  const running = startCli(['finetune', root, ...quickModel, flag], {
    env: {
      ...env,
      OVERREAD_TEST_PROCESS: mark,
      NODE_OPTIONS: `--require ${hooks}`,
      OVERREAD_TEST_STUCK: `${path.join(root, 'images')}=${pipe}`,
    },
  });
  await eventually('the job reads images', () => fs.access(`${pipe}.waiting`));
  return running;
}

const left = (): string[] => markedProcesses(mark).map(({ command }) => command);

describe('a fine-tune as a job', () => {
  it('is started, followed and listed, and says what the command itself says', async () => {
    const outcome = path.join(base, 'outcome.json');
    await readyFeatures(root);
    const { done } = startCli(['finetune', root, ...quickModel, '--name', 'first', '--job'], {
      env: { OVERREAD_OUTCOME: outcome },
    });
    const { code, stdout, stderr } = await done;
    expect(code, stderr).toBe(0);
    const [run] = runNames(root);
    expect(stdout).toContain(`Run ${run}\n`);
    expect(stdout).toContain('errors to review');
    // Stages that begin and end between two looks at the job are not told.
    expect(stderr).toMatch(/^(read|features|train|write|intervals)/m);
    const job = await onlyJob();
    expect(job).toMatchObject({ command: 'finetune', state: 'ended', exitCode: 0, run, error: null });
    expect(JSON.parse(await jobFile('request.json'))).toMatchObject({
      arguments: [...quickModel, '--name', 'first'],
    });
    const lines = (await jobFile('progress.jsonl')).trimEnd().split('\n');
    expect(new Set(lines.map((line) => (JSON.parse(line) as { stage: string }).stage))).toEqual(
      new Set(['read', 'features', 'train', 'write', 'intervals']),
    );
    expect(JSON.parse(await fs.readFile(outcome, 'utf8'))).toMatchObject({ exitCode: 0, run });
    const { stdout: list } = await runCommand(['jobs', root]);
    expect(list).toMatch(new RegExp(`${job.job} +ended +\\d+ s +${run}`));
  });

  it('that fails ends its follower with the code and the report of the command', async () => {
    await fs.rm(path.join(root, 'images'), { recursive: true });
    const outcome = path.join(base, 'outcome-failed.json');
    const { done } = startCli(['finetune', root, ...quickModel, '--job'], {
      env: { OVERREAD_OUTCOME: outcome },
    });
    const { code, stdout } = await done;
    expect(code).toBe(3);
    expect(stdout).toContain('OVR303');
    expect(await onlyJob()).toMatchObject({ state: 'failed', exitCode: 3, error: { code: 'OVR303' } });
    expect(JSON.parse(await fs.readFile(outcome, 'utf8'))).toMatchObject({ error: { code: 'OVR303' } });
    expect(await commandJson(['jobs', 'clean', root])).toMatchObject({ removed: [expect.any(String)] });
    expect(await jobs()).toEqual([]);
  });

  it('is refused where its folder is a link, and nothing starts', async () => {
    const outside = path.join(base, 'outside');
    await fs.mkdir(outside);
    await fs.mkdir(path.join(root, '.overread'), { recursive: true });
    await fs.symlink(outside, path.join(root, '.overread/jobs'));
    const { done } = startCli(['finetune', root, '--detach'], { env: { OVERREAD_TEST_PROCESS: mark } });
    expect(await done).toMatchObject({ code: 3, stderr: expect.stringContaining('OVR005') as string });
    expect(left()).toEqual([]);
    expect(await fs.readdir(outside)).toEqual([]);
  });
});

/** A job that is followed goes on when the terminal of the follower ends, and what follows it says so. */
async function goesOnAfter(end: 'SIGHUP' | 'SIGTERM' | 'SIGKILL'): Promise<JobSummary> {
  const { child, done } = await stuckJob('--job');
  child.kill(end);
  const { code, signal, stderr } = await done;
  if (end === 'SIGKILL') expect(signal).toBe('SIGKILL');
  else
    expect([code, stderr]).toEqual([130, expect.stringContaining('The job goes on: overread jobs follow')]);
  const job = await onlyJob();
  expect(job).toMatchObject({ state: 'running', run: null });
  await eventually('only the job is left', () =>
    expect(
      left()
        .map((command) => /(job|cliWork)\.js/.exec(command)?.[1])
        .sort(),
    ).toEqual(['cliWork', 'job']),
  );
  expect(runNames(root)).toEqual([]);
  return job;
}

describe.skipIf(process.platform !== 'linux')('a job', () => {
  it('goes on when its terminal ends with SIGHUP', () => goesOnAfter('SIGHUP'));

  it('goes on when its terminal ends with SIGTERM; followed later it is told from its beginning, and goes on when the following ends', async () => {
    const { job } = await goesOnAfter('SIGTERM');
    let told = '';
    const following = startCli(['jobs', 'follow', root], { onStderr: (text) => (told += text) });
    await eventually('its progress is told', () => expect(told).toContain('read'));
    following.child.kill('SIGINT');
    const { code, stdout } = await following.done;
    expect(code).toBe(130);
    expect(stdout).toMatch(/Normal +\d+ images/);
    expect(await onlyJob()).toMatchObject({ job, state: 'running' });
  });

  it('goes on when its terminal ends with SIGKILL; its process killed it is lost, with its work, and leaves no half file', async () => {
    const { job } = await goesOnAfter('SIGKILL');
    expect(killMatching(mark, /job\.js/)).toBe(1);
    await eventually('the work is gone too', () => expect(left()).toEqual([]));
    expect(await onlyJob()).toMatchObject({ job, state: 'lost', run: null });
    for (const name of ['request.json', 'process.json']) JSON.parse(await jobFile(name));
    await expect(jobFile('result.json')).rejects.toThrow('ENOENT');
    expect(runNames(root)).toEqual([]);
    const { code, stderr } = await startCli(['jobs', 'follow', root]).done;
    expect([code, stderr]).toEqual([4, expect.stringContaining('left no result')]);
    // The next one works, and what was lost can be cleared away.
    const next = () => runCommand(['finetune', root, ...quickModel]);
    expect((await withKeptFeatures(root, `quick-${readyImages}`, next)).code).toBe(0);
    expect(await commandJson(['jobs', 'clean', root])).toMatchObject({ removed: [job] });
  });

  it('is found again from another terminal, and ended, though its reads are stuck', async () => {
    await (
      await stuckJob('--detach')
    ).done;
    const { job } = await onlyJob();
    const cancelled = await commandJson<JobSummary>(['jobs', 'cancel', root, job]);
    expect(cancelled).toMatchObject({ job, state: 'cancelled' });
    expect(left()).toEqual([]);
    expect(runNames(root)).toEqual([]);
  });

  it('is cancelled by Ctrl+C where the command that started it follows', async () => {
    const { child, done } = await stuckJob('--job');
    child.kill('SIGINT');
    const { code, stderr } = await done;
    expect([code, stderr]).toEqual([130, expect.stringContaining('was cancelled')]);
    expect(await onlyJob()).toMatchObject({ state: 'cancelled' });
    await eventually('nothing is left', () => expect(left()).toEqual([]));
  });

  it('whose work is killed has failed, and says so', async () => {
    const { done } = await stuckJob('--job');
    await eventually('the job is listed', onlyJob);
    for (const { pid, command } of markedProcesses(mark)) {
      if (command.includes('cliWork.js finetune') && !command.includes('--job')) process.kill(pid, 'SIGKILL');
    }
    const { code, stderr } = await done;
    expect([code, stderr]).toEqual([4, expect.stringContaining('ended from outside')]);
    expect(await onlyJob()).toMatchObject({ state: 'failed', exitCode: null });
  });
});
