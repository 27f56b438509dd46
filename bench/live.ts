/**
 * Live refits (npm run bench:live): from the key to the new order on 690 chest films × 1,280 features, and what an edit
 * takes with live on and off, in one run.
 */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { EngineEvents, ItemQuery } from '../src/protocol/engineApi';
import { runJson } from '../test/support/cli';
import { forkEngine, type ForkedEngine } from '../test/support/forkedEngine';
import { checkBound, percentile, writeResult } from './result';

const source = path.resolve('../shared/data/cxr');
const answers = 40;
/** Off and on take turns, so that both have what else the machine does. */
const rounds = 4;
/** From the key to the new order, median, ms. */
const limit = 150;
/** How much longer an edit may take beside refits, median. */
const ratio = 1.5;

const errors: ItemQuery = {
  queue: 'errors',
  splits: ['train', 'validation'],
  sort: 'loss',
  descending: true,
};

async function main(): Promise<void> {
  if (!existsSync(source)) {
    const detail = 'the chest X-rays of ../shared/data/cxr are not here';
    writeResult('live', { checks: [{ name: 'live', verdict: 'skipped', detail }], figures: {} });
    return;
  }
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-live-'));
  const refits: EngineEvents['refitted'][] = [];
  let heard: () => void = () => undefined;
  const engine = forkEngine((event, payload) => {
    if (event !== 'refitted') return;
    refits.push(payload as EngineEvents['refitted']);
    heard();
  });
  const nextRefit = (): Promise<void> => new Promise((resolve) => (heard = resolve));
  try {
    const samples = path.join(source, 'samples.csv');
    await runJson(['init', root, '--csv', samples, '--architecture', 'tf_efficientnet_lite0']);
    await runJson(['finetune', root]);
    await engine.rpc.call('openProject', root);
    const turnOn = async (): Promise<void> => {
      const first = nextRefit();
      await engine.rpc.call('setLive', root, true);
      await first;
    };
    await turnOn();
    const on = await answerAll(engine, root, answers, nextRefit);
    // As fast as a person can type: an edit every 100 ms, whatever the refits do.
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
    const [off, typed]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      await engine.rpc.call('setLive', root, false);
      off.push(...(await answerAll(engine, root, answers / 2, pause)).edit);
      await turnOn();
      typed.push(...(await answerAll(engine, root, answers / 2, pause)).edit);
    }
    const order = percentile(on.order, 0.5);
    const edit = percentile(typed, 0.5) / percentile(off, 0.5);
    writeResult('live', {
      checks: [
        checkBound(
          'from the key to the new order, 690 × 1,280, median, ms',
          order,
          `under ${limit}`,
          order < limit,
        ),
        checkBound('an edit beside refits, times one without, median', edit, `under ${ratio}`, edit < ratio),
      ],
      figures: {
        order_p50_ms: order,
        order_p95_ms: percentile(on.order, 0.95),
        fit_p50_ms: percentile(
          refits.map(({ fit_ms }) => fit_ms),
          0.5,
        ),
        edit_off_p50_ms: percentile(off, 0.5),
        edit_off_p95_ms: percentile(off, 0.95),
        edit_live_p50_ms: percentile(typed, 0.5),
        edit_live_p95_ms: percentile(typed, 0.95),
      },
    });
  } finally {
    await engine.kill();
    await fs.rm(root, { recursive: true, force: true });
  }
}

/** Relabels the worst errors one after the other; after each waits for `settled` and asks for the rest anew. */
async function answerAll(
  engine: ForkedEngine,
  root: string,
  count: number,
  settled: () => Promise<void>,
): Promise<{ readonly edit: number[]; readonly order: number[] }> {
  let { list } = await engine.rpc.call('query', root, errors);
  const [edit, order]: [number[], number[]] = [[], []];
  for (let k = 0; k < count; k++) {
    const [item] = await engine.rpc.call('items', list, k, 1);
    if (!item) break;
    const ready = settled();
    const start = performance.now();
    await engine.rpc.call('answer', root, { op: 'accept', items: [item.key], list });
    edit.push(performance.now() - start);
    await ready;
    const again = await engine.rpc.call('relist', root, errors, list, k + 1);
    await engine.rpc.call('items', again.list, k + 1, 60);
    order.push(performance.now() - start);
    list = again.list;
  }
  for (let k = 0; k < edit.length; k++) await engine.rpc.call('undo', root);
  return { edit, order };
}

void main();
