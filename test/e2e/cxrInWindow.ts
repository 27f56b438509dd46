/** The loop on the X-rays in VS Code: every step by palette, notification, click and key, as a person does it. */
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { runJson } from '../support/cli';
import { eventually } from '../support/eventually';
import { Grid } from '../support/grid';
import { labelEvents, runNames } from '../support/project';
import type { Steps } from '../support/steps';
import { openVscode, type VscodeSession } from '../support/vscode';

const relabelled = 20;

/** Adds the steps and their figures; `workspace` is a folder that does not exist yet. */
export async function reviewCxrInWindow(steps: Steps, table: string, workspace: string): Promise<void> {
  mkdirSync(workspace, { recursive: true });
  let session: VscodeSession | undefined;
  try {
    await steps.step('window: VS Code opens with the extension installed', async () => {
      session = await openVscode({ workspace, settings: { 'overread.annotator': 'Test Reader' } });
      return session.url;
    });
    if (session !== undefined) await reviewIn(session, steps, table, workspace);
  } finally {
    if (!steps.holds) await session?.workbench.screenshot('cxr-failed').catch(() => undefined);
    await session?.close();
  }
}

async function reviewIn(session: VscodeSession, steps: Steps, table: string, project: string): Promise<void> {
  const { workbench } = session;
  const timed = async (figure: string, work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    const seconds = (performance.now() - start) / 1000;
    steps.figures[figure] = seconds;
    return seconds;
  };

  await steps.step('window: New Project from CSV makes the project', async () => {
    await workbench.runCommand('Overread: New Project from CSV…');
    await workbench.chooseFile(table);
    await workbench.pick('window');
    await workbench.notification(/project is made/i).waitFor({ timeout: 60_000 });
    await workbench.tab('overread.yaml').waitFor();
    return 'overread.yaml is shown';
  });

  await steps.step('window: Fine-tune from its notification, as a task', async () => {
    const seconds = await timed('window_first_finetune_s', async () => {
      await workbench.answerNotification(/project is made/i, 'Fine-tune Last Layer');
      await workbench.notification(/Fine-tuning of .* is done/).waitFor({ timeout: 600_000 });
    });
    assert.equal(runNames(project).length, 1);
    await workbench.screenshot('cxr-finetuned');
    return `${seconds.toFixed(1)} s`;
  });

  await steps.step('window: Review Errors from the notification fills the grid', async () => {
    const seconds = await timed('window_grid_first_pictures_s', async () => {
      await workbench.answerNotification(/is done/, /Review Errors/);
      const grid = await Grid.find(workbench);
      assert.ok((await grid.picturesPainted()) > 3);
    });
    const grid = await Grid.find(workbench);
    const { errors: ranked } = await runJson<{ errors: readonly unknown[] }>(['errors', project], [1]);
    assert.equal(await grid.total(), ranked.length);
    await workbench.screenshot('cxr-errors');
    return `${await grid.countsText()} after ${seconds.toFixed(1)} s`;
  });

  await steps.step('window: one key relabels, undo takes it back', async () => {
    const grid = await Grid.find(workbench);
    const [first] = await grid.tiles();
    await grid.focus(first!.key);
    const seconds = await timed('window_key_to_saved_s', async () => {
      await grid.press('a');
      await grid.edited(first!.key);
    });
    assert.equal(labelEvents(project).length, 1);
    await grid.press('Control+z');
    await eventually('the undo is on disk', () => assert.equal(labelEvents(project).at(-1)?.op, 'undo'));
    return `${(seconds * 1000).toFixed(0)} ms from the key to the mark`;
  });

  await steps.step('window: twenty selected tiles are relabelled as one batch', async () => {
    const grid = await Grid.find(workbench);
    await grid.selectFirst(relabelled);
    const before = labelEvents(project).length;
    await timed('window_twenty_relabels_s', async () => {
      await grid.press('a');
      await workbench.statusBarItem(/20 images edited since run .* Fine-tune/).waitFor();
    });
    const added = labelEvents(project).slice(before);
    assert.equal(added.length, relabelled);
    assert.equal(new Set(added.map(({ batch }) => batch)).size, 1);
    await workbench.screenshot('cxr-relabelled');
    return 'one batch on disk';
  });

  await steps.step('window: Fine-tune from the status bar ranks the open grid anew', async () => {
    const grid = await Grid.find(workbench);
    const before = (await grid.tiles()).map(({ key }) => key);
    const seconds = await timed('window_refit_to_ranked_grid_s', async () => {
      await workbench.statusBarItem(/images edited since run/).click();
      await eventually(
        'the grid shows another ranking',
        async () =>
          assert.notDeepEqual(
            (await grid.tiles()).map(({ key }) => key),
            before,
          ),
        60_000,
      );
    });
    assert.equal(runNames(project).length, 2);
    await workbench.screenshot('cxr-refitted');
    return `${seconds.toFixed(1)} s from the click, with the start of the task`;
  });

  await steps.step('window: no breach of the content security policy, no error in the page', () => {
    assert.deepEqual(session.complaints.cspViolations, []);
    assert.deepEqual(session.complaints.webviewErrors, []);
    return 'none';
  });
}
