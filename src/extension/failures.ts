/** How failures become sentences: one for people, one for the log. */
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
