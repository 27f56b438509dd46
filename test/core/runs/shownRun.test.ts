/** Which run is shown: the newest that the project trained, a chosen one, and an imported one only when it was chosen. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import { chooseRun } from '../../../src/core/runs/shownRun';
import { latestSoundRunName, pruneRuns, stampRuns } from '../../../src/core/runs/wholeRun';
import { goldenRun } from '../../support/goldenRun';

let root: string;
let folder: ProjectFolder;
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-shown-'));
  folder = await ProjectFolder.open(root);
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const nameOf = (day: number, name: string): string => `2026-01-0${day}T000000.000Z-${name}`;
const noon = (day: number): Date => new Date(Date.UTC(2026, 0, day, 12));

/** A copy of the golden run, as a trainer of contract 2 would have left it. */
async function addRun(day: number, name: string, trainer = 'last-layer'): Promise<string> {
  const run = nameOf(day, name);
  await fs.cp(goldenRun, path.join(root, 'runs', run), { recursive: true });
  if (trainer === 'last-layer') return run;
  const file = path.join(root, 'runs', run, 'run.json');
  const { architecture, weights, device, C, ...same } = JSON.parse(await fs.readFile(file, 'utf8')) as Record<
    string,
    unknown
  >;
  expect([architecture, weights, device, C]).not.toContain(undefined);
  const part = { predicted: 10, seen: 10 };
  const why = 'only its predictions were brought';
  const record = {
    ...same,
    contract: 2,
    trainer: { name: trainer, settings: {} },
    network: null,
    can: { explain: why, export: why, compare: true, refit: why },
    files: [],
    seen: { train: part, validation: part, test: part },
  };
  await fs.writeFile(file, JSON.stringify(record));
  return run;
}

describe('the run that is shown', () => {
  it('is the newest that the project trained: a newer import stays in the list', async () => {
    const own = await addRun(1, 'own');
    await addRun(2, 'theirs', 'imported');
    expect(await latestSoundRunName(root)).toBe(own);
  });

  it('is none where there are imports only', async () => {
    await addRun(1, 'theirs', 'imported');
    expect(await latestSoundRunName(root)).toBeUndefined();
  });

  it('is the chosen one, until a run is trained later; an import later than that changes nothing', async () => {
    const own = await addRun(1, 'own');
    const theirs = await addRun(2, 'theirs', 'imported');
    await chooseRun(folder, theirs, noon(2));
    expect(await latestSoundRunName(root)).toBe(theirs);
    await addRun(3, 'others', 'imported');
    expect(await latestSoundRunName(root)).toBe(theirs);
    const newer = await addRun(4, 'newer');
    expect(await latestSoundRunName(root)).toBe(newer);
    await chooseRun(folder, own, noon(5));
    expect(await latestSoundRunName(root)).toBe(own);
    await chooseRun(folder, null, noon(6));
    expect(await latestSoundRunName(root)).toBe(newer);
  });

  it('is another when the choice changes: what is open notices', async () => {
    const own = await addRun(1, 'own');
    const theirs = await addRun(2, 'theirs', 'imported');
    const before = await stampRuns(root, own);
    await chooseRun(folder, theirs, noon(3));
    expect(await stampRuns(root, own)).not.toBe(before);
  });

  it.each(['', '{', '[]', '{"v":1,"run":"nowhere","time":"2026-01-01T00:00:00.000Z"}', '{"v":2}'])(
    'is the newest where the choice cannot be read: %s',
    async (text) => {
      const own = await addRun(1, 'own');
      await fs.writeFile(path.join(root, 'runs', 'shown.json'), text);
      expect(await latestSoundRunName(root)).toBe(own);
    },
  );

  it('is not pruned away', async () => {
    const old = await addRun(1, 'old');
    const middle = await addRun(2, 'middle');
    await addRun(3, 'new');
    await chooseRun(folder, old, noon(4));
    expect(await pruneRuns(folder, 1, () => undefined)).toEqual([middle]);
  });
});
