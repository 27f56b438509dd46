/**
 * What a command says, and where. People read stdout and see progress on stderr; `--json` puts one document
 * on stdout and nothing else; `--progress=json` names the stages on stderr, one JSON object a line. What stands in
 * data reaches a terminal as text only: every line is made visible here, so that no command need think of it.
 */
import * as path from 'node:path';
import { OverreadError, exitCodes } from '../core/base/errors';
import { asFileSystemError } from '../core/base/fileSystemErrors';
import type { Logger, ReportProgress } from '../core/base/ports';
import type { Problem, Progress } from '../core/base/report';
import { sentenceLimit, shortened, visibleJson, visibleText } from '../core/base/visibleText';
import { configFile } from '../core/config/config';

export type ProgressMode = 'auto' | 'json' | 'none';

export interface OutputOptions {
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** A terminal is redrawn at most this often. */
const redrawMs = 80;
/** Off a terminal, a stage is reported again after this long. */
const plainRepeatMs = 5000;
/** Problems printed of one kind (code), and of all: one broken column must not drown the rest. */
const mostOfOneKind = 5;
const mostPrinted = 20;
/** More problems than a person goes through are not left for an editor. */
const mostLeft = 500;
/** Of a longer line the middle is left out, characters: no path and no table of ours comes near. */
const longestLine = 4000;

export class Output implements Logger {
  /** What is wrong with the data, by its text: what two readers of one file find is told once. */
  private readonly found = new Map<string, Problem>();
  private document: object | undefined;
  private isForeign = false;
  /** The command followed another process, which leaves the outcome itself. */
  toldElsewhere = false;
  private lastStage = '';
  private lastDrawn = 0;
  private lineOpen = false;

  constructor(
    readonly options: OutputOptions,
    private readonly streams: Streams,
    /** `root` is the project, once a command knows it: problems name files relative to it. */
    readonly folders: { readonly cwd: string; root?: string },
    private readonly now: () => number = Date.now,
  ) {}

  /** One line for people; nothing under `--json`. */
  line(text = ''): void {
    if (this.options.json) return;
    this.clearProgress();
    this.streams.stdout.write(`${printable(text)}\n`);
  }

  /** The one document of `--json`; printed when the command ends, with its problems. */
  json(document: object | undefined): void {
    this.document = document;
  }

  /** The one document in a format of others, which has no place for our problems. */
  foreignJson(document: object): void {
    this.document = document;
    this.isForeign = true;
  }

  info(message: string): void {
    this.note(message);
  }

  warn(message: string): void {
    this.note(`warning: ${message}`);
  }

  /** A fault that did not stop the command. It is told at the end, after what the command was asked for. */
  problem(problem: Problem): void {
    const key = JSON.stringify(problem);
    if (!this.found.has(key)) this.found.set(key, problem);
  }

  problems(problems: readonly Problem[]): void {
    for (const problem of problems) this.problem(problem);
  }

  /** The faults so far, the first of them: an editor shows them where they stand. */
  get told(): readonly Problem[] {
    return [...this.found.values()].slice(0, mostLeft);
  }

  /** The run that the command made or was about, by its document. */
  get madeRun(): string | undefined {
    const document: { readonly run?: unknown } | undefined = this.document;
    return typeof document?.run === 'string' ? document.run : undefined;
  }

  private toldOfThem = 0;

  /** Ends a command that did what it was asked for: the document of `--json`, then the problems. */
  finish(): void {
    this.clearProgress();
    const { document } = this;
    if (document) this.print(this.isForeign ? document : withProblems(document, [...this.found.values()]));
    this.tellProblems();
  }

  /**
   * How many faults there are, and some of each kind, errors before warnings. Told at the end, or before the person
   * is asked something that depends on them; not twice.
   */
  tellProblems(): void {
    const all = [...this.found.values()];
    if (all.length === this.toldOfThem) return;
    this.toldOfThem = all.length;
    this.note(countProblems(all));
    const shown = firstOfEachKind(bySeverity(all));
    for (const problem of shown) this.noteProblem(problem);
    if (all.length > shown.length) this.note(`… and ${all.length - shown.length} more`);
  }

  /**
   * Problem-matcher lines: `file:line:col: severity CODE: message`, alone on a line. Files of the project are
   * named from the working folder, where an editor looks for them.
   */
  private noteProblem(problem: Problem): void {
    const place = problem.place;
    const file = this.fromWorkingFolder(place?.file ?? configFile);
    const field = place?.field === undefined ? '' : ` (field "${place.field}")`;
    const sentences = [
      `${problem.message}${field}`,
      ...(problem.expected === undefined ? [] : [`Expected: ${problem.expected}`]),
      ...(problem.fix === undefined ? [] : [problem.fix]),
    ];
    const text = sentences
      .map((sentence) => shortened(sentence, sentenceLimit).replace(/(?<![.?!])$/, '.'))
      .join(' ');
    const position = `${place?.line ?? place?.row ?? 1}:${place?.column ?? 1}`;
    this.note(`${file}:${position}: ${problem.severity} ${problem.code}: ${text}`);
  }

