/** How the project's own programs run: with the editor's Node, so that none is needed on the PATH. */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import type { ErrorReport } from '../protocol/engineApi';

/** The file of a bundled program below the extension's folder. */
export function programFile(extensionPath: string, program: 'cli' | 'engine'): string {
  return path.join(extensionPath, 'dist', `${program}.js`);
}

/**
 * The environment of a child: Electron acts as Node; what debuggers and parents put into NODE_OPTIONS is not
 * inherited, because it can name flags or preloads that make a child fail before its first line.
 */
export function childEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...inherited, ELECTRON_RUN_AS_NODE: '1' };
  delete env['NODE_OPTIONS'];
  delete env['VSCODE_INSPECTOR_OPTIONS'];
  return env;
}

/** A command of the CLI that failed, with its own report. */
export class CliError extends Error {
  constructor(
    readonly report: ErrorReport,
    readonly exitCode: number | null,
  ) {
    super(report.message);
    this.name = 'CliError';
  }
}

export interface CliRun {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Each line of stderr (progress, notes) as it comes. */
  readonly onLine?: (line: string) => void;
}

/** 64 MB: an answer above that is a defect, not an answer. */
const largestAnswer = 64 * 1024 * 1024;

/**
 * Runs a short command of the CLI with `--json` in the background and gives its document.
 * @throws CliError with the command's own report
 */
export function runCli(extensionPath: string, args: readonly string[], run: CliRun = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [programFile(extensionPath, 'cli'), ...args, '--json'],
      {
        env: childEnvironment(process.env),
        maxBuffer: largestAnswer,
        windowsHide: true,
        ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
        ...(run.signal === undefined ? {} : { signal: run.signal }),
      },
      (error, stdout, stderr) => {
        const document = parseDocument(stdout);
        if (!error) {
          resolve(document);
          return;
        }
        if (run.signal?.aborted === true) {
          reject(new CliError({ code: 'OVR002', message: 'Cancelled' }, null));
          return;
        }
        const exitCode = typeof error.code === 'number' ? error.code : null;
        reject(new CliError(reportIn(document) ?? { code: 'OVR004', message: lastLine(stderr) }, exitCode));
      },
    );
    if (run.onLine) splitLines(child.stderr, run.onLine);
  });
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The `error` of a `--json` document, where there is one of the right shape. */
export function reportIn(document: unknown): ErrorReport | undefined {
  if (typeof document !== 'object' || document === null || !('error' in document)) return undefined;
  const error = document.error as Partial<ErrorReport> | null;
  return typeof error?.code === 'string' && typeof error.message === 'string'
    ? (error as ErrorReport)
    : undefined;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Hands over whole lines of a stream. */
export function splitLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
