/** How failures become sentences: one for people, one for the log. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ErrorReport } from '../protocol/engineApi';
import { RemoteError } from '../protocol/rpc';
import { commands } from './contributions';
import { CliError } from './nodeProgram';
import { say } from './say';

/** What was thrown, as a report; anything unexpected is a defect and says so. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof RemoteError || error instanceof CliError) return error.report;
  return { code: 'OVR000', message: error instanceof Error ? error.message : String(error) };
}

/** What failed, what was expected and what to do, in one line. */
export function sentence(report: ErrorReport): string {
  const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
  const parts = [ended(report.message)];
  if (report.expected !== undefined) parts.push(ended(vscode.l10n.t('Expected: {0}', report.expected)));
  if (report.fix !== undefined) parts.push(ended(report.fix));
  return parts.join(' ');
}

/** Where a project's failure is mended: its place in a file of the project, else overread.yaml. */
export function placeOf(
  project: { readonly root: string; readonly configFile: vscode.Uri },
  { place }: ErrorReport,
): { readonly file: vscode.Uri; readonly selection: vscode.Range; readonly shown: string } {
  const { t } = vscode.l10n;
  const name = place?.file ?? path.basename(project.configFile.fsPath);
  const line = place?.line ?? place?.row;
  const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), Math.max(0, (place?.column ?? 1) - 1));
  const shown =
    line === undefined
      ? name
      : place?.column === undefined
        ? t('{0}, line {1}', name, String(line))
        : t('{0}, line {1}, column {2}', name, String(line), String(place.column));
  return {
    file: vscode.Uri.file(path.resolve(project.root, name)),
    selection: new vscode.Range(at, at),
    shown,
  };
}

/** Tells about the failure of something the person has just asked for. */
export async function showFailure(what: string, error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const report = reportOf(error);
  log.error(`${what}: ${report.code} ${report.message}`);
  if (!(error instanceof RemoteError || error instanceof CliError) && error instanceof Error && error.stack) {
    log.error(error.stack);
  }
  // A person who cancels knows it.
  if (report.code === 'OVR002') return;
  // Nothing to undo is an answer, not a failure.
  if (report.code === 'OVR403') {
    void say.info(sentence(report));
    return;
  }
  const showLog = vscode.l10n.t('Show Log');
  const picked = await say.error(`${what}: ${sentence(report)} (${report.code})`, showLog);
  if (picked === showLog) await vscode.commands.executeCommand(commands.showLog);
}
