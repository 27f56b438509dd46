/** A project on disk, read as plain files: what a test compares the window with. */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { LabelEvent } from '../../src/core/labels/model';

/** All label events of all annotators, by time. */
export function labelEvents(project: string): LabelEvent[] {
  const folder = path.join(project, 'labels');
  const files = listOrNone(folder).filter((name) => name.endsWith('.jsonl'));
  return files
    .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LabelEvent)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The names of the finished runs, oldest first. */
export function runNames(project: string): string[] {
  return listOrNone(path.join(project, 'runs'))
    .filter((name) => !name.startsWith('.'))
    .sort();
}

/** The jobs that were started, oldest first. */
export function jobNames(project: string): string[] {
  return listOrNone(path.join(project, '.overread', 'jobs')).sort();
}

function listOrNone(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
