/** A project from a table: what its columns mean, and where its images are. */
import * as path from 'node:path';
import { isInside } from '../base/files';
import { OverreadError } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { shownValue, visibleText } from '../base/visibleText';
import { readPaths } from '../table/columns';
import { readTable, type TextTable } from '../table/table';
import { alternativesOf } from './alternatives';
import { factsOf, type ColumnFacts } from './columnFacts';
import { guessColumns, possiblePaths, type ColumnChoices, type ColumnGuesses } from './guessColumns';
import { joinOthers, type JoinOptions } from './guessJoin';
import { refuseWithoutHeader } from './headerless';
import { refuseRowsOfFindings } from './rowsOfFindings';
import { columnSettings, labelSettings, type InitChoice } from './settings';
import { relativeTo, type Source } from './source';
import { findTableImages, ImagePlaces, type TableImages } from './tableImages';

export interface TableOptions extends WorkOptions, ColumnChoices, JoinOptions {
  /** The folder that the paths are relative to, or that they are looked for in; by default the table's and the project's. */
  readonly imageRoot?: string;
}

/**
 * @param root of the project, absolute, as is the table
 * @throws OverreadError OVR104 where no column can be the images or the labels; OVR2xx for a table that cannot be read
 */
export async function sourceFromTable(root: string, file: string, options: TableOptions): Promise<Source> {
  const own = await readTable(file, relativeTo(root, file), options.sheet);
  const ownFacts = factsOf(own);
  refuseWithoutHeader(own, ownFacts);
  const joined = await joinOthers(root, file, own, ownFacts, options);
  const { table, facts, settings, problems } = joined;
  const tableFolder = path.dirname(joined.file);
  const places =
    options.imageRoot === undefined
      ? [tableFolder, ...(isInside(tableFolder, root) ? [] : [root])]
      : [path.resolve(options.imageRoot)];
  const { column, images } = await choosePaths(table, facts, new ImagePlaces(places), options);
  if (images === undefined) refuseRowsOfFindings(table, facts);
  const guesses = guessColumns(facts, { ...options, ...(column === undefined ? {} : { path: column }) });
  if (!guesses.path) throw nothingFound(table, 'image paths', '--path COLUMN');
  if (!guesses.labels)
    throw nothingFound(table, 'labels', '--label COLUMN or --findings A,B,C', guesses.ignored);
  const pathChoice =
    options.path === undefined && column !== undefined
      ? { value: column, because: becauseOf(table, column, images) }
      : guesses.path;
  return {
    draft: [
      { setting: 'dataset.table', value: table.file, because: `${table.rowCount} rows; never rewritten` },
      ...(options.sheet === undefined
        ? []
        : [{ setting: 'dataset.sheet', value: options.sheet, because: 'you said so' }]),
      ...settings,
      ...imageSettings(root, images, places[0] ?? tableFolder),
      ...columnSettings({ ...guesses, path: pathChoice }),
      ...labelSettings(guesses.labels, guesses),
    ],
    table,
    problems: [
      ...problems,
      ...imageProblems(root, images, places, table, pathChoice.value),
      ...doubtsOf(table, guesses),
    ],
    ignored: guesses.ignored,
    alternatives: alternativesOf(joined, guesses, images),
  };
}

/**
 * The column whose cells lead to files; of several the one that leads to most, the likeliest by its name first. A column
 * of numbers may fit names of files by accident, so others are tried only where no likely one leads anywhere.
 */
export async function choosePaths(
  table: TextTable,
  facts: readonly ColumnFacts[],
  places: ImagePlaces,
  options: Pick<TableOptions, 'path' | 'signal'>,
): Promise<{ column: string | undefined; images: TableImages | undefined }> {
  const { likely, others } =
    options.path === undefined ? possiblePaths(facts) : { likely: [options.path], others: [] };
  for (const columns of [likely, others]) {
    let best: { column: string; images: TableImages } | undefined;
    for (const column of columns) {
      const images = await findTableImages(cellsOf(table, column), places, options);
      if (images && images.found > (best?.images.found ?? 0)) best = { column, images };
      if (images && images.found === images.looked) break;
    }
    if (best) return best;
  }
  return { column: options.path, images: undefined };
}

/** @throws OVR201 for a column that is not there */
function cellsOf(table: TextTable, column: string): readonly (string | null)[] {
  return readPaths(table, column, 'dataset.path');
}

