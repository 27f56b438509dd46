/** Faults of a project's data (a missing image, a duplicate row) in the Problems panel, at their rows. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../protocol/engineApi';
import { configFileName } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import { sentence } from '../failures';
import type { Project } from '../projects/project';
import type { Contribution, Services } from '../services';

/** The Problems panel is for people; the CLI prints the rest. */
const mostShown = 500;

export class TableDiagnostics implements Contribution {
  register({ projects }: Services): Disposable {
    const store = new DisposableStore();
    const collection = store.add(vscode.languages.createDiagnosticCollection('overread-data'));
    const renew = (): void => {
      collection.clear();
      for (const project of projects.all) show(collection, project);
    };
    store.add(projects.onDidChangeProject(renew));
    store.add(projects.onDidChangeList(renew));
    return store;
  }
}

function show(collection: vscode.DiagnosticCollection, project: Project): void {
  const failure: readonly Problem[] = project.failure ? [{ ...project.failure, severity: 'error' }] : [];
  const byFile = new Map<string, vscode.Diagnostic[]>();
  for (const problem of [...failure, ...(project.summary?.problems ?? [])].slice(0, mostShown)) {
    const file = path.resolve(project.root, problem.place?.file ?? configFileName);
    // Faults of overread.yaml come from the text being edited (configDiagnostics.ts), with their ranges.
    if (problem.place?.file !== undefined && path.basename(file) === configFileName) continue;
    const list = byFile.get(file) ?? [];
    list.push(toDiagnostic(problem));
    byFile.set(file, list);
  }
  for (const [file, diagnostics] of byFile) collection.set(vscode.Uri.file(file), diagnostics);
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
