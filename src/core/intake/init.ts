/** `overread init`: makes a project from a folder per class or from a table, and says what it guessed and why. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { exists } from '../base/files';
import type { WorkOptions } from '../base/ports';
import { ProjectFolder, type FolderPolicy } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { configFile, type ProjectConfig } from '../config/config';
import { parseConfig } from '../config/configText';
import { guessColumns, type ColumnChoices } from './guessColumns';
import { findClassImages, findImageRoot, type FoundImage } from './imageFolders';
import { type Dataset, type Task } from '../dataset/model';
import { isReservedClass } from '../config/model';
import { computePrevalence, describePrevalence, type Prevalence } from '../dataset/prevalence';
import { writeHelperFiles } from './projectFiles';
import { datasetFromTable } from '../dataset/read';
import { renderConfig, type RenderedSetting } from '../config/renderConfig';
import { quoteCell } from '../split/splitFiles';
import { columnSettings, labelSettings, type InitChoice } from './settings';
import { readTable, type TextTable } from '../table/table';

export interface InitOptions extends WorkOptions, ColumnChoices {
  /** The project folder; made if need be. */
  readonly root: string;
  /** A folder with one folder per class; a table samples.csv is written. Either this or `csv`. */
  readonly images?: string;
  /** A table with one row per image; it stays where it is. */
  readonly csv?: string;
  /** With `csv`: the folder that its paths are relative to; guessed by looking for the files. */
  readonly imageRoot?: string;
  readonly name?: string;
  /** Overwrites overread.yaml (and, with `images`, samples.csv). */
  readonly force?: boolean;
  /** What may be written into the project; by default everything, through no link. */
  readonly policy?: FolderPolicy;
}

