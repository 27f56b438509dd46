/** Picks a label from the whole list: for more than nine classes, or on request. */
import * as vscode from 'vscode';
import type { LabelValue, ProjectSummary, ReviewItem } from '../../protocol/engineApi';
import { pickOne, type PickItem } from '../ask';

interface ValueItem extends PickItem {
  readonly value: LabelValue;
}

/** The value taken, or undefined when the person turned away. */
export async function pickValue(
  project: ProjectSummary,
  item: ReviewItem,
  count: number,
): Promise<ValueItem | undefined> {
  const finding = project.findings.find(({ name }) => name === item.finding);
  // The findings of a multi-label project have it among their values.
  const more = project.task === 'multi-class' ? ['uncertain', null] : [null];
  const values: LabelValue[] = [...(finding?.values ?? []), ...more];
  const items = values.map((value): ValueItem => {
    const marks = [
      ...(count === 1 && !item.hidden && value === item.value ? [vscode.l10n.t('label now')] : []),
      ...(count === 1 && value !== null && value === item.predicted ? [vscode.l10n.t('model')] : []),
    ];
    return { value, label: labelName(value, project), description: marks.join(', ') };
  });
  return pickOne(items, {
    title:
      count === 1
        ? item.path === ''
          ? vscode.l10n.t('Label this image')
          : vscode.l10n.t('Label {0}', item.path)
        : vscode.l10n.t('Label {0} selected images', String(count)),
    placeholder:
      project.task === 'multi-label'
        ? vscode.l10n.t('Is {0} present?', item.finding)
        : vscode.l10n.t('Choose a class'),
    matchOnDescription: true,
  });
}

/** A label value for people. */
export function labelName(value: LabelValue, project: ProjectSummary): string {
  if (project.task === 'multi-class' && value !== 'uncertain') return value ?? vscode.l10n.t('No label');
  switch (value) {
    case '1':
      return vscode.l10n.t('Present');
    case '0':
      return vscode.l10n.t('Absent');
    case 'uncertain':
      return vscode.l10n.t('Uncertain');
    default:
      return value ?? vscode.l10n.t('Not mentioned');
  }
}
