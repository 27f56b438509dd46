/** Where a job stands is read off its files and its process; what lies among the jobs may come from anybody. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thisProcess, type ProcessIdentity } from '../../../src/core/base/processIdentity';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import type { Problem } from '../../../src/core/base/report';
import { JobRecord } from '../../../src/core/jobs/jobRecord';
import { cancelJob, cleanJobs, findJob, listJobs, readJob, startJob } from '../../../src/core/jobs/jobs';
import type { Launcher } from '../../../src/core/jobs/launcher';
import { LocalProcess } from '../../../src/core/jobs/localProcess';
import type { JobResult } from '../../../src/core/jobs/model';
import { eventually } from '../../support/eventually';

const now = new Date('2026-11-26T10:00:00.000Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const linux = process.platform === 'linux';

let root: string;
let folder: ProjectFolder;
const children: ChildProcess[] = [];

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-jobs-'));
  folder = await ProjectFolder.open(root);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await fs.rm(root, { recursive: true, force: true });
});

/** A launcher that leaves the job for the test to take up. */
const idle: Launcher = Object.assign(new LocalProcess(), { start: () => Promise.resolve() });
const asked = { command: 'finetune', arguments: ['--device', 'cpu'] } as const;
const place = (job: string, ...parts: string[]): string => path.join(root, '.overread/jobs', job, ...parts);
const stateAt = async (job: string, at: Date): Promise<string> => (await readJob(root, job, at)).state;
const done: JobResult = { v: 1, ended: later(9).toISOString(), exit_code: 0, cancelled: false, problems: [] };

async function writeProcess(job: string, identity: ProcessIdentity, renewed = now): Promise<void> {
  const time = now.toISOString();
  const document = { v: 1, process: identity, started: time, renewed: renewed.toISOString() };
  await fs.writeFile(place(job, 'process.json'), JSON.stringify(document));
}

/** A process that lives until the test ends it, and who it is. */
async function bystander(script: string, detached = false): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', `${script};console.log(1)`], {
    detached,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const stat = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  return { ...thisProcess(), pid: child.pid ?? 0, started };
}

function lives({ pid }: ProcessIdentity): boolean {
  return children.some((child) => child.pid === pid && child.exitCode === null && child.signalCode === null);
}

