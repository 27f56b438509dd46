/** The settings, typed, with one place that knows their names. */
import * as vscode from 'vscode';
import { settingsSection, type Settings } from './contributions';

/** A setting's value as it holds for a folder, or for the window. */
export function setting<K extends keyof Settings>(name: K, scope?: vscode.Uri): Settings[K] {
  // package.json declares a default for each, so there is always a value.
  return vscode.workspace.getConfiguration(settingsSection, scope).get(name) as Settings[K];
}

/** Sets it where the person keeps it: in the workspace if it is set there, else for the user. */
export async function setSetting<K extends keyof Settings>(name: K, value: Settings[K]): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  const inWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
  await configuration.update(
    name,
    value,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

/** Whether a change touches any of these settings. */
export function affects(change: vscode.ConfigurationChangeEvent, ...names: (keyof Settings)[]): boolean {
  return names.some((name) => change.affectsConfiguration(`${settingsSection}.${name}`));
}
