/** Label events that do not count, those that must, and files that are none. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../src/core/base/random';
import { effectiveLabels } from '../../src/core/labels/effectiveLabels';
import { labelProblems } from '../../src/core/labels/labelProblems';
import { appendEdits, appendUndo, LabelLogReader } from '../../src/core/labels/log';
import { readLabelEvents } from '../support/labelLog';
import type { LabelEdit, LabelEvent } from '../../src/core/labels/model';
import { event, multiClass, sample } from '../core/labels/builders';

const ann = { name: 'Ann', role: 'reader' } as const;
const dataset = multiClass([sample('a', ['normal']), sample('b', ['normal'])]);
let root: string;

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-events-'));
  await fs.mkdir(path.join(root, 'labels'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const file = (name: string): string => path.join(root, 'labels', name);
const write = (name: string, events: readonly LabelEvent[], mark = ''): Promise<void> =>
  fs.writeFile(file(name), mark + events.map((one) => `${JSON.stringify(one)}\n`).join(''));
const set = (id: string, value: string): LabelEdit => ({ op: 'set', sample: id, finding: 'class', value });
const answer = (at: number, id: string, value: string, who = 'Ann'): LabelEvent =>
  event(at, who, 'set', id, { finding: 'class', value });

/** All problems of the labels, and the labels. */
async function read(renamed?: Readonly<Record<string, string>>) {
  const reader = new LabelLogReader(root);
  await reader.refresh();
  const map = renamed ? { renamed: (_finding: string, text: string) => renamed[text] } : {};
  const labels = effectiveLabels(dataset, reader.table, { disputed: 'exclude', ...map });
  return { labels, problems: [...reader.problems(), ...labelProblems(labels, reader)] };
}

describe('8.10 events that no longer count', () => {
  it('on samples that are gone are one problem per file, with count and place', async () => {
    const gone = Array.from({ length: 30 }, (_, k) => answer(k, `old/${k}`, 'covid'));
    await write('ann.jsonl', [answer(100, 'a', 'covid'), ...gone]);
    const { problems } = await read();
    expect(problems).toMatchObject([{ code: 'OVR407', place: { file: 'labels/ann.jsonl', line: 2 } }]);
    expect(problems[0]!.message).toContain('30 label events');
    expect(problems[0]!.message).toContain('(lines 2, 3, 4, 5, 6, …)');
    expect(problems[0]!.fix).toBeTruthy();
  });

  it('that were undone are none', async () => {
    await appendEdits(root, ann, [set('gone', 'covid')], () => null);
    expect((await read()).problems).toMatchObject([{ code: 'OVR407' }]);
    await appendUndo(root, ann);
    expect((await read()).problems).toEqual([]);
  });

  it('with a value that is no class are told until they are renamed or answered again', async () => {
    await write('ann.jsonl', [answer(1, 'a', 'TB'), answer(2, 'b', 'TB')]);
    const before = await read();
    expect(before.problems).toMatchObject([{ code: 'OVR408', place: { line: 1 } }]);
    expect(before.problems[0]!.message).toContain('2 labels are a value');
    const renamed = await read({ TB: 'covid' });
    expect(renamed.problems).toEqual([]);
    expect(renamed.labels.at(0, 0)).toMatchObject({ value: 'covid', source: 'reading' });
    await appendEdits(root, ann, [set('a', 'covid'), set('b', 'covid')], () => null);
    expect((await read()).problems).toEqual([]);
  });

  it('under a finding that is gone are told', async () => {
    await write('ann.jsonl', [{ ...answer(1, 'a', '1'), finding: 'Mass' }]);
    expect((await read()).problems).toMatchObject([{ code: 'OVR408' }]);
  });

  it('with the id of another event are told, and a repeated line is not', async () => {
    const one = answer(1, 'a', 'covid');
    await write('ann.jsonl', [one, one, { ...one, value: 'pneumonia' }]);
    const { problems, labels } = await read();
    expect(problems).toMatchObject([{ code: 'OVR409', place: { file: 'labels/ann.jsonl' } }]);
    expect(labels.at(0, 0).value).toBe('covid');
  });

  it('but a byte order mark hides nothing', async () => {
    await write('ann.jsonl', [answer(1, 'a', 'covid')], '\uFEFF');
    const { problems, labels } = await read();
    expect(problems).toEqual([]);
    expect(labels.at(0, 0).value).toBe('covid');
    // And the file is still one to append to.
    await appendEdits(root, ann, [set('b', 'covid')], () => null);
    expect((await read()).labels.at(1, 0).value).toBe('covid');
  });
});

