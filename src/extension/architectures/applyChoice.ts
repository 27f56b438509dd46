/** Puts a choice into overread.yaml: as an edit of its document, so that undo works and nothing unsaved is lost. */
import * as vscode from 'vscode';
import type { ArchitectureChoice, ChosenConfig } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { EngineClient } from '../engine/engineClient';

export interface AppliedChoice extends ChosenConfig {
  /** False: the document had unsaved changes of the person's own, so it was edited and left unsaved. */
  readonly saved: boolean;
}

/** @throws RemoteError what the engine refuses; OVR100 when the file cannot be saved */
export async function applyChoice(
  engine: EngineClient,
  file: vscode.Uri,
  choice: ArchitectureChoice,
): Promise<AppliedChoice> {
  const document = await vscode.workspace.openTextDocument(file);
  const { version, isDirty } = document;
  const before = document.getText();
  const chosen = await engine.call('chooseArchitecture', before, choice);
  if (document.version !== version) return applyChoice(engine, file, choice);
  if (chosen.text !== before) {
    const edit = new vscode.WorkspaceEdit();
    const { start, end, text } = difference(before, chosen.text);
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    if (!(await vscode.workspace.applyEdit(edit))) throw notWritten();
  }
  const saved = !isDirty && (!document.isDirty || (await document.save()));
  if (!isDirty && !saved) throw notWritten();
  return { ...chosen, saved };
}

/** The part of `before` that is replaced, and what stands there after: one small step of undo. */
export function difference(before: string, after: string): { start: number; end: number; text: string } {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

function notWritten(): RemoteError {
  return new RemoteError({
    code: 'OVR100',
    message: vscode.l10n.t('overread.yaml could not be written'),
    fix: vscode.l10n.t('Check that it may be changed and that nothing else has changed it'),
  });
}

/** `model.architecture: tf_efficientnet_lite0, model.weights: auto` */
export function saidOf({ changes, saved }: AppliedChoice): string {
  const { t } = vscode.l10n;
  if (changes.length === 0) return t('overread.yaml says so already');
  const list = changes.map(({ setting: name, to }) => `${name}: ${to ?? 'null'}`).join(', ');
  return saved ? t('overread.yaml: {0}', list) : t('overread.yaml, not saved yet: {0}', list);
}
