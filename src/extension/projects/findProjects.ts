/** Finds the projects of a workspace: folders with an overread.yaml. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { configFileName } from '../contributions';

/** More projects in one workspace than anyone picks from. */
const mostProjects = 200;
const skipped = '{**/node_modules/**,**/.overread/**,**/.git/**,**/runs/**}';

/** Absolute folders, sorted; local folders only, because the engine reads files by path. */
export async function findProjects(): Promise<string[]> {
  const files = await vscode.workspace.findFiles(`**/${configFileName}`, skipped, mostProjects);
  const roots = files.filter((file) => file.scheme === 'file').map((file) => path.dirname(file.fsPath));
  return [...new Set(roots)].sort();
}

/** Whether a folder is one of a project now. */
export function isProject(root: string): Promise<boolean> {
  return fs.access(path.join(root, configFileName)).then(
    () => true,
    () => false,
  );
}
