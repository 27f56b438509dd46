/** overread.yaml as settings: loaded with defaults, checked for an editor, edited with its comments kept. */
import * as path from 'node:path';
import { isScalar, parseDocument, stringify } from 'yaml';
import { OverreadError } from '../base/errors';
import { readTextIfPresent, writeFileAtomic } from '../base/files';
import type { ConfigFields } from './configSchema';
import { parseConfig, type ConfigDiagnostic } from './configText';

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
 * @throws OverreadError OVR100 (no project), OVR101 (no YAML), OVR102 (breaks the schema), with line and column
 */
export async function loadConfig(root: string): Promise<ProjectConfig> {
  const text = await readTextIfPresent(path.join(root, configFile)).catch((error: unknown) => {
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
export async function setConfigValue(root: string, keys: readonly string[], value: unknown): Promise<void> {
  await loadConfig(root);
  const file = path.join(root, configFile);
  const before = (await readTextIfPresent(file)) ?? '';
  const after = editText(before, keys, value);
  const error = checkConfigText(after).find((fault) => fault.severity === 'error');
  if (error) {
    throw new OverreadError({
      code: error.code,
      message: `${keys.join('.')} cannot be set: ${error.message}`,
      place: { file: configFile, field: keys.join('.') },
    });
  }
  await writeFileAtomic(file, after);
}

/** A scalar is replaced where it stands, so that every other character stays; anything else goes through the document. */
function editText(text: string, keys: readonly string[], value: unknown): string {
  const document = parseDocument(text);
  const node: unknown = document.getIn(keys, true);
  const simple = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  if (simple && isScalar(node) && node.range && node.range[1] > node.range[0]) {
    const plain = stringify(value).trim();
    const written = /[,[\]{}\n]/.test(plain) ? JSON.stringify(value) : plain;
    return text.slice(0, node.range[0]) + written + text.slice(node.range[1]);
  }
  document.setIn([...keys], simple ? value : document.createNode(value));
  return document.toString({ lineWidth: 0, flowCollectionPadding: !/[[{][^\s[{]/.test(text) });
}

/** The column of the labels: for multi-class the class, for multi-label the list; null: a column per finding. */
export function labelColumn(config: ProjectConfig): string | null {
  return config.labels.column ?? (config.labels.task === 'multi-class' ? 'label' : null);
}

/** The strengths of the penalty to try, as the fit of the last layer takes them. */
export function penaltyGrid(config: ProjectConfig): 'auto' | readonly number[] {
  const { C } = config.training;
  return typeof C === 'number' ? [C] : C;
}
