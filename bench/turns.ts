/**
 * What each call of the pages keeps an edit waiting for, at 112,120 images × 14 findings (npm run bench:turns): the time of the
 * call, the longest turn of the engine's event loop, and the longest wait for an edit that is acknowledged. Everything is made
 * here and seeded. `--small` for 5,000 images; `--quick` leaves out what other processes work on for long; `--slow` also asks what
 * takes minutes.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { EngineMethods, ItemQuery } from '../src/protocol/engineApi';
import { TurnsProbe, type Probed } from './turnsProbe';
import { makeTurnsProject, type TurnsProject } from './turnsProject';
import { farmImages } from './gridProjects';
import { checkBound, writeResult } from './result';

/** ms */
const limit = 20;
/** Of what is asked more than once the best round: what else the machine does is no turn of ours. */
const rounds = 3;

const errors = { queue: 'errors', splits: ['train', 'validation'], sort: 'loss', descending: true } as const;
const everything = { queue: 'all', splits: [], sort: 'path', descending: false } as const;
const finding = 'Finding N';
/** With the start of the engine: nothing can be edited before it. */
const theFirst = 'openProject, the first';
const where = `age > 60 and "view" = 'PA' and confidence > 0.6`;

async function main(): Promise<void> {
  const images = process.argv.includes('--small') ? 5_000 : farmImages;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-turns-'));
  try {
    const project = await makeTurnsProject(folder, images);
    const rows = await measure(folder, project);
    printTable(rows);
    writeResult('turns', {
      checks: rows.flatMap(({ call, turn_ms, busy_ms }) => {
        if (call === theFirst) return [];
        const ms = busy_ms ?? turn_ms;
        return [checkBound(`${call}, longest turn, ms`, ms, `at most ${limit}`, ms <= limit)];
      }),
      figures: { images, findings: 14, rounds, rows },
    });
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, { root, env, addRun }: TurnsProject): Promise<Probed[]> {
  const rows: Probed[] = [];
  let heard: (event: string) => void = () => undefined;
  const event = (name: string): Promise<void> =>
    new Promise((resolve) => {
      heard = (told) => {
        if (told === name) resolve();
      };
    });
  const probe = await TurnsProbe.start(folder, root, finding, env, (name) => heard(name));
  const { rpc } = probe.engine;
  const note = <T>({ answer, ...row }: Probed & { readonly answer: T }): T => {
    rows.push(row);
    console.error(line(row));
    return answer;
  };
  const once = async <T>(call: string, work: () => Promise<T>, isEdited = true): Promise<T> =>
    note(await probe.during(call, work, isEdited));
  const best = async <T>(call: string, work: () => Promise<T>, isEdited = true): Promise<T> => {
    let found = await probe.during(call, work, isEdited);
    for (let round = 1; round < rounds; round++) {
      const next = await probe.during(call, work, isEdited);
      found = {
        ...next,
        ms: Math.min(found.ms, next.ms),
        turn_ms: Math.min(found.turn_ms, next.turn_ms),
        busy_ms: least(found.busy_ms, next.busy_ms),
        wait_ms: least(found.wait_ms, next.wait_ms),
      };
    }
    return note(found);
  };
  const list = (query: ItemQuery): Promise<{ list: string; total: number }> => rpc.call('query', root, query);
  const call =
    <K extends keyof EngineMethods>(method: K, ...params: Parameters<EngineMethods[K]>) =>
    (): Promise<unknown> =>
      (rpc.call as (method: K, ...params: unknown[]) => Promise<unknown>)(method, ...params);
  try {
    const judged = event('suspected');
    await once(theFirst, call('openProject', root), false);
    await once('suspects found beside and taken over', () => judged);
    await best('edits alone', () => new Promise((resolve) => setTimeout(resolve, 1000)));
    // While one is edited: before the first nothing can be.
    const other = path.join(folder, 'other');
    await fs.cp(root, other, { recursive: true });
    await once('openProject of another', call('openProject', other));
    await best('openProject again, nothing new', call('openProject', root));
    await best('followLabels', call('followLabels', root));
    const { list: worst } = await best('query: errors by loss', () => list(errors));
    await best('query: errors by image', () => list({ ...errors, by: 'image' }));
    const { list: all } = await best('query: everything by path', () => list(everything));
    await best('query: suspects', () => list({ ...errors, queue: 'suspects', sort: 'suspicion' }));
    await best('query: checks by image', () =>
      list({ ...everything, queue: 'checks', sort: 'check', by: 'image' }),
    );
    await best('query: a saved filter', () => list({ ...errors, where }));
    await best('relist: errors behind 60', call('relist', root, errors, worst, 60));
    await best('items', call('items', worst, 0, 200));
    const keys = await best('keys', () => rpc.call('keys', all));
    await once('listCsv: errors', call('listCsv', worst));
    await best('detail', call('detail', root, keys[7] ?? ''));
    await best('findings of the check', call('findings', root));
    await best('sampleFacts', call('sampleFacts', root, ['1.png', '2.png', '3.png']));
    await best('planTogether', call('planTogether', root, ['1.png', '9.png']));
    await best('gather: similar', call('gather', root, keys.slice(0, 1), 'similar'));
    await best('gather: patient', call('gather', root, keys.slice(0, 1), 'patient'));
    await once('architectures, the first time', call('architectures', root));
    await best('architectures', call('architectures', root));
    const map = await once('map', () => rpc.call('map', root));
    await once('map: its colours', async () => {
      let from = 0;
      while (from < map.colours) from += (await rpc.call('mapColours', root, map.id, from)).length;
    });
    const isQuick = process.argv.includes('--quick');
    if (!isQuick) await once('cohorts', call('cohorts', root, 'validation'));
    if (process.argv.includes('--slow')) {
      await once('shortcuts', call('shortcuts', root));
      await once('corrections', call('corrections', root));
    }
    const [run] = await rpc.call('runs', root);
    const name = run?.record.run ?? '';
    if (!isQuick) {
      await once('run page', call('analyseRun', root, name, false));
      await once('run page: bands', call('runBands', root, name, false));
      await best('run page: thresholds', call('runThresholds', root, name, false, finding));
      const target = { target: 'sensitivity', at: 0.9 } as never;
      await best('run page: a threshold', call('tryTarget', root, name, false, finding, target));
      await best('run page: images that change side', call('changedSides', root, name, false, finding, 0.4));
    }
    const some = await list({ ...everything, splits: ['train'], finding });
    await once(`answer: ${String(some.total)} items`, () =>
      rpc.call('answer', root, { op: 'set', value: '1', items: 'all', list: some.list }),
    );
    // The edits meanwhile are the reader's own: this is to be the last one.
    await rpc.call('answer', root, { op: 'set', value: '0', items: 'all', list: some.list });
    await once('undo of them', call('undo', root), false);
    await once('redo of them', call('redo', root), false);
    await best('followLabels after that', call('followLabels', root));
    await addRun(2);
    const again = event('suspected');
    await once('openProject after a run', call('openProject', root));
    await once('suspects of that run', () => again);
    await best('query: newly wrong', () => list({ ...errors, queue: 'newly-wrong' }));
    await once('refitAnswer', call('refitAnswer', root, false));
    await best('compareRun', call('compareRun', root, name));
    const refitted = event('refitted');
    await once('live: on, the first fit and its order', async () => {
      await rpc.call('setLive', root, true);
      await refitted;
    });
    const next = event('refitted');
    await once('live: the next fit, by answers since', () => next);
    await once('live: off', call('setLive', root, false));
    await once('blind reading on', call('openProject', root, true));
    await best('query: blind', () => list(everything));
    return rows;
  } finally {
    await probe.engine.kill();
  }
}

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

const line = ({ call, ms, turn_ms, busy_ms, edits, wait_ms }: Probed): string =>
  [
    call.padEnd(42),
    ms.toFixed(0).padStart(9),
    turn_ms.toFixed(1).padStart(9),
    (busy_ms?.toFixed(1) ?? '').padStart(9),
    String(edits).padStart(7),
    (wait_ms?.toFixed(1) ?? '').padStart(9),
  ].join('');

function printTable(rows: readonly Probed[]): void {
  const titles = ['ms', 'turn ms', 'busy ms'].map((title) => title.padStart(9));
  const head = ['call'.padEnd(42), ...titles, 'edits'.padStart(7), 'wait ms'.padStart(9)].join('');
  console.log([head, ...rows.map(line)].join('\n'));
}

void main();
