/** `overread init`: understands a folder per class or a table, says what it guessed and why, and makes a project of it. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { exists } from '../base/files';
import { ProjectFolder, type FolderPolicy } from '../base/projectFolder';
import type { Problem } from '../base/report';
import { configFile, type ProjectConfig } from '../config/config';
import { parseConfig } from '../config/configText';
import { ImageResolver } from '../dataset/imagePath';
import { sourceFromDicom, type DicomOptions } from './dicom/fromDicom';
import type { Alternative } from './alternatives';
import { examplesOf, type Examples } from './examples';
import { sourceFromFolders, type FolderOptions } from './fromFolders';
import { sourceFromTable, type TableOptions } from './fromTable';
import { type Dataset, type Task } from '../dataset/model';
import { isReservedClass } from '../config/model';
import { computePrevalence, describePrevalence, type Prevalence } from '../dataset/prevalence';
import { writeHelperFiles } from './projectFiles';
import { datasetFromTable } from '../dataset/read';
import { describeReadings } from '../dataset/tableReadings';
import { renderConfig, type RenderedSetting } from '../config/renderConfig';
import type { Ignored } from './guessColumns';
import type { InitChoice } from './settings';
import type { Source } from './source';
import { tryImages } from './tryImages';

export interface InitOptions extends FolderOptions, TableOptions, DicomOptions {
  /** The project folder; made if need be. */
  readonly root: string;
  /** A folder with one folder per class; a table samples.csv is written. Either this or `csv`. */
  readonly images?: string;
  /** A table with one row per image; it stays where it is. */
  readonly csv?: string;
  /** A folder of DICOM files; a table samples.csv is written from their headers. Needs `pseudonyms`. */
  readonly dicom?: string;
  readonly name?: string;
  /** Overwrites overread.yaml (and, with `images`, samples.csv). */
  readonly force?: boolean;
  /** Is shown what was understood before anything is written; false: nothing is. */
  readonly approve?: (understood: Understood) => Promise<boolean>;
  /** What may be written into the project; by default everything, through no link. */
  readonly policy?: FolderPolicy;
}

export interface InitResult {
  readonly root: string;
  /** Files written, relative to the root; none where the project was not wanted. */
  readonly files: readonly string[];
  readonly choices: readonly InitChoice[];
  readonly task: Task;
  readonly samples: number;
  readonly patients: number;
  readonly prevalence: readonly Prevalence[];
  /** The mapping and prevalence for people, a line each. */
  readonly summary: readonly string[];
  /** Columns that looked like labels and are not used as such. */
  readonly ignored: readonly Ignored[];
  /** Columns that are kept beside the images, as filters. */
  readonly metadata: readonly string[];
  /** Columns of the table, for what could be chosen instead; none of a folder. */
  readonly columns: readonly string[];
  /** What else guesses could be, beside columns. */
  readonly alternatives: readonly Alternative[];
  readonly examples: readonly Examples[];
  readonly problems: readonly Problem[];
}

/** What was understood, before anything is written. */
export type Understood = Omit<InitResult, 'files'>;

/**
 * Makes a project. Nothing is written unless the table can be read with the settings that were chosen.
 * @throws OverreadError OVR103 (would overwrite), OVR104 (nothing to start from), OVR204 (a class that cannot be
 *   one), OVR2xx (the table is unusable), OVR003 and OVR005 (it cannot be written)
 */
export async function initProject(options: InitOptions): Promise<InitResult> {
  const root = path.resolve(options.root);
  if (options.force !== true)
    await refuseToOverwrite(root, options.images === undefined && options.dicom === undefined);
  const source = await sourceOf(root, options);
  const { draft, table, tableText } = source;
  refuseReservedClass(draft, options.images !== undefined);
  const text = renderConfig({
    name: options.name ?? path.basename(root),
    settings: draft.map(({ setting, value, because }): RenderedSetting => [setting, value, because]),
  });
  const config: ProjectConfig | undefined = parseConfig(text).config;
  if (!config) throw new Error('A new overread.yaml did not pass its own check');
  const { dataset, problems } = datasetFromTable(table, config);
  const resolver = await ImageResolver.open(root, config, options);
  const unreadable = await tryImages(resolver, config, dataset, options);
  const understood: Understood = {
    ...describe(root, draft, dataset, [...source.problems, ...unreadable, ...problems]),
    ignored: source.ignored ?? [],
    columns: tableText === undefined ? table.names : [],
    alternatives: source.alternatives ?? [],
    examples: examplesOf(dataset, resolver),
  };
  if (options.approve && !(await options.approve(understood))) return { ...understood, files: [] };
  const folder = await ProjectFolder.open(root, options.policy, { make: true });
  const files = [configFile];
  if (tableText !== undefined) {
    await folder.writeFile(config.dataset.table, tableText);
    files.push(config.dataset.table);
  }
  files.push(...(await writeHelperFiles(folder)));
  await folder.writeFile(configFile, text);
  return { ...understood, files };
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

async function sourceOf(root: string, options: InitOptions): Promise<Source> {
  const { dicom, pseudonyms } = options;
  if (dicom !== undefined && pseudonyms)
    return sourceFromDicom(root, path.resolve(dicom), pseudonyms, options);
  if (options.images !== undefined) return sourceFromFolders(root, path.resolve(options.images), options);
  if (options.csv !== undefined) return sourceFromTable(root, path.resolve(options.csv), options);
  throw new OverreadError({
    code: 'OVR104',
    message: 'There is nothing to start from',
    fix: 'Name a folder with one folder per class (--images FOLDER), a table (--csv FILE) or DICOM files (--dicom FOLDER).',
  });
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

function describe(
  root: string,
  choices: readonly InitChoice[],
  dataset: Dataset,
  problems: readonly Problem[],
): Omit<Understood, 'ignored' | 'columns' | 'alternatives' | 'examples'> {
  return {
    root,
    choices,
    task: dataset.task,
    samples: dataset.samples.length,
    patients: new Set(dataset.samples.map(({ group }) => group)).size,
    prevalence: computePrevalence(dataset),
    summary: [...describePrevalence(dataset), ...describeReadings(dataset)],
    metadata: dataset.metadataColumns,
    problems,
  };
}