  private fromWorkingFolder(file: string): string {
    const { cwd, root } = this.folders;
    return path.relative(cwd, path.resolve(root ?? cwd, file));
  }

  /** Progress of long work, thinned to what a reader can follow. */
  readonly progress: ReportProgress = (progress) => {
    if (this.options.progress === 'none') return;
    const finished = progress.total !== undefined && progress.done >= progress.total;
    const newStage = progress.stage !== this.lastStage;
    const every =
      this.streams.stderr.isTTY === true || this.options.progress === 'json' ? redrawMs : plainRepeatMs;
    if (!newStage && !finished && this.now() - this.lastDrawn < every) return;
    this.lastDrawn = this.now();
    this.lastStage = progress.stage;
    if (this.options.progress === 'json')
      this.streams.stderr.write(`${visibleJson(JSON.stringify(progress))}\n`);
    else if (this.streams.stderr.isTTY === true) this.draw(progress, finished);
    else if (newStage || !finished) this.streams.stderr.write(`${printable(describeProgress(progress))}\n`);
  };

  private draw(progress: Progress, finished: boolean): void {
    const width = (this.streams.stderr.columns ?? 80) - 1;
    this.streams.stderr.write(`\r\u001b[K${printable(describeProgress(progress)).slice(0, width)}`);
    this.lineOpen = true;
    if (finished) this.clearProgress();
  }

  private clearProgress(): void {
    if (!this.lineOpen) return;
    this.streams.stderr.write('\r\u001b[K');
    this.lineOpen = false;
  }

  private note(text: string): void {
    this.clearProgress();
    this.streams.stderr.write(`${printable(text)}\n`);
  }

  /**
   * Says why a command failed and returns its exit code. Under `--json` the error is the document, so that a
   * script always finds one.
   */
  fail(thrown: unknown): number {
    this.clearProgress();
    const error = asFileSystemError(thrown);
    if (error instanceof OverreadError) {
      this.problems(error.problems);
      this.print(withProblems({ error: error.toJSON() }, [...this.found.values()]));
      this.tellProblems();
      this.noteError(error);
      return error.exitCode;
    }
    this.print({ error: { code: 'OVR000', message: 'Unexpected failure; this is a defect of Overread' } });
    this.tellProblems();
    this.note('overread: unexpected failure; please report it with the lines below.');
    for (const line of defectLines(error)) this.note(line);
    return exitCodes.defect;
  }

  private print(document: object): void {
    if (this.options.json) this.streams.stdout.write(`${visibleJson(JSON.stringify(document, null, 2))}\n`);
  }

  private noteError(error: OverreadError): void {
    if (error.kind === 'cancelled') {
      this.note('Cancelled.');
      return;
    }
    const report = error.toJSON();
    if (report.place?.file !== undefined) {
      this.problem({ ...report, severity: 'error' });
      this.noteProblem({ ...report, severity: 'error' });
    } else this.note(`error ${error.code}: ${error.describe()}`);
  }
}

/** The document with what is wrong with the data, last. */
function withProblems(document: object, problems: readonly Problem[]): object {
  // A list of weights: no project is behind it.
  return Array.isArray(document) ? document : { ...document, problems };
}

/** The worst first, else as they were found. */
function bySeverity(problems: readonly Problem[]): readonly Problem[] {
  return (['error', 'warning', 'info'] as const).flatMap((severity) =>
    problems.filter((problem) => problem.severity === severity),
  );
}

/** As many as are printed: some of each kind before more of one. */
function firstOfEachKind(problems: readonly Problem[]): readonly Problem[] {
  const kinds = new Map<string, number>();
  const [first, rest]: [Problem[], Problem[]] = [[], []];
  for (const problem of problems) {
    const before = kinds.get(problem.code) ?? 0;
    kinds.set(problem.code, before + 1);
    (before < mostOfOneKind ? first : rest).push(problem);
  }
  const shown = new Set([...first, ...rest].slice(0, mostPrinted));
  return problems.filter((problem) => shown.has(problem));
}

/** `12 problems in the project (2 errors, 10 warnings)`. */
function countProblems(problems: readonly Problem[]): string {
  const counts = (
    [
      ['error', 'error', 'errors'],
      ['warning', 'warning', 'warnings'],
      ['info', 'note', 'notes'],
    ] as const
  ).flatMap(([severity, one, many]) => {
    const n = problems.filter((problem) => problem.severity === severity).length;
    return n === 0 ? [] : [`${n} ${n === 1 ? one : many}`];
  });
  const what = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${what} in the project (${counts.join(', ')})`;
}

/** One line for a terminal. */
function printable(text: string): string {
  return visibleText(shortened(text, longestLine));
}

/** What was thrown, then where: the message is one line, whatever line feeds stand in it. */
function defectLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${error.message}`, ...frames];
}

/** `features 120/690 message`. */
export function describeProgress(progress: Progress): string {
  const count =
    progress.total === undefined
      ? progress.done > 0
        ? ` ${progress.done}`
        : ''
      : ` ${progress.done}/${progress.total}`;
  return `${progress.stage}${count}${progress.message === undefined ? '' : `  ${progress.message}`}`;
}
