/** kill -9 of `overread finetune` in each of its stages: no half run, and the next one works. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResult, type Check } from '../../bench/result';
import type { RunResult } from '../../src/core/runs/model';
import { quickModel, startCli } from '../support/cli';
import { commandJson } from '../support/inProcess';
import { runNames } from '../support/project';
import { readyFeatures, readySample } from '../support/readyProjects';

interface RunList {
  readonly runs: readonly { readonly run: string }[];
}

const images = 48;
/** In the later ones the features are there already. */
const stages = [
  ['read', readySample],
  ['features', readySample],
  ['train', readyFeatures],
  ['write', readyFeatures],
  ['intervals', readyFeatures],
] as const;
const checks: Check[] = [];
let folder: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-kill-task-'));
});
afterAll(async () => {
  await fs.rm(folder, { recursive: true, force: true });
  writeResult('kill-task', { checks, figures: { stages: stages.map(([stage]) => stage) } });
});

describe.each(stages)('kill -9 of the task in stage %s', (stage, make) => {
  it('leaves no half run, and the next start works', async () => {
    const root = path.join(folder, stage);
    await make(root, images);
    const killed = await killInStage(root, stage);
    const left = runNames(root);
    // The run is on disk, whole but for its intervals, before the intervals are computed; never before that.
    expect(left.length).toBe(stage === 'intervals' ? 1 : left.length === 1 && stage === 'write' ? 1 : 0);
    const next = await commandJson<RunResult>(['finetune', root, ...quickModel]);
    expect(next.metrics.out_of_fold.accuracy.value).not.toBeNull();
    // Every folder of a run is a whole one.
    const { runs: after } = await commandJson<RunList>(['runs', 'list', root]);
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