describe('where a job stands', () => {
  it('is queued until it is taken up, and lost when nobody does', async () => {
    const job = await startJob(folder, asked, idle, now);
    expect(await readJob(root, job, later(5))).toEqual({
      ...{
        job,
        command: 'finetune',
        state: 'queued',
        created: now.toISOString(),
        started: null,
        ended: null,
      },
      ...{ exitCode: null, run: null, error: null, progress: null, trains: false },
    });
    expect(await stateAt(job, later(61))).toBe('lost');
  });

  it('is running while its process lives, with the last whole line of its progress', async () => {
    const job = await startJob(folder, asked, idle, now);
    const record = await JobRecord.takeUp(folder, job, later(1));
    await record.progress({ stage: 'features', done: 3, total: 60 }, later(2));
    await record.progress({ stage: 'features', done: 9, total: 60 }, later(3));
    await fs.appendFile(place(job, 'progress.jsonl'), '{"time":"2026-11-26T10:00:04.000Z","sta');
    const summary = await readJob(root, job, later(3600));
    expect(summary.state).toBe(linux ? 'running' : 'lost');
    expect(summary.progress).toEqual({ time: later(3).toISOString(), stage: 'features', done: 9, total: 60 });
    await record.end(done);
    expect(await stateAt(job, later(3600))).toBe('ended');
  });

  it('is taken up once', async () => {
    const job = await startJob(folder, asked, idle, now);
    const first = await JobRecord.takeUp(folder, job, now);
    await expect(JobRecord.takeUp(folder, job, now)).rejects.toMatchObject({ code: 'OVR807' });
    await first.end(done);
    await expect(JobRecord.takeUp(folder, job, now)).rejects.toMatchObject({ code: 'OVR807' });
  });

  it.runIf(linux)(
    'is lost when its process is gone, also where its number was given to another',
    async () => {
      const job = await startJob(folder, asked, idle, now);
      await writeProcess(job, { ...thisProcess(), started: '1' });
      expect(await stateAt(job, now)).toBe('lost');
      const dead = await bystander('setTimeout(() => {}, 1e6)');
      children[0]?.kill('SIGKILL');
      await eventually('it is gone', () => expect(lives(dead)).toBe(false));
      await writeProcess(job, dead);
      expect(await stateAt(job, now)).toBe('lost');
      await folder.writeFile(`.overread/jobs/${job}/cancel.json`, '{}');
      expect(await stateAt(job, now)).toBe('cancelled');
    },
  );

  it('of a process that cannot be asked, its word counts for a minute', async () => {
    const job = await startJob(folder, asked, idle, now);
    for (const identity of [
      { ...thisProcess(), host: 'another-machine' },
      { ...thisProcess(), started: null },
    ]) {
      await writeProcess(job, identity, later(100));
      expect(await stateAt(job, later(130))).toBe('running');
      expect(await stateAt(job, later(190))).toBe('lost');
      // A word from the future is none.
      expect(await stateAt(job, now)).toBe('lost');
    }
  });

  it.each([
    [{ exit_code: 0 }, 'ended'],
    [{ exit_code: 1 }, 'ended'],
    [{ exit_code: 3, error: { code: 'OVR207', message: 'One class only' } }, 'failed'],
    [{ exit_code: null }, 'failed'],
    [{ exit_code: 130, cancelled: true }, 'cancelled'],
  ] as const)('ends as its result says: %j', async (result, state) => {
    const job = await startJob(folder, asked, idle, now);
    await (await JobRecord.takeUp(folder, job, now)).end({ ...done, ...result });
    expect(await readJob(root, job, now)).toMatchObject({
      state,
      exitCode: result.exit_code,
      error: 'error' in result ? result.error : null,
    });
  });

  it('what its process tells of a folder that was deleted is not written anywhere', async () => {
    const job = await startJob(folder, asked, idle, now);
    const record = await JobRecord.takeUp(folder, job, now);
    await fs.rm(path.join(root, '.overread'), { recursive: true });
    expect(await record.beat(later(2))).toBe(false);
    await record.end(done);
    expect(await fs.readdir(root)).toEqual([]);
  });
});

