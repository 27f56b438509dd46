/** kill -9 of the engine and of the extension host under the reviewer's hands: no acknowledged edit is lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseItemKey } from '../../src/core/review/itemKey';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { Grid } from '../support/grid';
import { killMatching, markedProcesses } from '../support/processes';
import { labelEvents } from '../support/project';
import { openVscode, type VscodeSession } from '../support/vscode';
import { trainedSample } from '../support/windowProjects';

const engine = /dist\/engine\.js/;
const extensionHost = /--type=extensionHost/;

let folder: string;
let project: string;
let session: VscodeSession;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'overread-kill-'));
  project = path.join(folder, 'sample');
  await trainedSample(project);
  session = await openVscode({ workspace: project, settings: { 'overread.annotator': 'Test Reader' } });
  await session.workbench.runCommand('Overread: Review Errors');
});

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

keepPicturesOfFailures(() => session);

/** Answers the tiles from the focused one on, as fast as keys go, and gives the keys of those acknowledged. */
async function answerUntilKilled(grid: Grid, count: number, kill: () => void): Promise<readonly string[]> {
  // After a restart the list is asked for anew: a tile that was there a moment ago may have left it.
  const tiles = await eventually('the first open tile has the keys', async () => {
    const open = (await grid.tiles()).filter(({ name }) => !name.includes('Edited')).slice(0, count);
    await grid.focus(open[0]!.key, 3000);
    return open;
  });
  for (const [at] of tiles.entries()) {
    await grid.press('a');
    if (at === Math.floor(count / 2)) kill();
  }
  return grid.acknowledged();
}

describe.each([
  ['engine', engine],
  ['extension host', extensionHost],
] as const)('kill -9 of the %s while answers stream in', (_name, program) => {
  it('loses no acknowledged answer', async () => {
    const grid = await Grid.find(session.workbench);
    let killed = 0;
    const acknowledged = await answerUntilKilled(grid, 8, () => {
      killed = killMatching(session.server.mark, program);
    });
    expect(killed).toBeGreaterThan(0);
    const onDisk = new Set(labelEvents(project).map(({ sample }) => sample));
    for (const key of acknowledged) expect(onDisk).toContain(parseItemKey(key)?.sample);
  });

  it('starts again, with every line of the log whole, and takes answers', async () => {
    const { workbench, server } = session;
    if (program === extensionHost) {
      await eventually(
        'there is an extension host again',
        () => {
          expect(markedProcesses(server.mark).some(({ command }) => program.test(command))).toBe(true);
        },
        120_000,
      );
      await workbench.open();
      await workbench.runCommand('Overread: Review Errors');
    }
    const before = labelEvents(project).length;
    const grid = await Grid.find(workbench);
    await eventually(
      'another answer is taken',
      async () => {
        const open = (await grid.tiles()).find(({ name }) => !name.includes('Edited'));
        // It may have left the list meanwhile.
        await grid.focus(open!.key, 3000);
        await grid.press('a');
        await grid.edited(open!.key, 5000);
      },
      120_000,
    );
    expect(labelEvents(project).length).toBeGreaterThan(before);
  });
});
