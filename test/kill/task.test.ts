/** kill -9 of `overread finetune` in each of its stages: no half run, and the next one works. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResult, type Check } from '../../bench/result';
import type { RunResult } from '../../src/core/runs/model';
import { quickModel, runJson, startCli } from '../support/cli';
import { runNames } from '../support/project';

interface RunList {
  readonly runs: readonly { readonly run: string }[];
}

const stages = ['read', 'features', 'train', 'write', 'intervals'] as const;
const checks: Check[] = [];
let folder: string;
let drawn: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-kill-task-'));
  drawn = path.join(folder, 'drawn');
  await runJson(['sample', drawn, '--images', '48']);
});
afterAll(async () => {
  await fs.rm(folder, { recursive: true, force: true });
  writeResult('kill-task', { checks, figures: { stages } });
});

describe.each(stages)('kill -9 of the task in stage %s', (stage) => {
  it('leaves no half run, and the next start works', async () => {
    const root = path.join(folder, stage);
    await fs.cp(drawn, root, { recursive: true, preserveTimestamps: true });
    const killed = await killInStage(root, stage);
    const left = runNames(root);
    // The run is on disk, whole but for its intervals, before the intervals are computed; never before that.
    expect(left.length).toBe(stage === 'intervals' ? 1 : left.length === 1 && stage === 'write' ? 1 : 0);
    const next = await runJson<RunResult>(['finetune', root, ...quickModel]);
    expect(next.metrics.out_of_fold.accuracy.value).not.toBeNull();
    // Every folder of a run is a whole one.
    const { runs: after } = await runJson<RunList>(['runs', 'list', root]);
    expect(after).toHaveLength(left.length + 1);
    expect(runNames(root)).toHaveLength(after.length);
    checks.push({
      name: `killed in stage ${stage}`,
      verdict: 'pass',
      detail: `signal ${killed}; ${left.length} whole runs left; ${next.timings.cached} features were kept; the next run is whole`,
    });
  });
});

async function killInStage(root: string, stage: string): Promise<string> {
  let seen = '';
  const running = startCli(['finetune', root, ...quickModel, '--progress=json'], {
    onStderr: (text) => {
      seen += text;
      if (seen.includes(`"stage":"${stage}"`)) running.child.kill('SIGKILL');
    },
  });
  const result = await running.done;
  expect(result.signal, `the stage "${stage}" was never reported:\n${result.stderr}`).toBe('SIGKILL');
  return String(result.signal);
}
