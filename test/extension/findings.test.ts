/** What the check found, in the editor: at its row with quick fixes, in the queue, settled by each of them. */
import * as assert from 'node:assert/strict';
import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { writeLetBe } from '../../src/extension/checks/settle';
import { commands } from '../../src/extension/contributions';
import type { Project } from '../../src/extension/projects/project';
import type { Services } from '../../src/extension/services';
import { sampleProject, taskEnds, until } from './support/extension';

suite('findings of the check', () => {
  let services: Services;
  let project: Project;
  let table: vscode.Uri;
  let twin = '';
  let sound: Buffer;
  /** The two samples whose images are the same, under different labels and patients. */
  let pair: readonly string[] = [];
  /** Of them, those in a part that the review lists. */
  let listed = 0;

  suiteSetup(async () => {
    ({ services, project } = await sampleProject());
    table = vscode.Uri.file(path.join(project.root, 'samples.csv'));
    const rows = (await readFile(table.fsPath, 'utf8')).split('\n').map((row) => row.split(','));
    const [, first] = rows;
    const other = rows.slice(2).find(([, label, patient]) => label !== first?.[1] && patient !== first?.[2]);
    pair = [first?.[0] ?? '', other?.[0] ?? ''];
    twin = path.join(project.root, pair[1] ?? '');
    sound = await readFile(twin);
    await writeFile(twin, await readFile(path.join(project.root, pair[0] ?? '')));
    assert.equal(await checked(), 1);
    await until('the contradiction is at its row', () => (shown().length > 0 ? true : undefined));
    const facts = await services.engine.call('sampleFacts', project.root, pair);
    listed = facts.filter(({ split }) => project.summary?.reviewedSplits.includes(split)).length;
    assert.ok(listed > 0);
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await writeFile(twin, sound);
    const check = project.summary?.checksFile;
    if (check !== undefined) await rm(check, { force: true });
    await rm(path.join(project.root, 'labels'), { recursive: true, force: true });
    await project.refresh('dataset');
    await until('nothing is found any more', () => (shown().length === 0 ? true : undefined));
  });

  /** Has the data checked by the task, and gives its exit code. */
  const checked = async (): Promise<number | undefined> => {
    const ended = taskEnds('check');
    await vscode.commands.executeCommand(commands.checkData, project.root);
    return ended;
  };
  const shown = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(table).filter(({ code }) => code === 'OVR311');
  const lineOf = async (): Promise<number> => {
    const lines = (await readFile(table.fsPath, 'utf8')).split('\n');
    return lines.findIndex((line) => line.startsWith(`${pair[0] ?? ''},`));
  };
  const actions = async (): Promise<readonly vscode.CodeAction[]> => {
    const line = await lineOf();
    await vscode.workspace.openTextDocument(table);
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      table,
      new vscode.Range(line, 0, line, 1),
    );
    const ids = services.findings
      .of(project)
      .findings.filter(({ code }) => code === 'OVR311')
      .map(({ id }) => id);
    return found.filter(({ command }) => {
      const [about] = (command?.arguments ?? []) as readonly unknown[];
      return (
        typeof about === 'object' &&
        about !== null &&
        'finding' in about &&
        ids.includes(String(about.finding))
      );
    });
  };
  const run = async (title: RegExp): Promise<unknown> => {
    const command = (await actions()).find((action) => title.test(action.title))?.command;
    assert.ok(command, `no quick fix ${String(title)}`);
    const given: unknown[] = command.arguments ?? [];
    return vscode.commands.executeCommand(command.command, ...given);
  };
  /** Takes what the editor proposes, as Enter does, until the work has ended. */
  const accepting = async (work: Promise<unknown>): Promise<void> => {
    let ended = false;
    const end = work.finally(() => {
      ended = true;
    });
    await until('it is answered', async () => {
      if (!ended) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return ended ? true : undefined;
    });
    await end;
  };
  const queued = (): number | null => project.summary?.queues['checks'] ?? null;

  test('stand at their row with a quick fix for each way out, and in the queue', async () => {
    const line = await lineOf();
    assert.deepEqual(
      shown().map(({ range }) => range.start.line),
      [line],
    );
    const titles = (await actions()).map(({ title }) => title.replace(/ \(.*/, ''));
    assert.deepEqual(titles, ['Keep together…', 'Exclude…', 'Open in grid', 'Let be, with a reason…']);
    await until('both images wait', () => (queued() === listed ? true : undefined));
    await run(/^Open in grid/);
    await until('the grid is open', () => (services.grids.count === 1 ? true : undefined));
    await vscode.commands.executeCommand(commands.reviewChecks, project.root);
    assert.equal(services.grids.count, 1);
  });

  test('are told to the editor only where something is different', async () => {
    let told = 0;
    const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some(({ fsPath }) => fsPath === table.fsPath)) told++;
    });
    try {
      for (const news of ['labels', 'runs', 'dataset'] as const) await project.refresh(news);
      await services.findings.refresh(project);
      assert.equal(shown().length, 1);
      assert.equal(told, 0);
      const before = project.summary?.blind === true;
      await project.setBlind(true);
      await until('it is told once', () => (told === 1 ? true : undefined));
      await project.setBlind(before);
      await until('and once more', () => (told === 2 ? true : undefined));
    } finally {
      listener.dispose();
    }
  });

  test('follow their row while the table is edited, and are gone with it', async () => {
    const line = await lineOf();
    const before = await readFile(table.fsPath, 'utf8');
    const document = await vscode.workspace.openTextDocument(table);
    await vscode.window.showTextDocument(document);
    const lines = (): string =>
      shown()
        .map(({ range }) => range.start.line)
        .join();
    // The editor may save by itself meanwhile: then the engine says where the row is.
    try {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(table, new vscode.Position(line, 0), 'images/another.png,Normal,P9999,AP,22,M\n');
      await vscode.workspace.applyEdit(edit);
      await until('it moved down', () => (lines() === String(line + 1) ? true : undefined));
      const deletion = new vscode.WorkspaceEdit();
      deletion.delete(table, new vscode.Range(line + 1, 0, line + 2, 0));
      await vscode.workspace.applyEdit(deletion);
      await until('it went', () => (lines() === '' ? true : undefined));
    } finally {
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await writeFile(table.fsPath, before);
      await project.refresh('dataset');
    }
    await until('it is back', () => (lines() === String(line) ? true : undefined));
  });

  test('Exclude writes an event with its reason; undo brings the finding back', async () => {
    await accepting(run(/^Exclude/));
    await until('the finding is settled', () => (shown().length === 0 && queued() === 0 ? true : undefined));
    const labels = path.join(project.root, 'labels');
    const [log = ''] = await readdir(labels);
    const event = JSON.parse((await readFile(path.join(labels, log), 'utf8')).trim()) as Record<
      string,
      unknown
    >;
    assert.equal(event['op'], 'exclude');
    assert.ok(pair.includes(String(event['sample'])));
    assert.match(String(event['reason']), /^OVR311: images\//);
    await vscode.commands.executeCommand(commands.undoLabelEdit, project.root);
    await until('it is back', () => (shown().length === 1 && queued() === listed ? true : undefined));
  });

  test('Keep together makes one patient of them, and offers it no more', async () => {
    const groups = path.join(project.root, 'splits', 'groups.csv');
    try {
      await accepting(run(/^Keep together/));
      const text = await readFile(groups, 'utf8');
      for (const sample of pair) assert.ok(text.includes(sample), text);
      await until('it is offered no more', async () =>
        (await actions()).some(({ title }) => title.startsWith('Keep')) ? undefined : true,
      );
      assert.equal(shown().length, 1);
    } finally {
      await rm(groups, { force: true });
      await project.refresh('dataset');
    }
    await until('they are two again', async () =>
      (await actions()).some(({ title }) => title.startsWith('Keep')) ? true : undefined,
    );
  });

  test('Let be writes the reason into overread.yaml, and the finding goes', async () => {
    const file = project.configFile.fsPath;
    const before = await readFile(file, 'utf8');
    const [finding] = services.findings.of(project).findings.filter(({ code }) => code === 'OVR311');
    assert.ok(finding);
    try {
      await writeLetBe(services, project, finding, 'one phantom, drawn twice');
      await until('it goes', () => (shown().length === 0 ? true : undefined));
      assert.match(await readFile(file, 'utf8'), /one phantom, drawn twice/);
    } finally {
      await writeFile(file, before);
      await project.refresh('dataset');
    }
    await until('it is back', () => (shown().length === 1 ? true : undefined));
  });

  test('are hidden while somebody reads blind', async () => {
    const before = project.summary?.blind === true;
    try {
      await project.setBlind(true);
      await until('it is hidden', () => (shown().length === 0 && queued() === null ? true : undefined));
      await until('nothing of it is told', () =>
        services.findings.of(project).findings.length === 0 ? true : undefined,
      );
    } finally {
      await project.setBlind(before);
    }
    await until('it is back', () => (shown().length === 1 ? true : undefined));
    await assert.rejects(access(path.join(project.root, 'splits', 'groups.csv')));
  });

  test('are left in the Problems panel by a check, and gone after the next, which finds them no more', async () => {
    const [before] = shown();
    assert.ok(before);
    try {
      await writeFile(twin, sound);
      assert.equal(await checked(), 0);
      await until('it is gone', () => (shown().length === 0 ? true : undefined));
    } finally {
      await writeFile(twin, await readFile(path.join(project.root, pair[0] ?? '')));
    }
  });
});
