/** "Import Predictions…" as a person does it: the editor's file dialog, two questions, and the run that comes of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/runs/model';
import { Grid } from '../support/grid';
import { runNames } from '../support/project';
import type { WindowSession } from '../support/vscode';

/** @param opened the window of a project without a run, and its folder */
export function describeImports(
  opened: () => { readonly session: WindowSession; readonly project: string },
): void {
  describe('Import Predictions…', () => {
    let session: WindowSession;
    let project: string;
    let file: string;

    beforeAll(() => {
      ({ session, project } = opened());
      file = path.join(path.dirname(project), 'theirs.csv');
      const [, ...rows] = readFileSync(path.join(project, 'samples.csv'), 'utf8').trim().split('\n');
      const lines = rows.map((row) => `${row.split(',')[0] ?? ''},-1.5,2,0.5`);
      writeFileSync(file, `path,Normal,Opacity,Nodule\n${lines.join('\n')}\n`);
    });

    it('asks for the file and what its numbers are, and imports nothing when one turns away', async () => {
      const { workbench } = session;
      await workbench.runCommand('Overread: Import Predictions…');
      await workbench.chooseFile(file);
      await workbench.quickPickRows().filter({ hasText: 'Probabilities' }).waitFor();
      await workbench.screenshot('import-values');
      await workbench.page.keyboard.press('Escape');
      await workbench.quickPickRows().first().waitFor({ state: 'hidden' });
      expect(runNames(project)).toEqual([]);
    });

    it('imports what was answered, and shows it when that is asked for', async () => {
      const { workbench } = session;
      await workbench.runCommand('Overread: Import Predictions…');
      await workbench.chooseFile(file);
      await workbench.pick('Logits');
      await workbench.quickPickRows().filter({ hasText: 'None of them' }).waitFor();
      await workbench.screenshot('import-seen');
      await workbench.pick('None of them');
      await workbench.notification(/is imported: \d+ images with errors to review/).waitFor();
      // The only one: when one turned away, nothing came of it later either.
      const [run, ...more] = runNames(project);
      expect(run).toMatch(/-theirs$/);
      expect(more).toEqual([]);
      const record = JSON.parse(
        readFileSync(path.join(project, 'runs', run ?? '', 'run.json'), 'utf8'),
      ) as RunRecord;
      expect(record.trainer).toMatchObject({ name: 'imported', settings: { values: 'logits' } });
      expect(record.seen.train.seen).toBe(0);

      await workbench.answerNotification(/is imported/, 'Show in Review');
      const grid = await Grid.find(workbench);
      expect(await grid.picturesPainted()).toBeGreaterThan(3);
      // The model says Opacity of every image.
      expect(new Set((await grid.tiles()).map(({ model }) => model))).toEqual(new Set(['Opacity']));
    });
  });
}
