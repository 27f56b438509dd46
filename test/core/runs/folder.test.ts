import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import {
  createRunFolder,
  deleteRun,
  findRun,
  listRunNames,
  runName,
  runsFolder,
} from '../../../src/core/runs/folder';
import { listSoundRuns, pruneRuns } from '../../../src/core/runs/wholeRun';
import { goldenRun } from '../../support/goldenRun';

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-runs-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

const minute = (n: number): Date => new Date(Date.UTC(2026, 0, 2, 3, n, 5, 6));

async function makeRun(n: number, name = 'lite0', contract = 1): Promise<string> {
  const run = runName(minute(n), name);
  await createRunFolder(await ProjectFolder.open(root), run, async (folder) => {
    for (const file of await fs.readdir(goldenRun)) {
      const bytes = await fs.readFile(path.join(goldenRun, file));
      const record = file === 'run.json' ? { ...(JSON.parse(bytes.toString()) as object), contract } : null;
      await folder.writeFile(file, record === null ? bytes : JSON.stringify(record));
    }
  });
  return run;
}

describe('run folders', () => {
  it('are named by UTC time without colons and a safe name', () => {
    expect(runName(minute(4), 'Größe 2/ü')).toBe('2026-01-02T030405.006Z-Gro-e-2-u');
    expect(runName(minute(4), '../..')).toBe('2026-01-02T030405.006Z-run');
  });

  it('appear only when they are whole', async () => {
    const run = runName(minute(1), 'x');
    await createRunFolder(await ProjectFolder.open(root), run, async (folder) => {
      await folder.writeFile('run.json', '{}');
      expect(await listRunNames(root)).toEqual([]);
    });
    expect(await listRunNames(root)).toEqual([run]);
  });

  it('leave nothing when their writing fails', async () => {
    const failing = createRunFolder(await ProjectFolder.open(root), 'r', () =>
      Promise.reject(new Error('disk full')),
    );
    await expect(failing).rejects.toThrow('disk full');
    expect(await fs.readdir(runsFolder(root))).toEqual([]);
  });

  it('are found by name, by a unique part, or as the latest', async () => {
    const first = await makeRun(1, 'one');
    const second = await makeRun(2, 'two');
    expect(await findRun(root, undefined)).toBe(second);
    expect(await findRun(root, 'one')).toBe(first);
    await expect(findRun(root, '2026')).rejects.toMatchObject({ code: 'OVR800' });
    await expect(findRun(root, 'three')).rejects.toMatchObject({ code: 'OVR800' });
  });

  it('say so when there is none', async () => {
    await expect(findRun(root, undefined)).rejects.toMatchObject({ code: 'OVR800' });
  });

  it('are listed newest first; one that cannot be read is told and left out', async () => {
    await makeRun(1, 'old');
    await makeRun(2, 'future', 3);
    await makeRun(3, 'new');
    const unreadable: string[] = [];
    const runs = await listSoundRuns(root, ({ code, place }) => unreadable.push(`${place?.file} ${code}`));
    expect(runs.map((run) => path.basename(run.dir).slice(-3))).toEqual(['new', 'old']);
    expect(unreadable).toEqual([`runs/${runName(minute(2), 'future')}/run.json OVR801`]);
  });

  it('are pruned down to the newest, and deleted by name only', async () => {
    const names = [await makeRun(1), await makeRun(2), await makeRun(3)];
    expect(await pruneRuns(await ProjectFolder.open(root), 1, () => undefined)).toEqual(names.slice(0, 2));
    await expect(deleteRun(await ProjectFolder.open(root), '../..')).rejects.toMatchObject({
      code: 'OVR800',
    });
    await deleteRun(await ProjectFolder.open(root), names[2]!);
    expect(await fs.readdir(runsFolder(root))).toEqual([]);
  });

  it('that a killed process left half are swept after a day, not before', async () => {
    const abandoned = path.join(runsFolder(root), '.writing-x-1');
    await fs.mkdir(abandoned, { recursive: true });
    await (await ProjectFolder.open(root)).sweepAbandonedFolders('runs', Date.now());
    expect(await fs.readdir(runsFolder(root))).toHaveLength(1);
    await (await ProjectFolder.open(root)).sweepAbandonedFolders('runs', Date.now() + 25 * 3600 * 1000);
    expect(await fs.readdir(runsFolder(root))).toEqual([]);
  });
});
