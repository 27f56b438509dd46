/** Context keys for `when` clauses; only real changes are sent to the editor. */
import * as vscode from 'vscode';
import type { ContextKey } from './contributions';

const current = new Map<ContextKey, unknown>();

/** Resolves when the editor has taken the value over. */
export async function setContextKey(key: ContextKey, value: boolean | number | string): Promise<void> {
  if (current.get(key) === value) return;
  current.set(key, value);
  await vscode.commands.executeCommand('setContext', key, value);
}
