/** How a task of ours ended: the CLI leaves a small file, because a terminal's text cannot be read back. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ErrorReport } from '../../protocol/engineApi';
import { reportIn } from '../nodeProgram';
import type { OverreadTaskDefinition } from './definition';

/** The environment variable that tells the CLI where to leave its outcome. */
export const outcomeVariable = 'OVERREAD_OUTCOME';

/** One file for each thing that can run once at a time. */
export function outcomeFile(folder: string, definition: OverreadTaskDefinition, root: string): string {
  const id = createHash('sha256').update(`${definition.command}\0${root}`).digest('hex').slice(0, 16);
  return path.join(folder, `outcome-${id}.json`);
}

/**
 * The failure's own report, or undefined where the command left none since then (it was killed).
 * @param since milliseconds since 1970: an outcome from before belongs to another run
 */
export async function readFailure(file: string, since: number): Promise<ErrorReport | undefined> {
  try {
    const { mtimeMs } = await fs.stat(file);
    return mtimeMs < since ? undefined : reportIn(JSON.parse(await fs.readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
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
