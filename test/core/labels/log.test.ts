import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/base/files';
import { appendEdits, appendRedo, appendUndo, LabelLogReader } from '../../../src/core/labels/log';
import { readLabelEvents } from '../../support/labelLog';
import type { Annotator, LabelEdit } from '../../../src/core/labels/model';
import { temporaryFolder } from './builders';
import { compareEvents } from './reference';

const ann: Annotator = { name: 'Ann Lee', role: 'reader' };
const set = (sample: string, value: string | null): LabelEdit => ({
  op: 'set',
  sample,
  finding: 'class',
  value,
});

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
});
afterEach(() => rm(root, { recursive: true, force: true }));

const file = (name: string): string => path.join(root, 'labels', name);
const linesOf = async (name: string): Promise<string[]> =>
  (await readFile(file(name), 'utf8')).split('\n').slice(0, -1);
const standing = async (): Promise<string[]> => {
  const { events } = await readLabelEvents(root);
  return events.map((event) => `${event.op} ${event.sample}`);
};

describe('appendEdits', () => {
  it('writes one batch with rising ids, one time and what was there before', async () => {
    const edits = [set('a', 'covid'), { ...set('b', null), reason: 'blurred', ms: 900 }];
    const events = await appendEdits(root, ann, edits, (edit) =>
      edit.sample === 'a' ? 'normal' : undefined,
    );
    expect((await readLabelEvents(root)).events).toEqual(events.map(({ ms: _, ...event }) => event));
    expect(events[0]).toMatchObject({ v: 1, annotator: 'Ann Lee', value: 'covid', previous: 'normal' });
    expect(events[1]).toMatchObject({ value: null, reason: 'blurred', ms: 900 });
    expect(events[1]).not.toHaveProperty('previous');
    expect(events[0]!.batch).toBe(events[1]!.batch);
    expect(events[0]!.id < events[1]!.id).toBe(true);
    expect(await linesOf('ann-lee.jsonl')).toHaveLength(2);
    expect(await readdir(path.join(root, 'labels'))).toEqual(['ann-lee.jsonl']);
  });

  it('makes a large batch beside the event loop: others write meanwhile, and it is whole', async () => {
    const bob: Annotator = { name: 'Bob', role: 'reader' };
    const reader = new LabelLogReader(root);
    const samples = Array.from({ length: 20_000 }, (_, i) => `${i}.png`);
    const edits = samples.map((sample) => set(sample, 'covid'));
    let turn = 0;
    let isMade = false;
    let ofBob: Promise<unknown> | undefined;
    const turnsOfEdits = new Set<number>();
    const standing = ({ sample }: LabelEdit) => {
      turnsOfEdits.add(turn);
      // It takes a while to be found, on a quick machine as well.
      sha256(Buffer.from(sample));
      return 'normal';
    };
    const batch = appendEdits(root, ann, edits, standing, {
      reader,
      onStep: (step) => {
        if (step === 'locked') ofBob = appendEdits(root, bob, [set('7.png', 'normal')], () => undefined);
        isMade ||= step === 'written';
      },
    });
    const refreshing = (async () => {
      while (!isMade) await reader.refresh();
    })();
    for (; !isMade; turn++) await new Promise((resolve) => setImmediate(resolve));
    const events = await batch;
    await Promise.all([ofBob, refreshing]);
    // Twenty thousand are more than one piece, between which the event loop went round.
    expect(turnsOfEdits.size).toBeGreaterThan(3);
    expect(events.map(({ sample }) => sample)).toEqual(samples);
    expect(new Set(events.map(({ batch }) => batch)).size).toBe(1);
    expect(events.every(({ id }, i) => i === 0 || (events[i - 1]?.id ?? '') < id)).toBe(true);
    expect((await readLabelEvents(root)).events).toHaveLength(samples.length + 1);
    const undone = await appendUndo(root, ann, { reader });
    expect(undone.map(({ sample }) => sample)).toEqual(samples);
  });

  it('records the value that a keep kept', async () => {
    const [kept] = await appendEdits(
      root,
      ann,
      [{ op: 'keep', sample: 'a', finding: 'class' }],
      () => 'covid',
    );
    expect(kept).toMatchObject({ op: 'keep', value: 'covid', previous: 'covid' });
  });

  it('counts as later than everything in the file and on the sample, whatever the clock says', async () => {
    const future = { now: () => Date.parse('2040-01-01T00:00:00.000Z') };
    const past = { now: () => Date.parse('2020-01-01T00:00:00.000Z') };
    const [first] = await appendEdits(root, ann, [set('a', 'covid')], () => null, future);
    const [second] = await appendEdits(root, ann, [set('a', 'normal')], () => null, past);
    expect(compareEvents(first!, second!)).toBeLessThan(0);
    expect(second!.time).toBe('2040-01-01T00:00:00.001Z');
    const bob = { name: 'Bob', role: 'adjudicator' } as const;
    const [third] = await appendEdits(root, bob, [set('a', 'covid')], () => null, past);
    const [other] = await appendEdits(root, { ...bob, name: 'Zoë' }, [set('z', 'covid')], () => null, past);
    expect(compareEvents(second!, third!)).toBeLessThan(0);
    expect(other!.time).toBe('2020-01-01T00:00:00.000Z');
  });

  it('starts a new line after a torn one, which stays a problem', async () => {
    await appendEdits(root, ann, [set('a', 'covid')], () => null);
    await appendFile(file('ann-lee.jsonl'), '{"v":1,"id":"01TORN');
    expect(await readLabelEvents(root)).toMatchObject({
      events: [{ sample: 'a' }],
      problems: [{ severity: 'info', code: 'OVR404', place: { file: 'labels/ann-lee.jsonl', line: 2 } }],
    });
    await appendEdits(root, ann, [set('b', 'covid')], () => null);
    expect(await standing()).toEqual(['set a', 'set b']);
    const { problems } = await readLabelEvents(root);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'OVR404', place: { line: 2 } }]);
  });

  it('gives people whose names look alike in a file name files of their own', async () => {
    const people = ['Ann Lee', 'ann-lee', 'Änn Lee', '王芳', 'CON'];
    for (const round of [1, 2]) {
      for (const name of people)
        await appendEdits(root, { name, role: 'reader' }, [set(`${name} ${round}`, 'x')], () => null);
    }
    const names = await readdir(path.join(root, 'labels'));
    expect(names).toHaveLength(people.length);
    expect(names).toContain('ann-lee.jsonl');
    for (const name of names) {
      expect(name).toMatch(/^[a-z0-9-]+\.jsonl$/);
      const owners = (await linesOf(name)).map(
        (line) => (JSON.parse(line) as { annotator: string }).annotator,
      );
      expect(new Set(owners).size).toBe(1);
      expect(owners).toHaveLength(2);
    }
    expect(names).not.toContain('con.jsonl');
  });

  it('refuses an empty name and a folder that it cannot write', async () => {
    const failed = appendEdits(root, { name: ' ', role: 'reader' }, [set('a', 'covid')], () => null);
    await expect(failed).rejects.toMatchObject({ code: 'OVR406' });
    await writeFile(path.join(root, 'labels'), 'a file where the folder should be');
    const blocked = appendEdits(root, ann, [set('a', 'covid')], () => null);
    await expect(blocked).rejects.toMatchObject({ code: 'OVR005' });
  });

  it('takes turns within one process', async () => {
    const reader = new LabelLogReader(root);
    const all = Array.from({ length: 20 }, (_, k) =>
      appendEdits(root, ann, [set(`s${k}`, 'covid')], () => null, { reader }),
    );
    await Promise.all(all);
    const { events } = await readLabelEvents(root);
    expect(events).toHaveLength(20);
    expect(new Set(events.map((event) => event.time)).size).toBe(20);
    expect([...events].sort(compareEvents)).toEqual(events);
  });
});

