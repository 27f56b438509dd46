/** The settings, typed, with one place that knows their names. */
import * as vscode from 'vscode';
import { settingsSection, type Settings } from './contributions';

/** A setting's value as it holds for a folder, or for the window. */
export function setting<K extends keyof Settings>(name: K, scope?: vscode.Uri): Settings[K] {
  // package.json declares a default for each, so there is always a value.
  return vscode.workspace.getConfiguration(settingsSection, scope).get(name) as Settings[K];
}

/** A setting's value where somebody has set it, else undefined. */
export function settingIfSet<K extends keyof Settings>(name: K, scope: vscode.Uri): Settings[K] | undefined {
  const found = vscode.workspace.getConfiguration(settingsSection, scope).inspect<Settings[K]>(name);
  return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
}

/** Whether a change touches any of these settings. */
export function affects(change: vscode.ConfigurationChangeEvent, ...names: (keyof Settings)[]): boolean {
  return names.some((name) => change.affectsConfiguration(`${settingsSection}.${name}`));
}
