/** Counts in words of the editor's language. The words name what is counted: images, or items. */
import * as vscode from 'vscode';
import type { ProjectSummary, QueueInfo } from '../protocol/engineApi';
import { wholeQueue } from './queries';

/** `37 images with errors`: the form of the words that the number needs. */
export function inWords({ one, other }: QueueInfo['counted'], count: number): string {
  const category = new Intl.PluralRules(vscode.env.language).select(count);
  const values = { n: count.toLocaleString() };
  if (category === 'one') return vscode.l10n.t(one, values);
  // Further forms of a translation stand under the English text and the category.
  const comment = category === 'few' || category === 'many' ? [category] : [];
  const form = vscode.l10n.t({ message: other, args: values, comment });
  return comment.length > 0 && form === filled(other, values.n) ? vscode.l10n.t(other, values) : form;
}

/** `37 images`, with several findings `97 items`. */
export function inUnits(project: Pick<ProjectSummary, 'queueInfos'>, count: number): string {
  return inWords(wholeQueue(project).unit, count);
}

function filled(text: string, n: string): string {
  return text.replaceAll('{n}', n);
}
