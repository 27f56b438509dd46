/** Bulk edits, their undo, and every edit after them: time that grows with the items, not with their square. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effectiveLabels } from '../../src/core/labels/effectiveLabels';
import { appendEdits, appendRedo, appendUndo, LabelLogReader } from '../../src/core/labels/log';
import type { LabelEdit } from '../../src/core/labels/model';
import { multiClass, sample } from '../core/labels/builders';

const items = 40_000;
const ann = { name: 'Ann', role: 'reader' } as const;
let root: string;

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-undo-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

describe('8.4 undo of a bulk edit', () => {
  it('takes about as long as the edit, and so does whatever comes after', async () => {
    const dataset = multiClass(Array.from({ length: items }, (_, k) => sample(`s${k}`, ['normal'])));
    const reader = new LabelLogReader(root);
    const labels = effectiveLabels(dataset, reader.table, { disputed: 'exclude' });
    const edits = dataset.samples.map(({ id }): LabelEdit => ({
      op: 'set',
      sample: id,
      finding: 'class',
      value: 'covid',
    }));
    const editing = await seconds(async () => {
      await appendEdits(root, ann, edits, () => 'normal', { reader });
      labels.apply();
    });
    const undoing = await seconds(async () => {
      await appendUndo(root, ann, { reader });
      labels.apply();
    });
    expect(labels.at(items - 1, 0)).toMatchObject({ value: 'normal', source: 'given' });
    // Quadratic, it takes forty times as long at this size.
    expect(undoing).toBeLessThan(10 * Math.max(editing, 0.2));

    const reading = await seconds(async () => {
      const fresh = new LabelLogReader(root);
      await fresh.refresh();
      effectiveLabels(dataset, fresh.table, { disputed: 'exclude' });
    });
    expect(reading).toBeLessThan(10 * Math.max(editing, 0.2));

    await appendRedo(root, ann, { reader });
    labels.apply();
    expect(labels.at(0, 0)).toMatchObject({ value: 'covid', source: 'reading' });
    const one: LabelEdit = { op: 'set', sample: 's7', finding: 'class', value: 'pneumonia' };
    const single = await seconds(async () => {
      await appendEdits(root, ann, [one], () => 'covid', { reader });
      labels.apply();
    });
    expect(single).toBeLessThan(Math.max(editing, 0.2));
    expect(labels.at(7, 0).value).toBe('pneumonia');
  });

  it('is read in blocks: lines across their borders count, longer ones than any event do not', async () => {
    await fs.mkdir(path.join(root, 'labels'));
    const [event] = await appendEdits(
      root,
      ann,
      [{ op: 'set', sample: 'a', finding: 'class', value: 'covid' }],
      () => null,
    );
    const file = path.join(root, 'labels', 'ann.jsonl');
    const lines = Array.from({ length: 8000 }, (_, k) =>
      JSON.stringify({ ...event, id: `E${k}`, sample: `s${k}`, reason: 'é'.repeat(k % 300) }),
    );
    await fs.appendFile(file, `${lines.join('\n')}\n`);
    await fs.appendFile(file, `{"v":1,"x":"${'x'.repeat(17 << 20)}"}\n`);
    await fs.appendFile(file, `${JSON.stringify({ ...event, id: 'last', sample: 'last' })}\n`);
    const reader = new LabelLogReader(root);
    await reader.refresh();
    expect(reader.table.count).toBe(8002);
    expect(reader.table.event(8001).sample).toBe('last');
    expect(reader.table.event(5000).reason).toHaveLength(4999 % 300);
    expect(reader.problems()).toMatchObject([{ code: 'OVR404', place: { line: 8002 } }]);
  });
});