describe('the list of jobs', () => {
  it('is newest first; names and unique parts of them are found', async () => {
    const jobs = [];
    for (const seconds of [0, 1, 2]) jobs.push(await startJob(folder, asked, idle, later(seconds)));
    expect((await listJobs(root, undefined, later(3))).map(({ job }) => job)).toEqual([...jobs].reverse());
    expect(await findJob(root, undefined)).toBe(jobs[2]);
    expect(await findJob(root, '100001.000')).toBe(jobs[1]);
    await expect(findJob(root, 'finetune')).rejects.toMatchObject({ code: 'OVR807' });
    await expect(findJob(root, '../..')).rejects.toMatchObject({ code: 'OVR807' });
  });

  it('is empty where there is none', async () => {
    expect(await listJobs(root)).toEqual([]);
    await expect(findJob(root, undefined)).rejects.toThrow('This project has no job');
  });

  const request = { v: 1, ...asked, launcher: 'local', created: now.toISOString() };
  const process1 = {
    v: 1,
    process: { ...thisProcess(), pid: 1 },
    started: request.created,
    renewed: request.created,
  };
  const write = (file: string, content: object | string) => async (job: string) =>
    fs.writeFile(place(job, file), typeof content === 'string' ? content : JSON.stringify(content));
  const replace = (file: string, make: (at: string) => unknown) => async (job: string) => {
    await fs.rm(place(job, file), { force: true });
    await make(place(job, file));
  };

  it.each<[string, string, (job: string) => Promise<unknown>]>([
    ['no request', 'request.json', replace('request.json', () => undefined)],
    ['a torn request', 'request.json', write('request.json', '{"v":1,"comm')],
    ['another command', 'request.json', write('request.json', { ...request, command: 'sh' })],
    ['another launcher', 'request.json', write('request.json', { ...request, launcher: 'warp' })],
    ['a later version', 'request.json', write('request.json', { ...request, v: 2 })],
    ['process 1', 'process.json', write('process.json', process1)],
    [
      'a group of processes',
      'process.json',
      write('process.json', { ...process1, process: { ...thisProcess(), pid: -1 } }),
    ],
    ['a link as request', 'request.json', replace('request.json', (at) => fs.symlink('/etc/passwd', at))],
    ['a pipe as result', 'result.json', replace('result.json', (at) => execFileSync('mkfifo', [at]))],
    ['a folder as progress', 'progress.jsonl', replace('progress.jsonl', (at) => fs.mkdir(at))],
    [
      'a file of gigabytes',
      'result.json',
      replace('result.json', async (at) => {
        await fs.writeFile(at, '');
        await fs.truncate(at, 2 ** 33);
      }),
    ],
  ])('%s is one problem with its path, and the others are listed', async (_, file, spoil) => {
    const [before, damaged, after] = [
      await startJob(folder, asked, idle, now),
      await startJob(folder, asked, idle, later(1)),
      await startJob(folder, asked, idle, later(2)),
    ];
    await spoil(damaged);
    const problems: Problem[] = [];
    const found = await listJobs(root, (problem) => problems.push(problem), later(3));
    expect(found.map(({ job }) => job)).toEqual([after, before]);
    expect(problems).toMatchObject([
      { code: 'OVR807', severity: 'warning', place: { file: `.overread/jobs/${damaged}/${file}` } },
    ]);
    // Nobody can say what it is, so nobody removes it.
    expect(await cleanJobs(folder)).not.toContain(damaged);
  });

  it('a link or a file among the folders is one problem; what is half written is none', async () => {
    const job = await startJob(folder, asked, idle, now);
    await fs.symlink(place(job), place('2026-linked'));
    await fs.writeFile(place('notes.txt'), 'mine');
    await fs.mkdir(place('.writing-2026-x-1'));
    const problems: Problem[] = [];
    const found = await listJobs(root, (problem) => problems.push(problem), now);
    expect(found.map((one) => one.job)).toEqual([job]);
    expect(problems.map(({ place: at }) => at?.file).sort()).toEqual([
      '.overread/jobs/2026-linked',
      '.overread/jobs/notes.txt',
    ]);
  });
});

describe('starting', () => {
  it('is refused without trust, and leaves nothing', async () => {
    const untrusted = await ProjectFolder.open(root, { readOnly: true });
    let started = false;
    const launcher = Object.assign(new LocalProcess(), {
      start: () => Promise.resolve(void (started = true)),
    });
    await expect(startJob(untrusted, asked, launcher, now)).rejects.toMatchObject({ code: 'OVR005' });
    expect(started).toBe(false);
    expect(await fs.readdir(root)).toEqual([]);
  });

  it('goes through no link', async () => {
    const outside = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-outside-'));
    await fs.symlink(outside, path.join(root, '.overread'));
    await expect(startJob(folder, asked, idle, now)).rejects.toMatchObject({ code: 'OVR005' });
    expect(await fs.readdir(outside)).toEqual([]);
    await fs.rm(outside, { recursive: true });
  });

  it('that fails leaves no job', async () => {
    const program = { file: '/nowhere/job.js', env: {}, cwd: path.join(root, 'gone') };
    await expect(startJob(folder, asked, new LocalProcess(program), now)).rejects.toMatchObject({
      code: 'OVR003',
    });
    expect(await listJobs(root)).toEqual([]);
  });

  it('keeps the newest twenty finished jobs, and what is under way', async () => {
    const open = await startJob(folder, asked, idle, now);
    await writeProcess(open, thisProcess(), new Date());
    const today = Date.now();
    for (let i = 0; i < 23; i++) {
      const time = new Date(today + i);
      const job = await startJob(folder, asked, idle, time);
      await (await JobRecord.takeUp(folder, job, time)).end(done);
    }
    const left = (await listJobs(root)).map(({ job }) => job);
    expect(left).toContain(open);
    // The last was not finished when it was started.
    expect(left).toHaveLength(1 + 20 + 1);
    expect(await cleanJobs(folder)).toHaveLength(21);
    expect((await listJobs(root)).map(({ job }) => job)).toEqual([open]);
  });
});

