/** Filters in a process of their own: what changes is followed, and what ends the process is survived. */
import { rm } from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChildProcess } from 'node:child_process';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { LabelEvent } from '../../../src/core/labels/model';
import { Catalog } from '../../../src/core/review/catalog';
import { FilterStarter } from '../../../src/core/review/filterStarter';
import { bundleProgram } from '../features/bundle';
import { classes, makeWorld, type World } from './builders';

let filterProgram: string;
const opened: Catalog[] = [];
beforeAll(async () => {
  filterProgram = await bundleProgram('src/core/review/filterProgram.ts');
});
afterAll(() => rm(path.dirname(filterProgram), { recursive: true, force: true }));
afterEach(() => opened.splice(0).forEach((catalog) => catalog.close()));

async function open(world: World, isBesides: boolean, timeoutMs = 10_000): Promise<Catalog> {
  const labels = effectiveLabels(world.dataset, [], { disputed: 'exclude' });
  const limits = { timeoutMs };
  const catalog = await Catalog.open({
    ...world,
    labels,
    limits,
    ...(isBesides ? { filterStarter: new FilterStarter(filterProgram) } : {}),
  });
  opened.push(catalog);
  return catalog;
}

const ask = (catalog: Catalog, where: string) =>
  catalog.query({ queue: 'all', splits: [], sort: 'loss', descending: true, where });

const childOf = (catalog: Catalog): ChildProcess =>
  (catalog as unknown as { filters: { runner: { child: ChildProcess } } }).filters.runner.child;

/** Labels of some samples, each event later than those before. */
function relabel(world: World, round: number): LabelEvent[] {
  return world.dataset.samples
    .filter((_, i) => i % 7 === round)
    .map((sample, k) => ({
      v: 1,
      id: `01ARZ3NDEKTSV4RRFF${String(round * 1000 + k).padStart(8, '0')}`,
      batch: `b${round}`,
      time: new Date(1_700_000_000_000 + round * 1000 + k).toISOString(),
      annotator: 'Ann',
      role: 'reader',
      op: 'set',
      sample: sample.id,
      finding: world.dataset.findings[0]!.name,
      value: classes[k % 2]!,
    }));
}

describe('filters in a process of their own', () => {
  it('select what filters here do, also after edits, whatever was asked before', async () => {
    const world = makeWorld('multi-class', 400, 31);
    const pair = [await open(world, false), await open(world, true)] as const;
    const filters = [
      'age > 40',
      "value = 'Pneumonia' and wrong",
      "value = 'Pneumonia' and age > 40 and path like '%1%'",
      'edited or confidence > 0.9',
      "loss > 0.4 and not kept and sex = 'F'",
      'value is null',
    ];
    for (let round = 0; round < 5; round++) {
      for (const where of filters.slice(0, 2 + round)) {
        const [here, there] = await Promise.all(pair.map((catalog) => ask(catalog, where)));
        expect(there!.rows).toEqual(here!.rows);
        expect(there!.confusion).toEqual(here!.confusion);
      }
      for (const catalog of pair) catalog.applyEvents(relabel(world, round));
    }
  });

  it('go on after their process was killed, in step with the labels', async () => {
    const world = makeWorld('multi-class', 300, 32);
    const pair = [await open(world, false), await open(world, true)] as const;
    await Promise.all(pair.map((catalog) => ask(catalog, "value = 'Pneumonia'")));
    for (const catalog of pair) catalog.applyEvents(relabel(world, 1));
    const child = childOf(pair[1]);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const [here, there] = await Promise.all(pair.map((catalog) => ask(catalog, "value = 'Pneumonia'")));
    expect(there!.rows).toEqual(here!.rows);
  });

  it('say that the process ended under a filter (OVR902), and answer the next', async () => {
    const catalog = await open(makeWorld('multi-class', 300, 33), true);
    await ask(catalog, 'age > 1');
    const asked = ask(catalog, 'age > 2');
    await Promise.resolve();
    childOf(catalog).kill('SIGKILL');
    await expect(asked).rejects.toMatchObject({ code: 'OVR902' });
    expect((await ask(catalog, 'true')).rows).toHaveLength(300);
  });

  it('end with their catalog (OVR803), and no process is left', async () => {
    const catalog = await open(makeWorld('multi-class', 300, 34), true);
    await ask(catalog, 'age > 1');
    const child = childOf(catalog);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const asked = [ask(catalog, 'age > 2'), ask(catalog, 'age > 3')];
    const refusals = asked.map((one) => expect(one).rejects.toMatchObject({ code: 'OVR803' }));
    await Promise.resolve();
    catalog.close();
    await Promise.all([gone, ...refusals]);
  });

  it('start ahead where somebody says so, and anew where that process is gone', async () => {
    const world = makeWorld('multi-class', 300, 35);
    const starter = new FilterStarter(filterProgram);
    const spareOf = () => (starter as unknown as { spare: ChildProcess | undefined }).spare;
    starter.prepare();
    const ahead = spareOf();
    const labels = effectiveLabels(world.dataset, [], { disputed: 'exclude' });
    const catalog = await Catalog.open({ ...world, labels, filterStarter: starter });
    opened.push(catalog);
    expect((await ask(catalog, 'true')).rows).toHaveLength(300);
    expect(childOf(catalog)).toBe(ahead);
    starter.prepare();
    const spare = spareOf();
    expect(spare).not.toBe(ahead);
    const gone = new Promise((resolve) => spare?.once('exit', resolve));
    spare?.kill('SIGKILL');
    await gone;
    expect(spareOf()).toBeUndefined();
    const next = await Catalog.open({ ...world, labels, filterStarter: starter });
    opened.push(next);
    expect((await ask(next, 'true')).rows).toHaveLength(300);
  });
});
