/** Lists by image of a multi-label project, through the built engine: what is listed, answered, kept in place and hidden. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ItemKey, ItemList, ItemQuery, LabelEvent, ReviewItem } from '../../src/protocol/engineApi';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { makeUp } from '../webview-ui/harness/madeUpProject';

const findings = ['Effusion', 'Mass', 'Nodule', 'Hernia'];
const errors: ItemQuery = { queue: 'errors', splits: ['train'], sort: 'loss', descending: true };
const byImage: ItemQuery = { ...errors, by: 'image' };

let folder: string;
let root: string;
let engine: ForkedEngine;

const list = (query: ItemQuery): Promise<ItemList> => engine.rpc.call('query', root, query);
const all = ({ list: id, total }: ItemList): Promise<readonly ReviewItem[]> =>
  engine.rpc.call('items', id, 0, total);

async function eventsOnDisk(): Promise<readonly LabelEvent[]> {
  const [file] = await fs.readdir(path.join(root, 'labels'));
  const text = await fs.readFile(path.join(root, 'labels', file!), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LabelEvent);
}

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-images-'));
  root = path.join(folder, 'project');
  const options = { classes: [], run: true, randomWeights: false, saved: '' };
  await makeUp(root, { images: 120, findings, ...options });
  engine = forkEngine(undefined, { env: { OVERREAD_ANNOTATOR: 'A. Reader' } });
}, 60_000);
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

describe('a list by image', () => {
  it('counts findings as the queue does, and places images', async () => {
    const { queues } = await engine.rpc.call('openProject', root, false);
    const found = await list({ ...byImage, splits: ['train', 'validation'] });
    expect(found.items).toBe(queues['errors']);
    const images = await all(found);
    expect(images.flatMap((image) => image.findings ?? [])).toHaveLength(found.items);
    expect(new Set(images.map(({ sample }) => sample)).size).toBe(found.total);
    expect(await engine.rpc.call('keys', found.list)).toEqual(images.map(({ key }) => key));
    for (const { findings: doubtful = [] } of images) {
      expect(doubtful.every(({ wrong, threshold }) => wrong && threshold === 0.5)).toBe(true);
      const losses = doubtful.map(({ loss }) => loss ?? 0);
      expect(losses).toEqual([...losses].sort((a, b) => b - a));
    }
  });

  it('answers the finding that is named on every image, and nothing where none is named', async () => {
    await engine.rpc.call('openProject', root, false);
    const found = await list(byImage);
    const before = await all(found);
    const nameless = { op: 'exclude', items: 'all', list: found.list } as const;
    await expect(engine.rpc.call('answer', root, nameless)).rejects.toMatchObject({ code: 'OVR400' });
    const image = { op: 'exclude', items: [before[0]!.key], list: found.list } as const;
    await expect(engine.rpc.call('answer', root, image)).rejects.toMatchObject({ code: 'OVR400' });
    const named = { ...nameless, finding: 'Mass' } as const;
    const { change, items } = await engine.rpc.call('answer', root, named);
    expect(change?.count).toBe(found.total);
    expect(items.every(({ finding, excluded }) => finding === 'Mass' && excluded)).toBe(true);
    expect(new Set(items.map(({ sample }) => sample))).toEqual(new Set(before.map(({ sample }) => sample)));
    const undone = await engine.rpc.call('undo', root);
    expect(undone.change?.count).toBe(found.total);
    expect(await all(found)).toEqual(before);
  });

  it('keeps the rest of an image in one batch, of which the place is written down', async () => {
    await engine.rpc.call('openProject', root, false);
    const found = await list(byImage);
    const images = await all(found);
    const place = images.findIndex(({ findings: doubtful = [] }) => doubtful.length > 1);
    const doubtful = images[place]!.findings!;
    const keys: readonly ItemKey[] = doubtful.map(({ key }) => key);
    const { change, items } = await engine.rpc.call('answer', root, {
      op: 'keep',
      items: keys,
      list: found.list,
    });
    expect([change?.count, items.every(({ kept }) => kept)]).toEqual([keys.length, true]);
    const { findings: now } = await engine.rpc.call('detail', root, keys[0]!);
    expect(now?.map(({ finding }) => finding)).toEqual(findings);
    const written = (await eventsOnDisk()).filter(({ op }) => op === 'keep');
    expect(written.map(({ shown }) => [shown?.queue, shown?.rank])).toEqual(
      keys.map(() => ['errors', place]),
    );
    expect(new Set(written.map(({ batch }) => batch)).size).toBe(1);
    // The list stays as it was made; its findings are read fresh.
    const [again] = await engine.rpc.call('items', found.list, place, 1);
    expect(again!.findings?.map(({ kept }) => kept)).toEqual(keys.map(() => true));
    await engine.rpc.call('undo', root);
    const after = await engine.rpc.call('itemsOf', root, keys);
    expect(after.some(({ kept }) => kept)).toBe(false);
  });

  it('lets what was seen stay where it is while the rest is ordered anew', async () => {
    await engine.rpc.call('openProject', root, false);
    const first = await list(byImage);
    const images = await all(first);
    const turned = await engine.rpc.call('relist', root, { ...byImage, descending: false }, first.list, 7);
    const keys = (await all(turned)).map(({ key }) => key);
    expect(keys.slice(0, 7)).toEqual(images.slice(0, 7).map(({ key }) => key));
    expect(keys.slice(7)).toEqual(
      images
        .slice(7)
        .map(({ key }) => key)
        .reverse(),
    );
  });

  it('tells a blind reader of images, and of no finding that is in doubt', async () => {
    await engine.rpc.call('openProject', root, false);
    const open = await all(await list(byImage));
    const { rare } = await engine.rpc.call('openProject', root, true);
    expect(rare).toEqual([]);
    const found = await list(byImage);
    const hidden = await all(found);
    expect(found.total).toBeGreaterThan(open.length);
    const told = new Set(hidden.map(({ sample: _, key: __, ...rest }) => JSON.stringify(rest)));
    expect(told.size).toBe(1);
    expect(hidden[0]).toMatchObject({ hidden: true, path: '', group: '', findings: [] });
    const [image] = hidden;
    expect(image!.key.startsWith('/')).toBe(true);
    const { findings: one = [] } = await engine.rpc.call('detail', root, `Mass${image!.key}`);
    expect(one.map(({ finding, hidden: is, p, threshold }) => [finding, is, p, threshold])).toEqual(
      findings.map((finding) => [finding, true, null, null]),
    );
    // What was answered is shown; the rest stays hidden, and so does the image.
    await engine.rpc.call('answer', root, {
      op: 'set',
      value: '1',
      items: [`Mass${image!.key}`],
      list: found.list,
    });
    const after = await engine.rpc.call('detail', root, `Nodule${image!.key}`);
    expect(after.findings?.filter((item) => !item.hidden).map(({ finding }) => finding)).toEqual(['Mass']);
    const [still] = await engine.rpc.call('itemsOf', root, [image!.key]);
    expect(still).toMatchObject({ key: image!.key, hidden: true, path: '', findings: [] });
    await engine.rpc.call('undo', root);
    await engine.rpc.call('openProject', root, false);
  });
});
