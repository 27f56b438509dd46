/** A filter that would run for minutes holds up nothing: it is killed at its limit, and edits never wait for it. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ItemQuery } from '../../src/protocol/engineApi';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';

const reports = 20_000;
/** Each `%` doubles what DuckDB tries on a report that nearly fits; a block of rows takes minutes. */
const hostile = `report ILIKE '%${'a%'.repeat(12)}b'`;
let folder: string;
let root: string;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-filter-'));
  root = path.join(folder, 'project');
  await fs.mkdir(root);
  await fs.writeFile(
    path.join(root, 'overread.yaml'),
    'version: 1\nname: Reports\ndataset: { table: t.csv, path: path, group: patient }\nlabels: { task: multi-class, column: label, classes: [Normal, Opacity] }\n',
  );
  const report = 'a'.repeat(3000);
  const rows = Array.from(
    { length: reports },
    (_, i) => `${i}.png,${i % 5000},${i % 3 ? 'Normal' : 'Opacity'},${report}${i % 7}`,
  );
  await fs.writeFile(path.join(root, 't.csv'), `path,patient,label,report\n${rows.join('\n')}\n`);
  engine = forkEngine(undefined, { env: { OVERREAD_FILTER_SECONDS: '6' } });
  await engine.rpc.call('openProject', root);
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const query = (where?: string) => {
  const all: ItemQuery = { queue: 'all', splits: [], sort: 'path', descending: false };
  return engine.rpc.call('query', root, where === undefined ? all : { ...all, where });
};

describe('8.5 a filter freezes labelling', () => {
  it('edits are acknowledged while it runs, it ends at its limit, and filters that were asked meanwhile or later are answered', async () => {
    const all = await query();
    const [first] = await engine.rpc.call('items', all.list, 0, 1);
    // The tables are filled, so that what follows is the filter itself.
    expect((await query("report LIKE '%3'")).total).toBeGreaterThan(2000);
    let isRunning = true;
    const filter = query(hostile).finally(() => (isRunning = false));
    const ended = expect(filter).rejects.toMatchObject({
      code: 'OVR901',
      message: 'The filter was stopped after 6 s',
    });
    const meanwhile = Promise.all([query('true'), query("path = '7.png'")]);
    for (const value of ['Opacity', 'Normal', 'Opacity']) {
      await engine.rpc.call('answer', root, { op: 'set', value, items: [first!.key], list: all.list });
      expect(isRunning).toBe(true);
    }
    expect((await query()).total).toBe(reports);
    expect(isRunning).toBe(true);
    await ended;
    expect((await meanwhile).map(({ total }) => total)).toEqual([reports, 1]);
    // In a new process, which knows the edits.
    const edited = await query("edited AND report LIKE 'a%'");
    expect(edited.total).toBe(1);
    expect((await engine.rpc.call('items', edited.list, 0, 1))[0]!.value).toBe('Opacity');
    // And follows them.
    await engine.rpc.call('undo', root);
    const after = await query("edited AND value = 'Normal'");
    expect(after.total).toBe(1);
  });
});