describe('8.11 the time of an edit', () => {
  it.each(['2100-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '+010000-01-01T00:00:00.000Z'])(
    'of %s does not count and is told',
    async (time) => {
      await write('ann.jsonl', [{ ...answer(1, 'a', 'covid'), time }]);
      const { problems, labels } = await read();
      expect(problems).toMatchObject([{ code: 'OVR410', place: { line: 1 } }]);
      expect(labels.touched(0, 0)).toBe(false);
    },
  );

  it('is one that is read back as the latest, whatever the clocks and the other events say', async () => {
    const times = [
      '1970-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
      '2099-12-31T23:59:59.998Z',
      '2099-12-31T23:59:59.999Z',
      '2100-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
    ];
    const clocks = [0, -1e12, Date.now(), Date.parse(times[3]!), Date.parse(times[4]!), 8.64e15, NaN];
    const ulid = '01ARZ3NDEKTSV4RRFFQ69G5F';
    for (let seed = 0; seed < 60; seed++) {
      const random = new SplitMix32(seed);
      const pick = <T>(values: readonly T[]): T => values[random.below(values.length)]!;
      const hostile = (who: string): LabelEvent[] =>
        Array.from({ length: random.below(3) }, (_, k) => ({
          ...answer(1, pick(['a', 'b']), 'pneumonia', who),
          id: `${ulid}${who[0]}${k}`,
          time: pick(times),
          role: who === 'Bob' ? 'adjudicator' : 'reader',
        }));
      await write('ann.jsonl', hostile('Ann'));
      await write('bob.jsonl', hostile('Bob'));
      const reader = new LabelLogReader(root);
      for (let k = 0; k < 3; k++) {
        const adjudicator = { name: 'Ann', role: 'adjudicator' } as const;
        const value = pick(['covid', 'normal']);
        const now = pick(clocks);
        const [written] = await appendEdits(root, adjudicator, [set('a', value)], () => null, {
          reader,
          now: () => now,
        });
        const { events } = await readLabelEvents(root);
        expect(
          events.map(({ id }) => id),
          `seed ${seed}`,
        ).toContain(written!.id);
        expect((await read()).labels.at(0, 0), `seed ${seed}, clock ${now}`).toMatchObject({
          value,
          last: { event: written!.id },
        });
      }
      const undone = await appendUndo(root, ann, { reader, now: () => pick(clocks) });
      expect((await readLabelEvents(root)).events.map(({ id }) => id)).toContain(undone[0]!.id);
    }
  });
});

describe.skipIf(process.platform === 'win32')('8.1 label files that are none', () => {
  it('a pipe is neither read nor written, and nothing hangs', async () => {
    execFileSync('/usr/bin/mkfifo', [file('ann.jsonl')]);
    expect((await read()).problems).toMatchObject([{ code: 'OVR411', severity: 'error' }]);
    await expect(appendEdits(root, ann, [set('a', 'covid')], () => null)).rejects.toMatchObject({
      code: 'OVR005',
    });
  });

  it.each(['ann.jsonl', 'labels'])('a link in place of %s leads nowhere', async (name) => {
    const target = path.join(root, 'target');
    if (name === 'labels') {
      await fs.mkdir(target);
      await fs.rmdir(path.join(root, 'labels'));
      await fs.symlink(target, path.join(root, 'labels'));
    } else {
      await fs.writeFile(target, 'export PATH\n');
      await fs.symlink(target, file(name));
    }
    expect((await read()).problems).toMatchObject([{ code: 'OVR411' }]);
    await expect(appendEdits(root, ann, [set('a', 'covid')], () => null)).rejects.toMatchObject({
      code: 'OVR005',
    });
    if (name === 'labels') expect(await fs.readdir(target)).toEqual([]);
    else expect(await fs.readFile(target, 'utf8')).toBe('export PATH\n');
  });

  it.each(['export PATH\n', '\nexport PATH\n', '<<<<<<< HEAD\n'])(
    '%j gets nothing appended',
    async (text) => {
      await fs.writeFile(file('ann.jsonl'), text);
      await expect(appendEdits(root, ann, [set('a', 'covid')], () => null)).rejects.toMatchObject({
        code: 'OVR005',
      });
      expect(await fs.readFile(file('ann.jsonl'), 'utf8')).toBe(text);
    },
  );
});
