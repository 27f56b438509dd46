/** Blind reading, at the messages of the built engine: what is hidden never leaves it. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerRequest, ItemQuery, ReviewItem } from '../../src/protocol/engineApi';
import { blindClasses, blindProject } from '../support/blindProject';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { labelEvents } from '../support/project';

const errors: ItemQuery = {
  queue: 'errors',
  splits: ['train', 'validation'],
  given: [blindClasses[0]],
  where: `given = '${blindClasses[0]}'`,
  sort: 'loss',
  descending: true,
};

let folder: string;
let root: string;
let engine: ForkedEngine;
/** Of another reader, shows everything: what `engine` has shown to its own is what the tests are about. */
let witness: ForkedEngine;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-blind-'));
  root = path.join(folder, 'readers');
  await blindProject(root, 60);
  engine = forkEngine();
  witness = forkEngine(undefined, { env: { OVERREAD_ANNOTATOR: 'Somebody Else' } });
}, 120_000);
afterAll(async () => {
  await engine.kill();
  await witness.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const list = async (query: ItemQuery = errors): Promise<readonly ReviewItem[]> => {
  const found = await engine.rpc.call('query', root, query);
  expect(found.confusion).toEqual({ labels: [], predicted: [], counts: [] });
  return engine.rpc.call('items', found.list, 0, found.total);
};
const answer = async (item: ReviewItem, more: Partial<AnswerRequest> = {}) => {
  const { list: id } = await engine.rpc.call('query', root, errors);
  return engine.rpc.call('answer', root, {
    op: 'set',
    value: blindClasses[0],
    items: [item.key],
    list: id,
    ...more,
  });
};

/** What the last answer on a sample says was shown. */
const shownOf = async (sample: string, reader = 'test-reader'): Promise<unknown> => {
  const lines = (await fs.readFile(path.join(root, 'labels', `${reader}.jsonl`), 'utf8')).trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { sample: string; op: string; shown?: unknown });
  return events.filter((event) => event.sample === sample && event.op !== 'undo').at(-1)?.shown;
};

/** Names of classes, in paths and columns too. */
const telling = new RegExp(blindClasses.join('|'), 'i');
const expectSilent = (what: unknown): void => expect(JSON.stringify(what)).not.toMatch(telling);

describe('what a blind reader has not answered', () => {
  it('leaves the engine as its picture: no label, prediction, path or figure in any message', async () => {
    const {
      findings: _findings,
      valuesByKey: _values,
      ...summary
    } = await engine.rpc.call('openProject', root);
    expect(summary).toMatchObject({ blind: true, blindByProject: true, editsSinceRun: null });
    expectSilent({ ...summary, problems: [] });
    expect(Object.entries(summary.queues).filter(([, count]) => count !== null)).toEqual([
      ['all', summary.queues['all']],
    ]);
    const items = await list();
    const [first] = items;
    expect(items.every(({ hidden }) => hidden)).toBe(true);
    expectSilent(items);
    const { list: id } = await engine.rpc.call('query', root, errors);
    expectSilent(await engine.rpc.call('keys', id));
    const detail = await engine.rpc.call('detail', root, first!.key);
    expectSilent(detail);
    expect(detail).toMatchObject({ probabilities: [], readings: [], history: [] });
    expect(Object.keys(detail.metadata)).toEqual(['view']);
    const samples = items.map(({ sample }) => sample);
    expectSilent(await engine.rpc.call('thumbnails', root, samples));
    expect(await engine.rpc.call('heatmaps', root, samples, blindClasses[0])).toEqual([]);
    expectSilent(await engine.rpc.call('samplesAt', root, [path.join(root, 'images')]));
    expect((await engine.rpc.call('pixels', root, first!.sample)).width).toBeGreaterThan(0);
  });

  it('is listed without queue, filter and order that would tell', async () => {
    const items = await list();
    const all = await list({ ...errors, queue: 'all', sort: 'path', given: [], where: '' });
    expect(items.map(({ key }) => key)).toEqual(all.map(({ key }) => key));
    // In another engine too: an order by chance would lose the reader's place.
    const other = forkEngine();
    await other.rpc.call('openProject', root);
    const again = await other.rpc.call('query', root, errors);
    expect(await other.rpc.call('keys', again.list)).toEqual(all.map(({ key }) => key));
    await other.kill();
    // By path the folders of the classes would follow each other.
    const names = await classesInOrder(all);
    const changes = names.filter((name, i) => i > 0 && name !== names[i - 1]).length;
    expect(changes).toBeGreaterThan(blindClasses.length * 2);
  });

  it('cannot be opened, revealed, kept, taken back, or shown by a fault', async () => {
    const [first, second] = await list();
    await expect(engine.rpc.call('imagePath', root, first!.sample)).rejects.toMatchObject({ code: 'OVR412' });
    for (const op of ['accept', 'keep', 'include'] as const) {
      const request = { op, items: [first!.key], list: '' };
      await expect(engine.rpc.call('answer', root, request)).rejects.toMatchObject({ code: 'OVR412' });
    }
    expect(labelEvents(root)).toEqual([]);
    const file = path.join(root, await pathOf(second!));
    const bytes = await fs.readFile(file);
    await fs.writeFile(file, 'no image');
    const fault = await engine.rpc.call('pixels', root, second!.sample).catch((error: unknown) => error);
    expectSilent({ message: (fault as Error).message, report: (fault as { report?: unknown }).report });
    expect(fault).toMatchObject({ code: expect.stringMatching(/^OVR30/) as string });
    const [thumbnail] = await engine.rpc.call('thumbnails', root, [second!.sample]);
    expect(thumbnail).toEqual({ sample: second!.sample, error: 'This image cannot be shown' });
    await fs.writeFile(file, bytes);
  });
});

describe('an answer', () => {
  it('shows the image it was about, and no other; taken back it hides it again', async () => {
    const [first] = await list();
    const outcome = await answer(first!);
    expect(outcome.items[0]).toMatchObject({ key: first!.key, hidden: false, value: blindClasses[0] });
    expect(outcome.items[0]!.path).toMatch(telling);
    expect(outcome.queues['errors']).toBeNull();
    const items = await list();
    expect(items.filter(({ hidden }) => !hidden).map(({ key }) => key)).toEqual([first!.key]);
    expect(await engine.rpc.call('imagePath', root, first!.sample)).toMatch(telling);
    const detail = await engine.rpc.call('detail', root, first!.key);
    expect(detail.probabilities).toHaveLength(3);
    expect(detail.history).toHaveLength(1);
    const undone = await engine.rpc.call('undo', root);
    expect(undone.items[0]!.hidden).toBe(true);
    expectSilent(undone);
    expect((await list()).every(({ hidden }) => hidden)).toBe(true);
  });

  it('says in its event whether it was blind: not after a look', async () => {
    const [first, second, third] = await list();
    // The first was answered and taken back: its reader has seen it.
    await answer(first!);
    expect(await shownOf(await pathOf(first!))).toMatchObject({ blind: false });
    await answer(second!);
    expect(await shownOf(await pathOf(second!))).toEqual({ blind: true, queue: 'all' });
    // A look with blind reading off.
    const open = await engine.rpc.call('openProject', root, false);
    expect(open).toMatchObject({ blind: false, blindByProject: true });
    const [seen] = await engine.rpc.call('itemsOf', root, [third!.key]);
    expect(seen).toMatchObject({ hidden: false, sample: seen!.path });
    await engine.rpc.call('openProject', root, null);
    const [again] = await engine.rpc.call('itemsOf', root, [third!.key]);
    expect(again).toMatchObject({ key: third!.key, hidden: true });
    await answer(third!);
    expect(await shownOf(seen!.sample)).toMatchObject({ blind: false });
  });

  it('says so after a restart too, of this reader and of no other', async () => {
    const [looked, unseen] = (await list()).filter(({ hidden }) => hidden);
    await engine.rpc.call('openProject', root, false);
    const [seen] = await engine.rpc.call('itemsOf', root, [looked!.key]);
    await engine.kill('SIGKILL');
    engine = forkEngine();
    await engine.rpc.call('openProject', root);
    const [again] = await engine.rpc.call('itemsOf', root, [looked!.key]);
    expect(again).toMatchObject({ key: looked!.key, hidden: true });
    await answer(looked!);
    expect(await shownOf(seen!.sample)).toMatchObject({ blind: false });
    await answer(unseen!);
    expect(await shownOf(await pathOf(unseen!))).toMatchObject({ blind: true });
    // In the workspace there is no trace of it.
    const files = await fs.readdir(root, { recursive: true });
    expect(files.filter((file) => /look/.test(file) && !file.includes('test-looks'))).toEqual([]);
    const other = forkEngine(undefined, { env: { OVERREAD_ANNOTATOR: 'Third Reader' } });
    await other.rpc.call('openProject', root);
    const { list: id } = await other.rpc.call('query', root, errors);
    const request = { op: 'set', value: blindClasses[0], items: [looked!.key], list: id } as const;
    await other.rpc.call('answer', root, request);
    await other.kill();
    expect(await shownOf(seen!.sample, 'third-reader')).toMatchObject({ blind: true });
  });

  it('says so where another window of the same reader looked', async () => {
    const [looked] = (await list()).filter(({ hidden }) => hidden);
    const other = forkEngine();
    const [sample] = await pathsOf([looked!], other);
    await other.kill();
    await engine.rpc.call('openProject', root);
    await answer(looked!);
    expect(await shownOf(sample!)).toMatchObject({ blind: false });
  });

  it('of another reader stays hidden', async () => {
    const items = await list();
    const other = items.find(({ hidden }) => hidden)!;
    const sample = await pathOf(other);
    await commandJson([
      'label',
      root,
      sample,
      blindClasses[1],
      '--annotator',
      'First Reader',
      '--reason',
      'Zebroid?',
    ]);
    await engine.rpc.call('openProject', root);
    const [after] = await engine.rpc.call('itemsOf', root, [other.key]);
    expect(after).toEqual(other);
    expectSilent(await engine.rpc.call('detail', root, other.key));
  });
});

async function pathOf(item: ReviewItem): Promise<string> {
  return (await pathsOf([item]))[0] ?? '';
}

async function pathsOf(items: readonly ReviewItem[], from = witness): Promise<string[]> {
  await from.rpc.call('openProject', root, null);
  await from.rpc.call('query', root, errors);
  await from.rpc.call('openProject', root, false);
  const found = await from.rpc.call(
    'itemsOf',
    root,
    items.map(({ key }) => key),
  );
  return found.map(({ path: file }) => file);
}

async function classesInOrder(items: readonly ReviewItem[]): Promise<string[]> {
  return (await pathsOf(items)).map((file) => file.split('/')[1] ?? '');
}
