/** What is read of a log for one sample is, for that sample, what the whole log says. */
import { mkdir, rm, writeFile, appendFile } from 'node:fs/promises';
import * as path from 'node:path';
import { monotonicFactory } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { LineSelection } from '../../../src/core/labels/lineSelection';
import { appendEdits, LabelLogReader } from '../../../src/core/labels/log';
import { classes, multiClass, sample, temporaryFolder } from './builders';
import { randomCases } from '../../support/randomCases';

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
  await mkdir(path.join(root, 'labels'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const people = ['Anna', 'Bob', 'Zoë'];
const ids = ['a/1.png', 'a/10.png', 'b "q".png', 'ü/2.png', 'c\\3.png', 'Anna'];
const dataset = multiClass(ids.map((id, k) => sample(id, [classes[k % 3]!])));
const start = Date.parse('2026-01-01T00:00:00.000Z');

/** Lines of several people in several orders, with undo, redo, copies of ids, and lines that were changed by hand. */
function randomLog(random: SplitMix32, size: number): Map<string, Buffer[]> {
  const nextId = monotonicFactory(() => random.uniform());
  const files = new Map(people.map((name) => [`${name.toLowerCase()}.jsonl`, [] as Buffer[]]));
  const batches: string[] = [];
  const used: string[] = [];
  for (let k = 0; k < size; k++) {
    const time = start + random.below(40) * 1000;
    const annotator = people[random.below(3)]!;
    const draw = random.below(10);
    const batch = random.below(3) === 0 && batches.length > 0 ? batches.at(-1)! : nextId(time);
    const id = random.below(15) === 0 && used.length > 0 ? used[random.below(used.length)]! : nextId(time);
    used.push(id);
    const head = { v: 1, id, batch, time: new Date(time).toISOString(), annotator, role: 'reader' };
    const item = { sample: ids[random.below(ids.length)]!, finding: 'class' };
    const value = classes[random.below(3)]!;
    if (draw < 6) batches.push(batch);
    const event =
      draw < 6 || batches.length === 0
        ? {
            ...head,
            op: draw === 5 ? 'keep' : 'set',
            ...item,
            value,
            previous: 'normal',
            reason: draw === 4 ? 'a \\ b' : 'x',
          }
        : draw === 6
          ? { ...head, op: 'exclude', sample: item.sample }
          : {
              ...head,
              op: draw === 9 ? 'redo' : 'undo',
              ...item,
              target: batches[random.below(batches.length)]!,
            };
    const file = files.get(`${annotator.toLowerCase()}.jsonl`)!;
    file.push(
      Buffer.concat([
        changed(random, JSON.stringify(event)),
        Buffer.from(random.below(9) === 0 ? '\r\n' : '\n'),
      ]),
    );
  }
  files.get('bob.jsonl')!.unshift(Buffer.from('\uFEFF'));
  return files;
}

/** Most lines as they are; some written as others write them, some damaged. */
function changed(random: SplitMix32, line: string): Buffer {
  const draw = random.below(24);
  if (draw === 0) return Buffer.from(line.replaceAll('":', '" : '));
  if (draw === 1) return Buffer.from(line.replaceAll('/', '\\/').replaceAll('ü', '\\u00fc'));
  if (draw === 2)
    return Buffer.from(
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).reverse())),
    );
  if (draw === 3) return Buffer.from(line.replace('"target":', '"target": ').replace(/Z"/, '+00:00"'));
  if (draw === 4)
    return Buffer.from(line.replace('"target":', '"target":"01BX5ZZKBKACTAV9WEVGEMMVRZ","target":'));
  const bytes = Buffer.from(line);
  if (draw === 5) bytes[random.below(bytes.length)] = [0x22, 0x5c, 0x20, 0x7d, 0xff, 0x5a][random.below(6)]!;
  if (draw === 6) return bytes.subarray(0, random.below(bytes.length));
  return bytes;
}

async function write(files: ReadonlyMap<string, readonly Buffer[]>): Promise<void> {
  for (const [name, lines] of files) await writeFile(path.join(root, 'labels', name), Buffer.concat(lines));
}

function selected(sampleId: string, now?: number): LabelLogReader {
  return new LabelLogReader(root, undefined, LineSelection.of([sampleId], now));
}

function labelsOf(reader: LabelLogReader, sampleId: string) {
  const labels = effectiveLabels(dataset, reader.table, { disputed: 'exclude' });
  return labels.at(ids.indexOf(sampleId), 0);
}

describe('a log read for one sample', () => {
  it('says of it what the whole log says, whatever the lines', async () => {
    const random = new SplitMix32(84);
    let passedOver = 0;
    const rounds = randomCases(15, 60);
    for (let round = 0; round < rounds; round++) {
      await write(randomLog(random, 20 + random.below(80)));
      const whole = new LabelLogReader(root);
      await whole.refresh();
      for (const id of ids) {
        const reader = selected(id);
        await reader.refresh();
        expect(labelsOf(reader, id), `round ${round}, ${id}`).toEqual(labelsOf(whole, id));
        for (const name of ['anna.jsonl', 'bob.jsonl', 'zoë.jsonl']) {
          expect(reader.ownerOf(name)).toBe(whole.ownerOf(name));
        }
        passedOver += whole.table.count - reader.table.count;
      }
    }
    expect(passedOver).toBeGreaterThan(33 * rounds);
  });

  it('knows of a bulk edit that it was undone and redone from the ends of those runs', async () => {
    const random = new SplitMix32(87);
    const nextId = monotonicFactory(() => random.uniform());
    let time = start;
    const linesOf = (op: string, more: object, stamp = new Date((time += 1000)).toISOString()) => {
      const batch = nextId(time);
      const items = Array.from({ length: 300 }, (_, k) => ids[k % 2 === 0 ? 0 : 3]!);
      const lines = items.map((item) =>
        JSON.stringify({
          ...{ v: 1, id: nextId(time), batch, time: stamp, annotator: 'Bob', role: 'reader', op },
          ...{ sample: item, finding: 'class', ...more },
        }),
      );
      return { batch, lines };
    };
    const first = linesOf('set', { value: 'covid', previous: 'normal' });
    const edit = linesOf('set', { value: 'pneumonia', previous: 'covid' });
    const others = linesOf('set', { value: 'covid', previous: 'normal' });
    // The lines of a reversal on another sample than the one that is asked for.
    const only = (lines: readonly string[], id: string) => lines.filter((line) => line.includes(`"${id}"`));
    const reversals = (['undo', 'redo', 'undo'] as const).map((op) => linesOf(op, { target: edit.batch }));
    const lines = [
      ...first.lines,
      ...edit.lines,
      ...others.lines,
      ...reversals.flatMap((reversal) => only(reversal.lines, ids[3]!)),
    ];
    for (const count of [lines.length, lines.length - 150, lines.length - 300, lines.length - 200]) {
      await write(new Map([['bob.jsonl', lines.slice(0, count).map((line) => Buffer.from(`${line}\n`))]]));
      const whole = new LabelLogReader(root);
      await whole.refresh();
      const reader = selected(ids[0]!);
      await reader.refresh();
      expect(labelsOf(reader, ids[0]!)).toEqual(labelsOf(whole, ids[0]!));
      // What is on the sample, the first line of the file, and two lines of each run.
      expect(reader.table.count).toBeLessThanOrEqual(3 * 150 + 1 + 6);
    }
    // Out of order, or of several times, they are no run.
    const shuffled = reversals.flatMap((reversal) => only(reversal.lines, ids[3]!).reverse());
    const mixed = [...edit.lines, ...shuffled];
    await write(new Map([['bob.jsonl', mixed.map((line) => Buffer.from(`${line}\r\n`))]]));
    const reader = selected(ids[0]!);
    await reader.refresh();
    expect(reader.table.count).toBe(150 + 450);
  });

  it('goes on from where it was, an undo of what was read before included', async () => {
    const random = new SplitMix32(85);
    for (let round = 0; round < randomCases(6, 20); round++) {
      const files = randomLog(random, 80);
      const halves = new Map([...files].map(([name, lines]) => [name, lines.slice(0, lines.length / 2)]));
      await write(halves);
      const readers = ids.map((id) => ({ id, reader: selected(id) }));
      for (const { reader } of readers) await reader.refresh();
      for (const [name, lines] of files) {
        await appendFile(
          path.join(root, 'labels', name),
          Buffer.concat(lines.slice(halves.get(name)!.length)),
        );
      }
      const whole = new LabelLogReader(root);
      await whole.refresh();
      for (const { id, reader } of readers) {
        await reader.refresh();
        expect(labelsOf(reader, id), `round ${round}, ${id}`).toEqual(labelsOf(whole, id));
      }
    }
  });

  it('dates an edit after what it passed over, even where the clock was set back', async () => {
    const now = start + 3_600_000;
    await write(randomLog(new SplitMix32(86), 200));
    const reader = selected('a/1.png', now);
    const edit = { op: 'set', sample: 'a/1.png', finding: 'class', value: 'covid' } as const;
    const options = { reader, now: () => start - 1000 };
    const [event] = await appendEdits(
      root,
      { name: 'Anna', role: 'reader' },
      [edit],
      () => 'normal',
      options,
    );
    const whole = new LabelLogReader(root);
    await whole.refresh();
    expect(Date.parse(event!.time)).toBe(whole.latestInFile('anna.jsonl'));
    expect(Date.parse(event!.time)).toBeGreaterThan(start + 39_000);
  });

  it('reads everything where a sample cannot be told by its bytes, or there are many', () => {
    expect(LineSelection.of(['a\uFFFDb'])).toBeUndefined();
    expect(LineSelection.of(Array.from({ length: 9 }, (_, k) => `${k}.png`))).toBeUndefined();
    expect(LineSelection.of(['a.png'], Date.UTC(2099, 5, 1))).toBeUndefined();
  });
});
