/** Counts in words of the editor's language. The words name what is counted: images, or findings. */
import * as vscode from 'vscode';
import type { ProjectSummary, QueueInfo } from '../protocol/engineApi';
import { wholeQueue } from './queries';

/**
 * `37 images with errors`: the form that the number needs.
 * @param words of a queue, which stand in the editor's language already (`projects/translated.ts`)
 */
export function inWords(words: QueueInfo['counted'], count: number): string {
  const category = new Intl.PluralRules(vscode.env.language).select(count);
  const forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = words;
  return (forms[category] ?? words.other).replaceAll('{n}', count.toLocaleString());
}

/** `37 images`, with several findings `97 findings`. */
export function inUnits(project: Pick<ProjectSummary, 'queueInfos'>, count: number): string {
  return inWords(wholeQueue(project).counted, count);
}