describe('undo and redo', () => {
  it('go batch by batch, only over one’s own, and survive a restart', async () => {
    const bob: Annotator = { name: 'Bob', role: 'reader' };
    const [first] = await appendEdits(root, ann, [set('a', 'covid')], () => null);
    const [second] = await appendEdits(root, ann, [set('b', 'covid'), set('c', 'covid')], () => null);
    await appendEdits(root, bob, [set('d', 'covid')], () => null);

    const undone = await appendUndo(root, ann);
    expect(undone.map((event) => [event.op, event.sample, event.target])).toEqual([
      ['undo', 'b', second!.batch],
      ['undo', 'c', second!.batch],
    ]);
    expect((await appendUndo(root, ann))[0]!.target).toBe(first!.batch);
    await expect(appendUndo(root, ann)).rejects.toMatchObject({ code: 'OVR403' });
    expect((await appendRedo(root, ann))[0]!.target).toBe(first!.batch);
    expect((await appendRedo(root, ann))[0]!.target).toBe(second!.batch);
    await expect(appendRedo(root, ann)).rejects.toMatchObject({ code: 'OVR403' });
    expect((await appendUndo(root, ann))[0]!.target).toBe(second!.batch);
  });

  it('lose what could be redone when a new edit is made', async () => {
    await appendEdits(root, ann, [set('a', 'covid')], () => null);
    await appendUndo(root, ann);
    const [newer] = await appendEdits(root, ann, [set('b', 'covid')], () => null);
    await expect(appendRedo(root, ann)).rejects.toMatchObject({ code: 'OVR403' });
    expect((await appendUndo(root, ann))[0]!.target).toBe(newer!.batch);
    await expect(appendUndo(root, ann)).rejects.toMatchObject({ code: 'OVR403' });
  });

  it('leave no trace when there is nothing to undo', async () => {
    await expect(appendUndo(root, ann)).rejects.toMatchObject({ code: 'OVR403' });
    expect(await standing()).toEqual([]);
  });
});

