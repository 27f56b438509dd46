/** Puts a choice of network into overread.yaml. */
import * as vscode from 'vscode';
import type { ArchitectureChoice, ChosenConfig } from '../../protocol/engineApi';
import type { EngineClient } from '../engine/engineClient';
import { editConfigFile } from '../projects/editConfigFile';

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
  let chosen: ChosenConfig | undefined;
  const { text, saved } = await editConfigFile(file, async (before) => {
    chosen = await engine.call('chooseArchitecture', before, choice);
    return chosen.text;
  });
  return { text, changes: chosen?.changes ?? [], saved };
}

/** `model.architecture: tf_efficientnet_lite0, model.weights: auto` */
export function saidOf({ changes, saved }: AppliedChoice): string {
  const { t } = vscode.l10n;
  if (changes.length === 0) return t('overread.yaml says so already');
  const list = changes.map(({ setting: name, to }) => `${name}: ${to ?? 'null'}`).join(', ');
  return saved ? t('overread.yaml: {0}', list) : t('overread.yaml, not saved yet: {0}', list);
}
