/**
 * Faults of a project's data in the Problems panel, at their rows: those of the table (a missing image, a duplicate
 * row) as the engine reads them, and those that only a task finds (an image that cannot be decoded). One owner for
 * both, so that neither takes the other's away.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../protocol/engineApi';
import { configFileName, dataDiagnostics } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import { sentence } from '../failures';
import type { Project } from '../projects/project';
import type { Contribution, Services } from '../services';
import { plain } from '../plain';

/** The Problems panel is for people; the CLI prints the rest. */
const mostShown = 500;

export class TableDiagnostics implements Contribution {
  register({ projects, outcomes }: Services): Disposable {
    const store = new DisposableStore();
    const collection = store.add(vscode.languages.createDiagnosticCollection(dataDiagnostics));
    const renew = (): void => {
      collection.clear();
      for (const project of projects.all) show(collection, project, outcomes.problems(project.root));
    };
    store.add(
      projects.onDidChangeProject(({ project, what }) => {
        renew();
        // Also the first reading of all: what the last task of an earlier window found.
        if (what.has('dataset')) void outcomes.read(project.root);
      }),
    );
    store.add(projects.onDidChangeList(renew));
    store.add(outcomes.onDidChange(renew));
    const renewForConfig = ({ uri }: vscode.TextDocument): void => {
      if (path.basename(uri.fsPath) === configFileName) renew();
    };
    store.add(vscode.workspace.onDidOpenTextDocument(renewForConfig));
    store.add(vscode.workspace.onDidCloseTextDocument(renewForConfig));
    return store;
  }
}

function show(collection: vscode.DiagnosticCollection, project: Project, ofTask: readonly Problem[]): void {
  const failure: readonly Problem[] = project.failure ? [{ ...project.failure, severity: 'error' }] : [];
  const byFile = new Map<string, vscode.Diagnostic[]>();
  const found = [...failure, ...(project.summary?.problems ?? []), ...ofTask];
  const once = new Map(found.map((problem) => [identity(problem), problem]));
  for (const problem of [...once.values()].slice(0, mostShown)) {
    const file = path.resolve(project.root, problem.place?.file ?? configFileName);
    // Faults of an open overread.yaml come from the text being edited (configDiagnostics.ts), with their ranges.
    if (problem.place?.file !== undefined && file === project.configFile.fsPath && isOpen(file)) continue;
    const list = byFile.get(file) ?? [];
    list.push(toDiagnostic(problem));
    byFile.set(file, list);
  }
  for (const [file, diagnostics] of byFile) collection.set(vscode.Uri.file(file), diagnostics);
}

/** A task tells of the table's faults as well. */
function identity({ code, message, place }: Problem): string {
  return JSON.stringify([
    code,
    message,
    place?.file ?? configFileName,
    place?.line ?? place?.row,
    place?.field,
  ]);
}

function isOpen(file: string): boolean {
  return vscode.workspace.textDocuments.some(({ uri, isClosed }) => uri.fsPath === file && !isClosed);
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const line = Math.max(0, (problem.place?.line ?? problem.place?.row ?? 1) - 1);
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER),
    plain(sentence(problem)),
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