describe.runIf(linux)('cancelling', () => {
  it('asks the process, which ends in order', async () => {
    const job = await startJob(folder, asked, idle, new Date());
    const identity = await bystander('setTimeout(() => {}, 1e6)', true);
    await writeProcess(job, identity);
    expect((await cancelJob(folder, job)).state).toBe('cancelled');
    expect(lives(identity)).toBe(false);
  });

  it('kills one that does not end, with its group', async () => {
    const job = await startJob(folder, asked, idle, new Date());
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)";
    const identity = await bystander(
      `${stubborn}; const { spawn } = require('node:child_process');
       const child = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}]);
       require('node:fs').writeFileSync(${JSON.stringify(place('child'))}, String(child.pid))`,
      true,
    );
    const grandchild = Number(await fs.readFile(place('child'), 'utf8'));
    await fs.rm(place('child'));
    await writeProcess(job, identity);
    expect((await cancelJob(folder, job, 300)).state).toBe('cancelled');
    await eventually('the group is gone', () => {
      expect(lives(identity)).toBe(false);
      expect(() => process.kill(grandchild, 0)).toThrow('ESRCH');
    });
  });

  it('signals no process that is not the job’s own, whatever the job says', async () => {
    const script = 'setTimeout(() => {}, 1e6)';
    const identity = await bystander(script, true);
    const old = new Date(Date.now() - 120_000);
    for (const [claimed, renewed] of [
      [{ ...identity, started: '1' }, new Date()],
      [{ ...identity, started: null }, old],
      [{ ...identity, host: 'another-machine' }, new Date()],
      [{ ...identity, space: 'another run of this machine' }, new Date()],
    ] as const) {
      const job = await startJob(folder, asked, idle, new Date());
      await writeProcess(job, claimed, renewed);
      await cancelJob(folder, job, 100);
      expect(lives(identity), JSON.stringify(claimed)).toBe(true);
    }
  });

  it('tells the process of another machine, which ends by itself', async () => {
    const job = await startJob(folder, asked, idle, now);
    await writeProcess(job, { ...thisProcess(), host: 'another-machine' }, new Date());
    expect((await cancelJob(folder, job, 100)).state).toBe('running');
    const taken = await startJob(folder, asked, idle, later(1));
    const record = await JobRecord.takeUp(folder, taken, now);
    expect(await record.beat(new Date())).toBe(false);
    await fs.copyFile(place(job, 'cancel.json'), place(taken, 'cancel.json'));
    expect(await record.beat(new Date())).toBe(true);
    await record.end(done);
  });

  it('of a job that has ended changes nothing, and is refused without trust', async () => {
    const job = await startJob(folder, asked, idle, now);
    await (await JobRecord.takeUp(folder, job, now)).end(done);
    expect((await cancelJob(folder, job)).state).toBe('ended');
    await expect(fs.access(place(job, 'cancel.json'))).rejects.toThrow('ENOENT');
    const running = await startJob(folder, asked, idle, later(1));
    const identity = await bystander('setTimeout(() => {}, 1e6)', true);
    await writeProcess(running, identity);
    const untrusted = await ProjectFolder.open(root, { readOnly: true });
    await expect(cancelJob(untrusted, running)).rejects.toMatchObject({ code: 'OVR005' });
    expect(lives(identity)).toBe(true);
  });
});
