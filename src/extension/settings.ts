/** The settings, typed, with one place that knows their names. */
import * as vscode from 'vscode';
import { settingsSection, type Settings } from './contributions';

/** A setting's value as it holds for a folder, or for the window. */
export function setting<K extends keyof Settings>(name: K, scope?: vscode.Uri): Settings[K] {
  // package.json declares a default for each, so there is always a value.
  return vscode.workspace.getConfiguration(settingsSection, scope).get(name) as Settings[K];
}

/** Whether a change touches any of these settings. */
export function affects(change: vscode.ConfigurationChangeEvent, ...names: (keyof Settings)[]): boolean {
  return names.some((name) => change.affectsConfiguration(`${settingsSection}.${name}`));
}
