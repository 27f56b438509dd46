/**
 * The loop's time (npm run bench:refit): one relabel to the re-ranked list, as the editor does it — the engine puts
 * the edit on disk, a new process fine-tunes, the engine takes up the run and answers the grid's query.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ItemQuery } from '../src/protocol/engineApi';
import type { RunResult } from '../src/core/runs/model';
import { cliFile, runJson, testEnvironment } from '../test/support/cli';
import { forkEngine, type ForkedEngine } from '../test/support/forkedEngine';
import { checkBound, percentile, writeResult } from './result';

const source = path.resolve('../shared/data/cxr');
const rounds = 7;
const limit = 1;

const errorsQuery: ItemQuery = {
  queue: 'errors',
  splits: ['train', 'validation'],
  sort: 'loss',
  descending: true,
};

async function main(): Promise<void> {
  if (!existsSync(source)) {
    const why = 'the chest X-rays of ../shared/data/cxr are not here';
    writeResult('refit', { checks: [{ name: 'refit', verdict: 'skipped', detail: why }], figures: {} });
    return;
  }
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-refit-'));
  const engine = forkEngine();
  try {
    await runJson([
      'init',
      root,
      '--csv',
      path.join(source, 'samples.csv'),
      '--architecture',
      'tf_efficientnet_lite0',
    ]);
    const first = await runJson<RunResult>(['finetune', root]);
    await engine.rpc.call('openProject', root);
    const times = [];
    for (let round = 0; round < rounds; round++) times.push(await oneRound(engine, root));
    const whole = times.map((time) => time.whole_s);
    const median = percentile(whole, 0.5);
    writeResult('refit', {
      checks: [
        checkBound(
          'one relabel to the re-ranked list, 690 images, median of 7, s',
          median,
          `under ${limit}`,
          median < limit,
        ),
      ],
      figures: {
        first_run: first.timings,
        rounds: times,
        whole_p50_s: median,
        whole_max_s: Math.max(...whole),
      },
    });
  } finally {
    await engine.kill();
    await fs.rm(root, { recursive: true, force: true });
  }
}

/** Relabels the worst error to what the model says, refits, and asks for the list again. */
async function oneRound(
  engine: ForkedEngine,
  root: string,
): Promise<Record<string, number> & { whole_s: number }> {
  const list = await engine.rpc.call('query', root, errorsQuery);
  const [worst] = await engine.rpc.call('items', list.list, 0, 1);
  const start = performance.now();
  await engine.rpc.call('answer', root, { op: 'accept', items: [worst!.key], list: list.list });
  const edited = performance.now();
  const run = await untilRanked(root);
  const ranked = performance.now();
  await engine.rpc.call('openProject', root);
  const again = await engine.rpc.call('query', root, errorsQuery);
  await engine.rpc.call('items', again.list, 0, 60);
  const end = performance.now();
  await run.ended;
  const s = (from: number, to: number): number => Math.round(to - from) / 1000;
  return {
    edit_s: s(start, edited),
    finetune_process_s: s(edited, ranked),
    take_up_s: s(ranked, end),
    whole_s: s(start, end),
  };
}

/** Starts the task; resolves when its run folder is in place, which is when the editor's watcher wakes. */
function untilRanked(root: string): Promise<{ ended: Promise<void> }> {
  const child = spawn(process.execPath, [cliFile, 'finetune', root, '--progress=json'], {
    env: testEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let seen = '';
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
      if (seen.includes('"stage":"intervals"')) resolve({ ended });
    });
    child.on('close', (code) => reject(new Error(`finetune ended with ${code}:\n${seen}`)));
  });
}

void main();
