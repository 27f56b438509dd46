/** A failure is told; where no Python could train, with a button that sets one up. */
import * as vscode from 'vscode';
import { commands } from '../contributions';
import { say } from '../say';

/** No Python, or none that can train. */
const noPython = 'OVR702';

/** @returns the button that was pressed, of those that were given */
export async function tellFailure(
  text: string,
  code: string | undefined,
  ...buttons: readonly string[]
): Promise<string | undefined> {
  const setUp = vscode.l10n.t('Set Up Python');
  const picked = await say.error(text, ...(code === noPython ? [setUp] : []), ...buttons);
  if (picked !== setUp) return picked;
  await vscode.commands.executeCommand(commands.setUpPython);
  return undefined;
}
