/** Faults of a project's data (a missing image, a duplicate row) in the Problems panel, at their rows. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../protocol/engineApi';
import { configFileName, dataDiagnostics } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import { sentence } from '../failures';
import type { Project } from '../projects/project';
import type { Contribution, Services } from '../services';

/** The Problems panel is for people; the CLI prints the rest. */
const mostShown = 500;

export class TableDiagnostics implements Contribution {
  register({ projects }: Services): Disposable {
    const store = new DisposableStore();
    // The problem matcher of package.json writes under the same owner: a task's lines give way to what is read here.
    const collection = store.add(vscode.languages.createDiagnosticCollection(dataDiagnostics));
    const renew = (): void => {
      collection.clear();
      for (const project of projects.all) show(collection, project);
    };
    store.add(projects.onDidChangeProject(renew));
    store.add(projects.onDidChangeList(renew));
    const renewForConfig = ({ uri }: vscode.TextDocument): void => {
      if (path.basename(uri.fsPath) === configFileName) renew();
    };
    store.add(vscode.workspace.onDidOpenTextDocument(renewForConfig));
    store.add(vscode.workspace.onDidCloseTextDocument(renewForConfig));
    return store;
  }
}

function show(collection: vscode.DiagnosticCollection, project: Project): void {
  const failure: readonly Problem[] = project.failure ? [{ ...project.failure, severity: 'error' }] : [];
  const byFile = new Map<string, vscode.Diagnostic[]>();
  for (const problem of [...failure, ...(project.summary?.problems ?? [])].slice(0, mostShown)) {
    const file = path.resolve(project.root, problem.place?.file ?? configFileName);
    // Faults of an open overread.yaml come from the text being edited (configDiagnostics.ts), with their ranges.
    if (problem.place?.file !== undefined && file === project.configFile.fsPath && isOpen(file)) continue;
    const list = byFile.get(file) ?? [];
    list.push(toDiagnostic(problem));
    byFile.set(file, list);
  }
  for (const [file, diagnostics] of byFile) collection.set(vscode.Uri.file(file), diagnostics);
}

function isOpen(file: string): boolean {
  return vscode.workspace.textDocuments.some(({ uri, isClosed }) => uri.fsPath === file && !isClosed);
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const line = Math.max(0, (problem.place?.line ?? problem.place?.row ?? 1) - 1);
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER),
    sentence(problem),
    severities[problem.severity],
  );
  diagnostic.code = problem.code;
  diagnostic.source = 'overread';
  return diagnostic;
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;
