/**
 * Run folders: `runs/<UTC time without colons>-<name>/`. A run is written under a temporary name and renamed
 * when it is complete, so that whatever is listed is whole; afterwards only its `metrics.json` is replaced
 * once, by rename, when the intervals are known, and `export` adds `model.onnx`.
 */
import * as path from 'node:path';
import { JsonFault, type ReadJson } from '../base/checkedJson';
import { OverreadError } from '../base/errors';
import type { ProjectFolder } from '../base/projectFolder';
import { folderSlug, listWholeFolders, timedName } from '../base/wholeFolders';
import type { MetricsFile } from '../evaluation/model';
import type { RunRecord } from './model';
import { damaged, readRunFile, runFiles } from './runFile';
import { parseMetrics, parseRunRecord } from './runJson';

export { runFiles };

/** A run as it is listed. */
export interface Run {
  readonly record: RunRecord;
  readonly metrics: MetricsFile;
  readonly dir: string;
}

/** Where the runs of a project lie, below its root. */
export const runsName = 'runs';

export function runsFolder(root: string): string {
  return path.join(root, runsName);
}

/** `2026-11-23T081500.123Z-name`: sorts by time, and has no character that a file system refuses. */
export function runName(time: Date, name: string): string {
  return timedName(time, folderSlug(name, 'run'));
}

/**
 * Creates a run folder through `write`, which fills a temporary folder; it is renamed to its name when
 * `write` is done. When it throws, nothing is left.
 */
export async function createRunFolder(
  folder: ProjectFolder,
  run: string,
  write: (runFolder: ProjectFolder) => Promise<void>,
): Promise<string> {
  return folder.createWholeFolder(runsName, run, write);
}

/** Names of the finished runs, oldest first. */
export async function listRunNames(root: string): Promise<string[]> {
  return listWholeFolders(runsFolder(root), runFiles.record);
}

/**
 * Finds a run by its whole name, by a unique part of it, or the newest one when none is named.
 * @throws OverreadError OVR800
 */
export async function findRun(root: string, wanted: string | undefined): Promise<string> {
  const names = await listRunNames(root);
  if (wanted === undefined || wanted === 'latest') {
    const latest = names.at(-1);
    if (latest !== undefined) return latest;
    throw new OverreadError({
      code: 'OVR800',
      message: 'This project has no run yet',
      fix: 'Run "overread finetune" first',
    });
  }
  const found = names.includes(wanted) ? [wanted] : names.filter((name) => name.includes(wanted));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new OverreadError({
    code: 'OVR800',
    message: found.length === 0 ? `No run is named "${wanted}"` : `${found.length} runs match "${wanted}"`,
    expected: `one of ${names.slice(-5).join(', ')}`,
    fix: 'List them with "overread runs"',
  });
}

/**
 * Reads run.json and metrics.json; the folder's name is the run's, whatever the record says.
 * @throws OverreadError OVR800 no such run, OVR801 it cannot be used
 */
export async function readRun(root: string, run: string): Promise<Run> {
  const dir = path.join(runsFolder(root), run);
  const [record, metrics] = await Promise.all([
    readJson(dir, run, runFiles.record, parseRunRecord),
    readJson(dir, run, runFiles.metrics, parseMetrics),
  ]);
  return { record: { ...record, run }, metrics, dir };
}

async function readJson<T>(dir: string, run: string, file: string, read: ReadJson<T>): Promise<T> {
  const bytes = await readRunFile(dir, run, file);
  try {
    return read(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw damaged(run, file, `cannot be used: ${error.message}`);
  }
}

/** Replaces `metrics.json` by rename: the one change that a finished run sees by itself. */
export async function completeMetrics(
  folder: ProjectFolder,
  run: string,
  metrics: MetricsFile,
): Promise<void> {
  await folder.writeFile(`${runsName}/${run}/${runFiles.metrics}`, metricsText(metrics));
}

/** The text of `metrics.json`. */
export function metricsText(metrics: MetricsFile): string {
  return `${JSON.stringify(metrics, null, 2)}\n`;
}

/** Removes a run, by rename first, so that a reader never sees a part of it. @throws OverreadError OVR800 */
export async function deleteRun(folder: ProjectFolder, run: string): Promise<void> {
  const names = await listRunNames(folder.root);
  if (!names.includes(run)) throw new OverreadError({ code: 'OVR800', message: `No run is named "${run}"` });
  await folder.removeWholeFolder(runsName, run);
}
