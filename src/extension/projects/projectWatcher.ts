/** Watches the files that people and jobs decide in; the cache folder is none of them. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { configFileName } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { Change } from './project';

/** Absolute paths outside or inside the project, once they are known. */
export interface WatchedFiles {
  /** The table and those that are joined to it. */
  readonly tables: readonly string[];
  /** Where the last check is kept; empty: not known. */
  readonly check: string;
}

export function watchProject(
  root: string,
  { tables, check }: WatchedFiles,
  onChange: (what: Change) => void,
): Disposable {
  const store = new DisposableStore();
  const watch = (folder: string, glob: string, what: Change): void => {
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(folder), glob),
    );
    store.add(watcher);
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      store.add(
        event(() => {
          onChange(what);
        }),
      );
    }
  };
  watch(root, configFileName, 'dataset');
  watch(root, 'moved.jsonl', 'dataset');
  watch(root, 'labels/*.jsonl', 'labels');
  watch(root, 'splits/*.csv', 'dataset');
  // A run comes by rename and goes as a folder; what is added to it later (report, model) is one level down.
  watch(root, 'runs/*', 'runs');
  watch(root, 'runs/*/*.json', 'runs');
  // Comparisons are listed beside the runs.
  watch(root, 'comparisons/*', 'runs');
  // Of a folder that has just come, the editor tells nothing of what was in it by then: the first run is as quick as that.
  watch(root, '{runs,comparisons}', 'runs');
  watch(root, 'labels', 'labels');
  watch(root, 'splits', 'dataset');
  // A check that ran in a terminal.
  if (check !== '') watch(path.dirname(check), path.basename(check), 'runs');
  for (const table of tables) watch(path.dirname(table), path.basename(table), 'dataset');
  return store;
}
