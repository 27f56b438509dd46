/** One edit where the log is long: what others said of other samples is passed over, and nothing of its own is. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { monotonicFactory } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedFromText, SplitMix32 } from '../../src/core/base/random';
import { openSamples } from '../../src/core/project/labelledSamples';
import { openProject } from '../../src/core/project/project';

const samples = 300;
const events = 15_000;
const classes = ['normal', 'pneumonia', 'covid'];
let root: string;

/** A table of studies of three images, and a log of two people with an undo after every tenth edit. */
async function makeProject(unit: 'image' | 'study'): Promise<void> {
  await fs.mkdir(path.join(root, 'labels'));
  const rows = Array.from({ length: samples }, (_, k) => {
    const study = Math.floor(k / 3);
    return `${k}.png,${classes[study % 3]!},p${study},s${study}`;
  });
  await fs.writeFile(path.join(root, 'samples.csv'), `path,label,patient,study\n${rows.join('\n')}\n`);
  const yaml = `version: 1\nname: long\ndataset: { group: patient, study: study }\n`;
  const labels = `labels: { unit: ${unit}, classes: [${classes.join(', ')}] }\n`;
  await fs.writeFile(path.join(root, 'overread.yaml'), yaml + labels);
  for (const annotator of ['Ann', 'Bob']) {
    // Sixteen calls of the system's generator for each id of 30,000 would be most of this test's time.
    const random = new SplitMix32(seedFromText(annotator));
    const nextId = monotonicFactory(() => random.uniform());
    const lines = [];
    let batch = '';
    for (let k = 0; k < events / 2; k++) {
      const time = Date.parse('2026-01-01T00:00:00.000Z') + k * 1000;
      const sample = `${(k * 7) % samples}.png`;
      const head = { time: new Date(time).toISOString(), annotator, role: 'reader' };
      const isUndo = k % 10 === 9;
      // The undo names another sample than its batch: a batch is undone whole all the same.
      const rest = isUndo
        ? { op: 'undo', sample, finding: 'class', target: batch }
        : { op: 'set', sample, finding: 'class', value: classes[k % 3]! };
      batch = nextId(time);
      lines.push(`${JSON.stringify({ v: 1, id: nextId(time), batch, ...head, ...rest })}\n`);
    }
    await fs.writeFile(path.join(root, 'labels', `${annotator.toLowerCase()}.jsonl`), lines.join(''));
  }
}

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-long-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

describe('8.4 one edit in a long log', () => {
  it.each(['image', 'study'] as const)('reads what it acts on, where the unit is the %s', async (unit) => {
    await makeProject(unit);
    const whole = await openProject(root);
    expect(whole.log.table.count).toBe(events);
    for (const index of [0, 7, 150, 299]) {
      const { id } = whole.dataset.samples[index]!;
      const opened = await openSamples(root, [id]);
      const acted = whole.labels.samplesWith(index);
      expect(opened.labels.samplesWith(index)).toEqual(acted);
      for (const one of acted) expect(opened.labels.at(one, 0)).toEqual(whole.labels.at(one, 0));
      // The events on each image, and the undos that name their batches.
      const own = (acted.length * events) / samples;
      expect(opened.log.table.count).toBeGreaterThanOrEqual(own);
      expect(opened.log.table.count).toBeLessThan(own * 1.5);
    }
  });
});
