/** How a task of ours ended: the CLI leaves a small file, because a terminal's text cannot be read back. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ErrorReport, Problem } from '../../protocol/engineApi';
import { reportIn } from '../nodeProgram';
import type { OverreadTaskDefinition } from './definition';

/** The environment variable that tells the CLI where to leave its outcome. */
export const outcomeVariable = 'OVERREAD_OUTCOME';

/** One file for each thing that can run once at a time. */
export function outcomeFile(folder: string, definition: OverreadTaskDefinition, root: string): string {
  const id = createHash('sha256').update(`${definition.command}\0${root}`).digest('hex').slice(0, 16);
  return path.join(folder, `outcome-${id}.json`);
}

/** What a command left. */
export interface Outcome {
  /** When, milliseconds since 1970. */
  readonly time: number;
  /** Its failure's own report. */
  readonly error?: ErrorReport;
  readonly problems: readonly Problem[];
}

/**
 * The outcome of a command, or undefined where it left none since then (it was killed).
 * @param since milliseconds since 1970: an outcome from before belongs to another run
 */
export async function readOutcome(file: string, since: number): Promise<Outcome | undefined> {
  try {
    const { mtimeMs } = await fs.stat(file);
    if (mtimeMs < since) return undefined;
    const document: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    const error = reportIn(document);
    return { time: mtimeMs, problems: problemsIn(document), ...(error ? { error } : {}) };
  } catch {
    return undefined;
  }
}

function problemsIn(document: unknown): Problem[] {
  if (typeof document !== 'object' || document === null || !('problems' in document)) return [];
  const list: unknown[] = Array.isArray(document.problems) ? document.problems : [];
  return list.filter((one): one is Problem => {
    const { code, message, severity } = (one ?? {}) as Partial<Problem>;
    const known = severity === 'error' || severity === 'warning' || severity === 'info';
    return known && typeof code === 'string' && typeof message === 'string';
  });
}

/** A sentence for an exit code that came without a report. */
export function exitSentence(exitCode: number | undefined): string {
  switch (exitCode) {
    case 2:
      return vscode.l10n.t('The command was called with options it does not know.');
    case 3:
      return vscode.l10n.t('Something in the project needs mending: its configuration, table or images.');
    case 4:
      return vscode.l10n.t('This machine lacks something: weights, a device, disk space or a permission.');
    case undefined:
      return vscode.l10n.t('It was ended from outside.');
    default:
      return vscode.l10n.t('It failed unexpectedly (exit code {0}).', String(exitCode));
  }
}