function becauseOf(table: TextTable, column: string, images: TableImages | undefined): string {
  const example =
    cellsOf(table, column)
      .find((cell) => cell !== null)
      ?.trim() ?? '';
  return images === undefined
    ? `its cells look like names of images, such as ${shownValue(example)}`
    : `its cells name files that are there, such as ${shownValue(example)}`;
}

function imageSettings(root: string, images: TableImages | undefined, place: string): InitChoice[] {
  if (!images) {
    const because = 'the folder of the table; no image was found there';
    return [{ setting: 'dataset.images', value: relativeTo(root, place), because }];
  }
  const { folder, prefix, extension, search, found, looked } = images;
  const because = `${found} of ${looked} images are ${search ? 'below it' : 'there'}`;
  return [
    { setting: 'dataset.images', value: relativeTo(root, folder), because },
    ...(prefix === ''
      ? []
      : [{ setting: 'dataset.prefix', value: prefix, because: 'all paths begin with it' }]),
    ...(search
      ? [
          {
            setting: 'dataset.search',
            value: true,
            because: 'the files are found by the ends of their paths',
          },
        ]
      : []),
    ...(extension === ''
      ? []
      : [{ setting: 'dataset.extension', value: extension, because: 'the paths lack it' }]),
  ];
}

const isAddress = (cell: string | null | undefined): boolean => /^(?:https?|s3|gs|ftp):/i.test(cell ?? '');

function imageProblems(
  root: string,
  images: TableImages | undefined,
  places: readonly string[],
  table: TextTable,
  column: string,
): Problem[] {
  const cells = cellsOf(table, column);
  const looked = images?.looked ?? new Set(cells.filter((cell) => cell !== null)).size;
  const found = images?.found ?? 0;
  const problems: Problem[] = [];
  if (cells.some(isAddress)) {
    const where = images ? `; files of these names in ${relativeTo(root, images.folder)} are taken` : '';
    problems.push({
      severity: images ? 'info' : 'warning',
      code: 'OVR300',
      message: `The column "${column}" holds addresses, which are not fetched${where}`,
      place: { file: table.file, field: column },
      ...(images ? {} : { fix: 'Download the images, and name their folder with --image-root.' }),
    });
  }
  if (images?.rival !== undefined) {
    problems.push({
      severity: 'warning',
      code: 'OVR212',
      message: `Files of the same names are in ${shownValue(images.rival)} too; those in ${relativeTo(root, images.folder)} are taken`,
      place: { file: table.file, field: column },
      fix: 'Name the folder that is meant with --image-root.',
    });
  } else if (images?.ambiguous) {
    const { path: written, files } = images.ambiguous;
    problems.push({
      severity: 'warning',
      code: 'OVR212',
      message: `${files.length} files fit the path ${shownValue(written)}: ${files.slice(0, 2).map(shownValue).join(' and ')}`,
      place: { file: table.file, field: column },
      fix: 'Name the folder that is meant with --image-root.',
    });
  }
  if (found === looked) return problems;
  const below = places.map((place) => relativeTo(root, place)).join(' and ');
  const first = images?.missing ?? cells.find((cell) => cell !== null) ?? '';
  problems.push({
    severity: 'warning',
    code: 'OVR300',
    message:
      found === 0
        ? `None of the ${looked} images was found below ${below}`
        : `${looked - found} of ${looked} images are missing${images?.ambiguous ? ' or cannot be told apart' : `, such as ${shownValue(first)}`}`,
    fix:
      found === 0
        ? 'Name their folder with --image-root, or set dataset.images in overread.yaml to the folder that the paths are relative to.'
        : 'They are reported with every run until they are there or their rows are gone.',
  });
  return problems;
}

function doubtsOf(table: TextTable, { doubts }: ColumnGuesses): Problem[] {
  return doubts.map(({ message, field, fix }) => ({
    severity: 'warning',
    code: 'OVR105',
    message: visibleText(message),
    place: { file: table.file, field },
    fix,
  }));
}

function nothingFound(
  table: TextTable,
  what: string,
  option: string,
  ignored: ColumnGuesses['ignored'] = [],
): OverreadError {
  const others = ignored.map(({ column, because }) => `"${column}": ${because}`).join('; ');
  return new OverreadError({
    code: 'OVR104',
    message: `No column of the table looks like ${what}`,
    place: { file: table.file },
    expected: `one of ${table.names.map((name) => `"${name}"`).join(', ')}`,
    fix: `Name it with ${option}.${others === '' ? '' : ` Not taken: ${others}.`}`,
  });
}
