/** Labels that `overread suspects` offers, looked at blind through the built engine: what leaves it, and what the events say. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditOutcome, ItemQuery, LabelEvent, ReviewItem } from '../../src/protocol/engineApi';
import { blindClasses, blindProject } from '../support/blindProject';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';

const reader = 'Test Reader';
const classes = blindClasses.join('|');

interface Drawn {
  readonly offer: string;
  readonly items: readonly { readonly sample: string; readonly propensity: number }[];
}

let folder: string;
let root: string;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-offered-')));
  root = path.join(folder, 'readers');
  await blindProject(root, 60);
  engine = forkEngine();
}, 120_000);
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const draw = async (...what: readonly string[]): Promise<Drawn> =>
  await commandJson<Drawn>(['suspects', root, ...what, '--seed', '7', '--annotator', reader]);

const listed = async (offer: string): Promise<readonly ReviewItem[]> => {
  const query: ItemQuery = {
    queue: 'all',
    splits: ['train', 'validation'],
    sort: 'path',
    descending: false,
    offer,
  };
  const found = await engine.rpc.call('query', root, query);
  return engine.rpc.call('items', found.list, 0, found.total);
};

const answer = (item: ReviewItem, value: string): Promise<EditOutcome> =>
  engine.rpc.call('answer', root, { op: 'set', value, items: [item.key], list: 'none' });

const lastEvent = async (): Promise<LabelEvent> => {
  const text = await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8');
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as LabelEvent;
};

describe('offered labels', () => {
  it('are the list, with nothing but their pictures, and count down as they are answered', async () => {
    await engine.rpc.call('openProject', root, true);
    const { offer, items: drawn } = await draw('--next', '10');
    const items = await listed(offer);
    expect(items).toHaveLength(10);
    expect(items.every(({ hidden, path: shown }) => hidden && shown === '')).toBe(true);
    expect(JSON.stringify(items)).not.toMatch(new RegExp(classes, 'i'));
    for (const [n, item] of items.entries()) {
      const outcome = await answer(item, blindClasses[0]);
      expect(outcome.offer).toEqual({ offer, total: 10, open: 9 - n });
      const { sample, shown } = await lastEvent();
      const { propensity } = drawn.find((one) => one.sample === sample) ?? {};
      expect(propensity).toBeGreaterThan(0);
      expect(shown).toEqual({ blind: true, queue: 'suspects', propensity, offer });
    }
    const undone = await engine.rpc.call('undo', root);
    expect(undone.offer).toMatchObject({ open: 1 });
    const again = await listed(offer);
    expect(again.filter(({ hidden }) => hidden)).toHaveLength(1);
    await engine.rpc.call('redo', root);
  });

  it('count as looks of the reader, for the yield and for the next offer', async () => {
    const found = await commandJson<{
      readonly changed: number;
      readonly kept: number;
      readonly undecided: number;
    }>(['suspects', root, '--yield', '--annotator', reader]);
    expect(found.changed + found.kept).toBe(10);
    expect(found.undecided).toBe(0);
  });

  it('of an audit are counted as such', async () => {
    const { offer } = await draw('--audit');
    const [first] = await listed(offer);
    if (first) await answer(first, blindClasses[1]);
    expect((await lastEvent()).shown).toMatchObject({ queue: 'audit', blind: true, offer });
  });

  it('that were looked at openly before do not claim to be blind', async () => {
    await engine.rpc.call('openProject', root, false);
    const { offer } = await draw('--next', '10');
    // The reader sees them with what the model says, and then goes blind.
    await listed(offer);
    await engine.rpc.call('openProject', root, true);
    const items = await listed(offer);
    const open = items.find(({ hidden }) => hidden);
    if (open) await answer(open, blindClasses[2]);
    expect((await lastEvent()).shown).toMatchObject({ blind: false, offer });
  });

  it('that are offered again hide what the reader said, and tell how far they agree with themselves', async () => {
    await engine.rpc.call('openProject', root, true);
    const { sample } = await lastEvent();
    const offer = '01ARZ3NDEKTSV4RRFFQ69G5FAA';
    const items = [{ sample, finding: 'class', propensity: 0.1, by: 'repeat' }];
    const drawn = { v: 1, offer, created: new Date().toISOString(), seed: 1, unreviewed: 30, items };
    await fs.writeFile(path.join(root, '.overread', 'offers', `${offer}.json`), JSON.stringify(drawn));
    const [again] = await listed(offer);
    expect(again).toMatchObject({ hidden: true, path: '' });
    if (again) await answer(again, blindClasses[2]);
    expect((await lastEvent()).shown).toMatchObject({ queue: 'repeat', blind: true, offer });
    expect(await listed(offer)).toMatchObject([{ hidden: false }]);
    const { agreement } = await commandJson<{ readonly agreement: object | null }>([
      ...['suspects', root, '--yield', '--annotator', reader],
    ]);
    expect(agreement).toMatchObject({ repeats: 1, agreed: 1 });
  });

  it('of an offer that is gone are refused', async () => {
    await expect(listed('01ARZ3NDEKTSV4RRFFQ69G5FAV')).rejects.toMatchObject({ code: 'OVR413' });
  });
});
