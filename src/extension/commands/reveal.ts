/** Shows a folder of a project to the person. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Project } from '../projects/project';

/**
 * In the editor's explorer, or in the system's own where the project lies outside the workspace.
 * @param parts below the root of the project
 */
export async function revealFolder(project: Project, ...parts: readonly string[]): Promise<void> {
  const folder = vscode.Uri.file(path.join(project.root, ...parts));
  const inWorkspace = vscode.workspace.getWorkspaceFolder(folder) !== undefined;
  await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', folder);
}
