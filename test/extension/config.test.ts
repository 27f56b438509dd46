/** overread.yaml in the editor: CodeLens and diagnostics with places. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../src/extension/contributions';
import { placeOf } from '../../src/extension/failures';
import { toDiagnostic } from '../../src/extension/language/configDiagnostics';
import { projectWithRun, sampleProject, until } from './support/extension';

suite('overread.yaml', () => {
  test('shows "Fine-tune last layer" and "Choose architecture…" above the first line, and the errors of a run', async () => {
    const { project } = await projectWithRun();
    await vscode.window.showTextDocument(project.configFile);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      project.configFile,
      10,
    );
    const errors = project.summary?.queues['errors'];
    assert.ok(errors);
    assert.deepEqual(
      lenses.map(({ command, range }) => [command?.title, command?.command, range.start.line]),
      [
        ['Fine-tune last layer', commands.finetune, 0],
        ['Choose architecture…', commands.chooseArchitecture, 0],
        [`Review errors (${String(errors)} images)`, commands.reviewErrors, 0],
      ],
    );
  });

  test('an unknown key is marked at its line, with a suggestion, and the mark goes with it', async () => {
    const { project } = await sampleProject();
    const document = await vscode.workspace.openTextDocument(project.configFile);
    const editor = await vscode.window.showTextDocument(document);
    const line = document.lineCount;
    await editor.edit((edit) => edit.insert(document.lineAt(line - 1).range.end, '\ntrainig: {}\n'));
    try {
      const [fault] = await until('the fault is marked', () => {
        const found = schemaFaults(project.configFile);
        return found.length > 0 ? found : undefined;
      });
      assert.equal(document.getText(fault!.range), 'trainig');
      assert.match(fault!.message, /training/);
      assert.equal(fault!.severity, vscode.DiagnosticSeverity.Error);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        project.configFile,
        fault!.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      // The editor adds its own.
      const fixes = actions.filter(({ edit }) => edit !== undefined);
      assert.deepEqual(
        fixes.map(({ title }) => title),
        ['Change to "training"'],
      );
      assert.ok(await vscode.workspace.applyEdit(fixes[0]!.edit!));
      assert.equal(document.lineAt(line).text, 'training: {}');
      await until('the fixed key is no fault', () =>
        schemaFaults(project.configFile).every(({ message }) => !message.includes('Unknown'))
          ? true
          : undefined,
      );
      await vscode.commands.executeCommand('undo');
    } finally {
      await vscode.commands.executeCommand('undo');
      await document.save();
    }
    await until('the mark goes', () => (schemaFaults(project.configFile).length === 0 ? true : undefined));
    await project.refresh('dataset');
    assert.equal(project.failure, undefined);
  });

  test('a typo that is saved leaves the project on show as it was, and says where it is', async () => {
    const { project } = await sampleProject();
    const document = await vscode.workspace.openTextDocument(project.configFile);
    const editor = await vscode.window.showTextDocument(document);
    const { summary } = project;
    assert.ok(summary);
    await editor.edit((edit) => edit.insert(new vscode.Position(document.lineCount, 0), 'trainig: {}\n'));
    await document.save();
    try {
      const failure = await until('the fault is noticed', () => project.failure);
      assert.match(failure.message, /trainig/);
      assert.equal(project.summary, summary);
      const { file, selection, shown } = placeOf(project, failure);
      assert.equal(file.fsPath, project.configFile.fsPath);
      assert.equal(document.lineAt(selection.start).text, 'trainig: {}');
      assert.match(shown, /^overread\.yaml, line \d+, column 1$/);
      // Labels that can be read do not say that the configuration can.
      await project.refresh('labels');
      assert.equal(project.failure, failure);
    } finally {
      await vscode.commands.executeCommand('undo');
      await document.save();
    }
    await until('the fault is gone', () => project.failure === undefined || undefined);
    assert.notEqual(project.summary, undefined);
  });

  test('places are 1-based outside and 0-based in the editor', () => {
    const { range } = toDiagnostic({
      line: 3,
      column: 5,
      endLine: 3,
      endColumn: 9,
      severity: 'warning',
      code: 'OVR102',
      message: 'm',
    });
    assert.deepEqual([range.start.line, range.start.character, range.end.character], [2, 4, 8]);
  });
});

function schemaFaults(file: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(file).filter(({ code }) => code === 'OVR102');
}
