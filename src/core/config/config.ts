/** overread.yaml as settings: loaded with defaults, checked for an editor, edited with its comments kept. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { readTextIfPresent } from '../base/files';
import type { ProjectFolder } from '../base/projectFolder';
import type { ConfigFields } from './configSchema';
import { parseConfig, type ConfigDiagnostic } from './configText';
import { editConfigText } from './editConfig';

export type { ConfigDiagnostic };

/** The file that makes a folder a project. */
export const configFile = 'overread.yaml';

type Deep<T> = T extends readonly (infer E)[]
  ? readonly Deep<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;

/** overread.yaml, checked, with every default filled in. `name` is the folder's where none is given. */
export type ProjectConfig = Deep<ConfigFields>;

/**
 * Reads the configuration of the project at `root`.
 * @throws OverreadError OVR100 (no project), OVR304 (no plain file), OVR101 (no YAML), OVR102 (breaks the schema), with line and column
 */
export async function loadConfig(root: string): Promise<ProjectConfig> {
  const text = await readTextIfPresent(path.join(root, configFile)).catch((error: unknown) => {
    if (error instanceof OverreadError) {
      throw new OverreadError({ ...error.toJSON(), code: error.code, place: { file: configFile } });
    }
    throw new OverreadError({
      code: 'OVR100',
      message: `${configFile} cannot be read`,
      place: { file: configFile },
      fix: 'Check that it is a file and that you may read it.',
      cause: error,
    });
  });
  if (text === undefined) {
    throw new OverreadError({
      code: 'OVR100',
      message: `${path.basename(path.resolve(root))} is no Overread project: it has no ${configFile}`,
      fix: 'Make one with "overread init DIR --images FOLDER" or "overread init DIR --csv FILE".',
    });
  }
  const { config, diagnostics } = parseConfig(text);
  if (!config) {
    const errors = diagnostics.filter((fault) => fault.severity === 'error');
    const first = errors[0] ?? { line: 1, column: 1, code: 'OVR102' as const, message: 'unreadable' };
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new OverreadError({
      code: first.code,
      message: `${first.message.replace(/\.$/, '')}${more}`,
      place: { file: configFile, line: first.line, column: first.column },
    });
  }
  return config.name === '' ? { ...config, name: path.basename(path.resolve(root)) } : config;
}

/** Every fault of a text that is to become overread.yaml, in the order of its lines. Never throws. */
export function checkConfigText(text: string): ConfigDiagnostic[] {
  return [...parseConfig(text).diagnostics];
}

/**
 * Sets one value of overread.yaml, keeping its comments and layout.
 * @param keys from the top, for instance `['labels', 'disputed']`
 * @throws OverreadError OVR102 when the result would break the schema; the file is then left as it is
 */
export async function setConfigValue(
  folder: ProjectFolder,
  keys: readonly string[],
  value: unknown,
): Promise<void> {
  await loadConfig(folder.root);
  const before = (await readTextIfPresent(folder.path(configFile))) ?? '';
  await folder.writeFile(configFile, editConfigText(before, [[keys, value]]));
}

/** The files that the rows come from, the one that names the images first; as overread.yaml names them. */
export function tablesOf({ dataset }: Pick<ProjectConfig, 'dataset'>): readonly string[] {
  return [dataset.table, ...dataset.join.map(({ table }) => table)];
}

/** The column of the labels: for multi-class the class, for multi-label the list; null: a column per class or finding. */
export function labelColumn(config: Pick<ProjectConfig, 'labels'>): string | null {
  if (config.labels.task === 'multi-class' && config.labels.one_hot) return null;
  return config.labels.column ?? (config.labels.task === 'multi-class' ? 'label' : null);
}

/** What is done with an item on which readers disagree. */
export function disputedPolicy({ labels }: Pick<ProjectConfig, 'labels'>): 'exclude' | 'majority' | 'given' {
  return labels.disputed ?? (labels.rows === 'readings' ? 'majority' : 'exclude');
}

/** The columns that hold an existing split: one with words, one for each part, or none. */
export function splitColumns(column: ProjectConfig['split']['column']): readonly string[] {
  if (column === null) return [];
  return typeof column === 'string' ? [column] : Object.values(column);
}

/** The strengths of the penalty to try, as the fit of the last layer takes them. */
export function penaltyGrid(config: ProjectConfig): 'auto' | readonly number[] {
  const { C } = config.training;
  return typeof C === 'number' ? [C] : C;
}
