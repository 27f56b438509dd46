/**
 * Faults of a project's data in the Problems panel, at their rows: those of the table (a missing image, a duplicate
 * row) as the engine reads them, those that only a task finds (an image that cannot be decoded), and what the last check
 * found. One owner for all, so that none takes the other's away.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Problem, StandingCheck } from '../../protocol/engineApi';
import { configFileName, dataDiagnostics } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import { sentence } from '../failures';
import type { Project } from '../projects/project';
import type { Contribution, Services } from '../services';
import { plain } from '../plain';
import { LineShifts } from './lineShifts';

/** The Problems panel is for people; the CLI prints the rest. */
const mostShown = 500;

/** A finding of the check as the Problems panel shows it. */
export interface ShownFinding {
  readonly project: Project;
  readonly finding: StandingCheck;
  readonly diagnostic: vscode.Diagnostic;
}

/** A fault of data, and the finding that says the same, which may be settled. */
interface Fault {
  readonly problem: Problem;
  readonly finding?: StandingCheck;
}

export class TableDiagnostics implements Contribution {
  private readonly shifts = new LineShifts();
  private readonly byFile = new Map<
    string,
    readonly { readonly fault: Fault; readonly project: Project }[]
  >();
  private readonly shown = new Map<string, readonly ShownFinding[]>();
  private collection: vscode.DiagnosticCollection | undefined;

  register({ projects, outcomes, findings }: Services): Disposable {
    const store = new DisposableStore();
    this.collection = store.add(vscode.languages.createDiagnosticCollection(dataDiagnostics));
    const renew = (): void => {
      const before = [...this.byFile.keys()];
      this.byFile.clear();
      for (const project of projects.all) {
        const { findings: found, ignored } = findings.of(project);
        this.take(project, faultsOf(project, outcomes.problems(project.root), found, ignored));
      }
      for (const file of new Set([...before, ...this.byFile.keys()])) this.show(file);
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
    store.add(findings.onDidChange(renew));
    const renewForConfig = (document: vscode.TextDocument): void => {
      this.shifts.forget(document);
      if (path.basename(document.uri.fsPath) === configFileName) renew();
    };
    store.add(vscode.workspace.onDidOpenTextDocument(renewForConfig));
    store.add(vscode.workspace.onDidCloseTextDocument(renewForConfig));
    store.add(
      vscode.workspace.onDidChangeTextDocument((change) => {
        const { fsPath } = change.document.uri;
        if (this.byFile.has(fsPath) && this.shifts.take(change)) this.show(fsPath);
      }),
    );
    store.add(
      vscode.workspace.onDidSaveTextDocument((document) => {
        this.shifts.forget(document);
        this.show(document.uri.fsPath);
      }),
    );
    return store;
  }

  /** The findings of the check that stand at a place of a file. */
  at({ fsPath }: vscode.Uri, range: vscode.Range): readonly ShownFinding[] {
    const all = this.shown.get(fsPath) ?? [];
    return all.filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined);
  }

  private take(project: Project, faults: readonly Fault[]): void {
    for (const fault of faults.slice(0, mostShown)) {
      const { place } = fault.problem;
      const file = path.resolve(project.root, place?.file ?? configFileName);
      // Faults of an open overread.yaml come from the text being edited (configDiagnostics.ts), with their ranges.
      if (place?.file !== undefined && file === project.configFile.fsPath && isOpen(file) && !fault.finding)
        continue;
      this.byFile.set(file, [...(this.byFile.get(file) ?? []), { fault, project }]);
    }
  }

  /** The editor is told only where something is different: it shuts the menu of quick fixes at every list, also an equal one. */
  private show(file: string): void {
    const uri = vscode.Uri.file(file);
    const shown = (this.byFile.get(file) ?? []).flatMap(({ fault: { problem, finding }, project }) => {
      const line = this.shifts.lineNow(
        uri,
        Math.max(0, (problem.place?.line ?? problem.place?.row ?? 1) - 1),
      );
      return line === undefined ? [] : [{ project, finding, diagnostic: toDiagnostic(problem, line) }];
    });
    const diagnostics = shown.map(({ diagnostic }) => diagnostic);
    const told = this.collection?.get(uri) ?? [];
    if (JSON.stringify(diagnostics) !== JSON.stringify(told)) this.collection?.set(uri, diagnostics);
    this.shown.set(
      file,
      shown.flatMap(({ finding, ...rest }) => (finding ? [{ ...rest, finding }] : [])),
    );
  }
}

/** Each fault once: where a finding of the check says what the reading says, it is the finding's. */
function faultsOf(
  project: Project,
  ofTask: readonly Problem[],
  findings: readonly StandingCheck[],
  ignored: readonly Pick<StandingCheck, 'code' | 'severity' | 'message' | 'place' | 'fixes'>[],
): readonly Fault[] {
  const failure: readonly Problem[] = project.failure ? [{ ...project.failure, severity: 'error' }] : [];
  const letBe = new Set(ignored.map((finding) => identity(asProblem(finding))));
  const found: readonly Fault[] = [
    ...failure.map((problem) => ({ problem })),
    ...findings.map((finding) => ({ problem: asProblem(finding), finding })),
    ...[...(project.summary?.problems ?? []), ...ofTask]
      .filter((problem) => !letBe.has(identity(problem)))
      .map((problem) => ({ problem })),
  ];
  // Of equals the first: a task, and the check, tell of the table's faults as well.
  return [
    ...new Map(found.toReversed().map((fault) => [identity(fault.problem), fault])).values(),
  ].toReversed();
}

/** A finding as every other fault is told: its fixes in words, not their command lines. */
function asProblem({
  code,
  severity,
  message,
  place,
  fixes,
}: Pick<StandingCheck, 'code' | 'severity' | 'message' | 'place' | 'fixes'>): Problem {
  const fix = fixes.map(({ title }) => title).join('. ');
  return { code, severity, message, ...(place ? { place } : {}), ...(fix === '' ? {} : { fix }) };
}

function identity(problem: Problem): string {
  const { code, place } = problem;
  const { fix: _, ...said } = problem;
  return JSON.stringify([
    code,
    sentence(said),
    place?.file ?? configFileName,
    place?.line ?? place?.row,
    place?.field,
  ]);
}

function isOpen(file: string): boolean {
  return vscode.workspace.textDocuments.some(({ uri, isClosed }) => uri.fsPath === file && !isClosed);
}

/** @param line from 0 */
function toDiagnostic(problem: Problem, line: number): vscode.Diagnostic {
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
