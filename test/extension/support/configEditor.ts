/** The overread.yaml of the sample project in an editor, for tests that write in it. */
import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ArchitectureCatalog, ArchitectureRow } from '../../../src/protocol/engineApi';
import type { Project } from '../../../src/extension/projects/project';
import type { Services } from '../../../src/extension/services';
import { sampleProject, until } from './extension';

/** The project, told to be X-rays of the lungs, and what the engine says of it. */
export interface ChestProject {
  readonly services: Services;
  readonly project: Project;
  readonly catalog: ArchitectureCatalog;
  /** Puts overread.yaml back as it was. */
  readonly restore: () => Promise<void>;
}

export async function chestProject(): Promise<ChestProject> {
  const { services, project } = await sampleProject();
  const original = await onDisk(project);
  await write(
    project,
    original.replace(/^dataset:\n/m, 'dataset:\n  modality: x-ray # of the chest\n  anatomy: lungs\n'),
  );
  const catalog = await until('the engine suggests', async () => {
    const answer = await services.catalogs.of(project.root);
    return answer.suggestion ? answer : undefined;
  });
  const restore = async (): Promise<void> => {
    await write(project, original);
    await project.refresh('dataset');
    assert.equal(project.failure, undefined);
  };
  return { services, project, catalog, restore };
}

export function rowOf(catalog: ArchitectureCatalog, name: string): ArchitectureRow {
  const row = catalog.rows.find((candidate) => candidate.name === name);
  assert.ok(row, name);
  return row;
}

export function onDisk(project: Project): Promise<string> {
  return readFile(project.configFile.fsPath, 'utf8');
}

/** Replaces the text through the editor's document, so that disk and document agree. */
async function write(project: Project, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(project.configFile);
  await replaceAll(document, text);
  await document.save();
}

async function replaceAll(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Puts these lines under `model:` of the document, without saving, and everything back afterwards. */
export async function withModel(
  project: Project,
  lines: string,
  work: (document: vscode.TextDocument) => Promise<void>,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(project.configFile);
  const before = document.getText();
  await replaceAll(document, before.replace(/^model:\n(?: .*\n)+/m, `model:\n${lines}`));
  assert.notEqual(document.getText(), before);
  try {
    await work(document);
  } finally {
    await replaceAll(document, before);
    await document.save();
  }
}
