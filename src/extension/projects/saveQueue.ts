/** A filter kept as a queue of the project, under a name that the person gives. */
import * as vscode from 'vscode';
import { askText } from '../ask';
import type { EngineClient } from '../engine/engineClient';
import { editConfigFile } from './editConfigFile';
import type { Project } from './project';

/** @param proposed a name to begin with @returns the name; null when the person turned away */
export async function saveQueue(
  project: Project,
  engine: EngineClient,
  where: string,
  proposed = '',
): Promise<string | null> {
  const { t } = vscode.l10n;
  const known = new Set(project.summary?.savedQueues.map(({ name }) => name));
  const name = await askText(
    {
      title: t('Save the filter as a queue of the project'),
      prompt: t('It is written into overread.yaml, under review.queues.'),
      placeholder: t('A name, such as Old and sure'),
      value: proposed,
    },
    (text) => (known.has(text.trim()) ? t('There is a queue of this name already.') : undefined),
  );
  if (name === undefined || name.trim() === '') return null;
  await editConfigFile(project.configFile, (text) =>
    engine.call('saveQueue', text, { name: name.trim(), where }),
  );
  return name.trim();
}