export interface InitResult {
  readonly root: string;
  /** Files written, relative to the root. */
  readonly files: readonly string[];
  readonly choices: readonly InitChoice[];
  readonly task: Task;
  readonly samples: number;
  readonly patients: number;
  readonly prevalence: readonly Prevalence[];
  /** The mapping and prevalence for people, a line each. */
  readonly summary: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Makes a project. Nothing is written unless the table can be read with the settings that were chosen.
 * @throws OverreadError OVR103 (would overwrite), OVR104 (nothing to start from), OVR204 (a class that cannot be
 *   one), OVR2xx (the table is unusable)
 */
export async function initProject(options: InitOptions): Promise<InitResult> {
  const root = path.resolve(options.root);
  if (options.force !== true) await refuseToOverwrite(root, options.images === undefined);
  const source =
    options.images === undefined ? await fromTable(root, options) : await fromFolder(root, options);
  const { draft, table, tableText } = source;
  refuseReservedClass(draft, options.images !== undefined);
  const text = renderConfig({
    name: options.name ?? path.basename(root),
    settings: draft.map(({ setting, value, because }): RenderedSetting => [setting, value, because]),
  });
  const config: ProjectConfig | undefined = parseConfig(text).config;
  if (!config) throw new Error('A new overread.yaml did not pass its own check');
  const { dataset, problems } = datasetFromTable(table, config);
  const files = [configFile];
  const folder = await ProjectFolder.open(root, options.policy, { make: true });
  if (tableText !== undefined) {
    await folder.writeFile(config.dataset.table, tableText);
    files.push(config.dataset.table);
  }
  files.push(...(await writeHelperFiles(folder)));
  await folder.writeFile(configFile, text);
  return describeResult(root, files, draft, dataset, [...source.problems, ...problems]);
}

function refuseReservedClass(draft: readonly InitChoice[], fromFolders: boolean): void {
  const classes = draft.find(({ setting }) => setting === 'labels.classes')?.value;
  const name = Array.isArray(classes)
    ? (classes as readonly unknown[]).find((one) => typeof one === 'string' && isReservedClass(one))
    : undefined;
  if (typeof name !== 'string') return;
  const fix = fromFolders
    ? `Rename the folder, or move it away.`
    : `Rename the class in the table, or leave those cells empty.`;
  throw new OverreadError({
    code: 'OVR204',
    message: `"${name}" can be no class: it is the answer of a reader who cannot tell`,
    place: { file: fromFolders ? name : 'overread.yaml', field: 'labels.classes' },
    fix: `${fix} Images can be marked uncertain in the review (U) or with overread label DIR SAMPLE uncertain.`,
  });
}

interface Source {
  readonly draft: readonly InitChoice[];
  readonly table: TextTable;
  /** A table to write; absent when the user's own is used. */
  readonly tableText?: string;
  readonly problems: readonly Problem[];
}

async function refuseToOverwrite(root: string, tableIsTheirs: boolean): Promise<void> {
  for (const file of tableIsTheirs ? [configFile] : [configFile, 'samples.csv']) {
    if (!(await exists(path.join(root, file)))) continue;
    throw new OverreadError({
      code: 'OVR103',
      message: `${file} exists already and would be overwritten`,
      place: { file },
      fix: 'Edit it by hand, name another folder, or use --force.',
    });
  }
}

async function fromFolder(root: string, options: InitOptions): Promise<Source> {
  const folder = path.resolve(options.images ?? root);
  const images = await findClassImages(folder, options);
  const divided = images.some(({ split }) => split !== null);
  const table = tableOfImages(images, divided);
  const guesses = guessColumns(table, {
    ...options,
    path: 'path',
    label: 'label',
    split: divided ? 'split' : null,
  });
  const labels = [...new Set(images.map(({ label }) => label))];
  return {
    draft: [
      { setting: 'dataset.table', value: 'samples.csv', because: 'written from the folder' },
      { setting: 'dataset.images', value: relativeTo(root, folder), because: 'the folder that was named' },
      ...columnSettings({ ...guesses, path: { value: 'path', because: 'relative to the folder' } }),
      { setting: 'labels.task', value: 'multi-class', because: 'a folder is a class' },
      { setting: 'labels.column', value: 'label', because: 'the name of the folder' },
      { setting: 'labels.classes', value: labels, because: `${labels.length} folders` },
    ],
    table,
    tableText: [table.names, ...images.map((_, i) => table.columns.map((column) => column[i] ?? ''))]
      .map((cells) => `${cells.map((cell) => (cell === '' ? '' : quoteCell(cell))).join(',')}\n`)
      .join(''),
    problems: [],
  };
}

function tableOfImages(images: readonly FoundImage[], divided: boolean): TextTable {
  return {
    file: 'samples.csv',
    names: ['path', 'label', ...(divided ? ['split'] : [])],
    columns: [
      images.map((image) => image.path),
      images.map((image) => image.label),
      ...(divided ? [images.map((image) => image.split)] : []),
    ],
    rowCount: images.length,
    lineOf: (row) => row + 2,
    rejected: [],
  };
}

async function fromTable(root: string, options: InitOptions): Promise<Source> {
  if (options.csv === undefined) {
    throw new OverreadError({
      code: 'OVR104',
      message: 'There is nothing to start from',
      fix: 'Name a folder with one folder per class (--images FOLDER) or a table (--csv FILE).',
    });
  }
  const file = path.resolve(options.csv);
  const shown = relativeTo(root, file);
  const table = await readTable(file, shown);
  const guesses = guessColumns(table, options);
  if (!guesses.path) throw nothingFound(table, 'image paths', '--path COLUMN');
  if (!guesses.labels) throw nothingFound(table, 'labels', '--label COLUMN or --findings A,B,C');
  const paths = table.columns[table.names.indexOf(guesses.path.value)] ?? [];
  const images = await chooseImageRoot(root, path.dirname(file), paths, options.imageRoot);
  return {
    draft: [
      { setting: 'dataset.table', value: shown, because: `${table.rowCount} rows; never rewritten` },
      ...images.settings,
      ...columnSettings({ ...guesses, path: guesses.path }),
      ...labelSettings(guesses.labels),
    ],
    table,
    problems: images.problems,
  };
}

async function chooseImageRoot(
  root: string,
  tableFolder: string,
  paths: readonly (string | null)[],
  asked: string | undefined,
): Promise<{ settings: InitChoice[]; problems: Problem[] }> {
  const filled = paths.filter((cell) => cell !== null);
  const places = asked === undefined ? [tableFolder, root, path.dirname(tableFolder)] : [path.resolve(asked)];
  const best = await findImageRoot(filled, places);
  const folder = best?.folder ?? places[0] ?? tableFolder;
  const because = best
    ? `${best.found} of ${best.looked} images looked for are there`
    : 'the folder of the table; no image was found there';
  const settings: InitChoice[] = [{ setting: 'dataset.images', value: relativeTo(root, folder), because }];
  if (best && best.extension !== '') {
    settings.push({ setting: 'dataset.extension', value: best.extension, because: 'the paths lack it' });
  }
  const missing: Problem = {
    severity: 'warning',
    code: 'OVR300',
    message: best
      ? `${best.looked - best.found} of ${best.looked} images looked for are missing`
      : 'None of the images looked for was found',
    fix: 'Set dataset.images in overread.yaml to the folder that the paths are relative to.',
  };
  return { settings, problems: best && best.found === best.looked ? [] : [missing] };
}

function nothingFound(table: TextTable, what: string, option: string): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message: `No column of the table looks like ${what}`,
    place: { file: table.file },
    expected: `one of ${table.names.map((name) => `"${name}"`).join(', ')}`,
    fix: `Name it with ${option}.`,
  });
}

/** POSIX separators; absolute only where there is no way from here to there (another drive). */
function relativeTo(root: string, target: string): string {
  const relative = path.relative(root, target);
  return relative === '' ? '.' : relative.split(path.sep).join('/');
}

function describeResult(
  root: string,
  files: readonly string[],
  choices: readonly InitChoice[],
  dataset: Dataset,
  problems: readonly Problem[],
): InitResult {
  return {
    root,
    files,
    choices,
    task: dataset.task,
    samples: dataset.samples.length,
    patients: new Set(dataset.samples.map(({ group }) => group)).size,
    prevalence: computePrevalence(dataset),
    summary: describePrevalence(dataset),
    problems,
  };
}