describe('reading', () => {
  const line = (fields: object): string =>
    JSON.stringify({
      v: 1,
      id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      batch: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      time: '2026-01-01T00:00:00.000Z',
      annotator: 'Ann Lee',
      role: 'reader',
      op: 'set',
      sample: 'a',
      finding: 'class',
      value: 'covid',
      ...fields,
    });

  it('reports each bad line with its place and goes on', async () => {
    await mkdir(path.join(root, 'labels'));
    const lines = [
      line({ id: '01' }),
      '<<<<<<< HEAD',
      line({ op: 'blur' }),
      '',
      line({ v: 2 }),
      line({ time: 'yesterday' }),
      line({ value: 7 }),
      '[1, 2]',
      line({ op: 'undo' }),
      `${line({ id: '02' })}\r`,
      line({ id: '03', sample: 'zz', extra: true }),
    ];
    await writeFile(file('x.jsonl'), `${lines.join('\n')}\n`);
    const { events, problems } = await readLabelEvents(root);
    expect(events.map((event) => event.id)).toEqual(['01', '02', '03']);
    expect(problems.map((problem) => problem.place?.line)).toEqual([2, 3, 5, 6, 7, 9]);
    expect(problems[0]!.message).toBe('2 label lines cannot be read: not a JSON object (lines 2, 8)');
    expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set(['OVR404']));
    expect(problems[1]!.message).toContain('op "blur"');
  });

  it('keeps unknown ops in the file when it appends', async () => {
    await mkdir(path.join(root, 'labels'));
    await writeFile(file('ann-lee.jsonl'), `${line({ op: 'blur' })}\n`);
    await appendEdits(root, ann, [set('a', 'covid')], () => null);
    expect((await linesOf('ann-lee.jsonl'))[0]).toBe(line({ op: 'blur' }));
  });

  it('reads only what is new, and everything again when a file was rewritten', async () => {
    const reader = new LabelLogReader(root);
    await reader.refresh();
    const newest = () => reader.table.events().at(-1)?.sample;
    expect(reader.takeChanges()).toEqual({ added: 0, reset: false });
    await appendEdits(root, ann, [set('a', 'covid')], () => null);
    await reader.refresh();
    expect(reader.takeChanges()).toEqual({ added: 1, reset: false });
    expect(newest()).toBe('a');

    const half = line({ id: 'zz', sample: 'é' });
    const bytes = Buffer.from(`${half}\n`);
    const cut = bytes.indexOf(0xc3) + 1; // inside the é
    await appendFile(file('ann-lee.jsonl'), bytes.subarray(0, cut));
    await reader.refresh();
    expect(reader.takeChanges().added).toBe(0);
    expect(reader.problems()).toMatchObject([{ severity: 'info' }]);
    await appendFile(file('ann-lee.jsonl'), bytes.subarray(cut));
    await reader.refresh();
    expect(reader.takeChanges()).toEqual({ added: 1, reset: false });
    expect(newest()).toBe('é');
    expect(reader.problems()).toEqual([]);

    const whole = await readFile(file('ann-lee.jsonl'), 'utf8');
    await writeFile(file('ann-lee.jsonl'), `${line({ id: '00', sample: 'merged in' })}\n${whole}`);
    await reader.refresh();
    const changes = reader.takeChanges();
    expect(changes.reset).toBe(true);
    expect(changes.added).toBe(3);
    expect(reader.table.events().map((event) => event.sample)).toEqual(['merged in', 'a', 'é']);

    await rm(file('ann-lee.jsonl'));
    await reader.refresh();
    expect(reader.takeChanges()).toEqual({ added: 0, reset: true });
  });

  it('reports what one consumer has not taken yet, across the writes of that consumer', async () => {
    const reader = new LabelLogReader(root);
    await appendEdits(root, { name: 'Bob', role: 'reader' }, [set('b', 'covid')], () => null);
    await appendEdits(root, ann, [set('a', 'covid')], () => null, { reader });
    expect(reader.takeChanges().added).toBe(2);
    const samples = reader.table.events().map((event) => event.sample);
    expect(samples.sort()).toEqual(['a', 'b']);
  });
});
