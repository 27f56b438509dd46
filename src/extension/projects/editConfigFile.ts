/** Changes an overread.yaml: as an edit of its document, so that undo works and nothing unsaved is lost. */
import * as vscode from 'vscode';
import { RemoteError } from '../../protocol/rpc';

export interface EditedConfig {
  readonly text: string;
  /** False: the document had unsaved changes of the person's own, so it was edited and left unsaved. */
  readonly saved: boolean;
}

/**
 * @param change gives the text after; asked again when the document changed meanwhile
 * @throws what `change` does; RemoteError OVR100 when the file cannot be saved
 */
export async function editConfigFile(
  file: vscode.Uri,
  change: (text: string) => Promise<string>,
): Promise<EditedConfig> {
  const document = await vscode.workspace.openTextDocument(file);
  const { version, isDirty } = document;
  const before = document.getText();
  const after = await change(before);
  if (document.version !== version) return editConfigFile(file, change);
  if (after !== before) {
    const edit = new vscode.WorkspaceEdit();
    const { start, end, text } = difference(before, after);
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    if (!(await vscode.workspace.applyEdit(edit))) throw notWritten();
  }
  const saved = !isDirty && (!document.isDirty || (await document.save()));
  if (!isDirty && !saved) throw notWritten();
  return { text: after, saved };
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
