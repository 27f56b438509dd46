/** What the last check found, asked of the built engine: kept, settled, let be, hidden from a blind reader. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ItemQuery } from '../../src/protocol/engineApi';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { readySample } from '../support/readyProjects';

let folder: string;
let root: string;
let engine: ForkedEngine;
let ids: readonly string[];
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-findings-'));
  engine = forkEngine();
});
beforeEach(async () => {
  root = path.join(await fs.mkdtemp(path.join(folder, 'of-')), 'study');
  await readySample(root);
  const lines = (await fs.readFile(path.join(root, 'samples.csv'), 'utf8')).trim().split('\n').slice(1);
  const rows = lines.map((line) => line.split(','));
  const [first] = rows;
  const other = rows.find(([, label, patient]) => label !== first?.[1] && patient !== first?.[2]);
  ids = [first?.[0] ?? '', other?.[0] ?? ''];
  await fs.copyFile(path.join(root, ids[0] ?? ''), path.join(root, ids[1] ?? ''));
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const checks: ItemQuery = { queue: 'checks', splits: [], sort: 'check', descending: false };
const listed = async (): Promise<readonly string[]> => {
  const { list, total } = await engine.rpc.call('query', root, checks);
  return (await engine.rpc.call('items', list, 0, total)).map(({ sample }) => sample);
};
const ours = async () =>
  (await engine.rpc.call('findings', root)).findings.filter(({ samples }) => samples.length === 2);

describe('findings of the check in the engine', { timeout: 120_000 }, () => {
  it('are there after a check, and after the engine was started again', async () => {
    expect((await engine.rpc.call('openProject', root)).checks).toMatchObject({ made: null });
    await commandJson(['check', root], [1]);
    const { checks: state, queues, checksFile } = await engine.rpc.call('openProject', root);
    expect(state).toMatchObject({ quick: false, isOfOtherTable: false, isOfOtherLabels: false, gone: 0 });
    expect(checksFile.startsWith(root)).toBe(false);
    expect(queues['checks']).toBeGreaterThan(0);
    expect(new Set(await listed())).toEqual(new Set(ids));
    expect((await ours())[0]).toMatchObject({ kind: 'contradiction', samples: ids, mayJoin: true });
    // A quick one says less of the same table, and does not take its place.
    await commandJson(['check', root, '--quick'], [1]);
    expect((await engine.rpc.call('openProject', root)).checks?.quick).toBe(false);
    await engine.kill();
    engine = forkEngine();
    expect(new Set(await listed())).toEqual(new Set(ids));
  });

  it('follow their rows when the table changes, and go with them', async () => {
    await commandJson(['check', root], [1]);
    const row = (await ours())[0]?.place?.row ?? 0;
    const file = path.join(root, 'samples.csv');
    const [header = '', first = '', ...rest] = (await fs.readFile(file, 'utf8')).trim().split('\n');
    await fs.writeFile(file, [header, ...rest, first, ''].join('\n'));
    const moved = (await engine.rpc.call('openProject', root)).checks;
    expect(moved?.isOfOtherTable).toBe(true);
    expect((await ours())[0]?.place?.row).toBe(row + rest.length);
    await fs.writeFile(file, [header, ...rest, ''].join('\n'));
    const { checks: state } = await engine.rpc.call('openProject', root);
    expect(state?.gone).toBeGreaterThan(moved?.gone ?? Infinity);
    expect(await ours()).toEqual([]);
  });

  it('are settled by keeping together, which says what it will do before it does it', async () => {
    await commandJson(['check', root], [1]);
    const plan = await engine.rpc.call('planTogether', root, ids);
    expect(plan.patientsBefore).toBe(2);
    await expect(fs.access(path.join(root, 'splits', 'groups.csv'))).rejects.toThrow();
    const joined = await engine.rpc.call('keepTogether', root, ids, 'one film');
    expect(joined).toEqual(plan);
    expect(await fs.readFile(path.join(root, 'splits', 'groups.csv'), 'utf8')).toMatch(/,one film,/);
    expect((await ours()).every(({ kind, mayJoin }) => kind !== 'leak' && !mayJoin)).toBe(true);
    await expect(engine.rpc.call('planTogether', root, ids)).rejects.toMatchObject({ code: 'OVR001' });
  });

  it('are settled by an exclusion, which undo takes back, and tells the image beside it', async () => {
    await commandJson(['check', root], [1]);
    // The page has both tiles.
    expect(await listed()).toHaveLength(2);
    const facts = await engine.rpc.call('sampleFacts', root, ids);
    expect(facts.map(({ sample, excluded, touches }) => [sample, excluded, touches])).toEqual(
      ids.map((id) => [id, false, [id]]),
    );
    const outcome = await engine.rpc.call('excludeSamples', root, ids.slice(1), 'a copy');
    expect(outcome.items.map(({ sample, excluded }) => [sample, excluded])).toEqual([[ids[1], true]]);
    expect(outcome.others?.map(({ sample, checks: left }) => [sample, left])).toEqual([[ids[0], undefined]]);
    expect(outcome.queues['checks']).toBe(0);
    expect(await ours()).toEqual([]);
    expect((await engine.rpc.call('openProject', root)).checks?.isOfOtherLabels).toBe(true);
    expect((await engine.rpc.call('undo', root)).queues['checks']).toBe(2);
  });

  it('are let be by a line of overread.yaml, whose comments stay', async () => {
    await commandJson(['check', root], [1]);
    const file = path.join(root, 'overread.yaml');
    const text = `${await fs.readFile(file, 'utf8')}# mine\n`;
    const [finding] = await ours();
    const entry = { code: finding?.code ?? '', sample: ids[0] ?? '', reason: 'a phantom, twice' };
    const after = await engine.rpc.call('letFindingBe', text, entry);
    expect(after).toContain('# mine');
    await fs.writeFile(file, after);
    await engine.rpc.call('openProject', root);
    const { findings, ignored } = await engine.rpc.call('findings', root);
    expect(findings.some(({ id }) => id === finding?.id)).toBe(false);
    expect(ignored).toMatchObject([{ code: finding?.code, samples: ids }]);
  });

  it('are hidden from a blind reader, and so is what would settle them', async () => {
    await commandJson(['check', root], [1]);
    expect((await engine.rpc.call('openProject', root, true)).checks).toBeNull();
    expect(await engine.rpc.call('findings', root)).toEqual({ findings: [], grave: 0, ignored: [] });
    const { list, total } = await engine.rpc.call('query', root, checks);
    const items = await engine.rpc.call('items', list, 0, total);
    expect(total).toBe(30);
    expect(items.some((item) => 'checks' in item)).toBe(false);
    for (const ask of [
      () => engine.rpc.call('sampleFacts', root, ids),
      () => engine.rpc.call('planTogether', root, ids),
      () => engine.rpc.call('keepTogether', root, ids, 'one film'),
      () => engine.rpc.call('excludeSamples', root, ids, 'a copy'),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'OVR412' });
    }
  });
});
