/**
 * A project from a folder of DICOM files: a table is made of their headers. What tells who somebody is stays in the files:
 * patients and studies are named by a keyed hash, and other elements are columns only where they say nothing of that, or
 * were named one by one.
 */
import * as path from 'node:path';
import { OverreadError } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import type { Problem } from '../../base/report';
import { didYouMean } from '../../base/suggest';
import { loadConfig, splitColumns } from '../../config/config';
import type { DicomHeader } from '../../dicom/header';
import { quoteCell } from '../../split/splitFiles';
import { readTable, type TextTable } from '../../table/table';
import { factsOf } from '../columnFacts';
import { noPictureProblems } from '../dicomFiles';
import { guessColumns, type ColumnChoices, type ColumnGuesses } from '../guessColumns';
import { columnSettings, labelSettings } from '../settings';
import { relativeTo, type Source } from '../source';
import { fileName, linkLabels, type LinkedLabels, type Links } from './labelsOf';
import { groupByPatient, tellsWho, type Grouping, type Identity } from './patients';
import type { Pseudonyms } from './pseudonyms';
import { readHeaders } from './readHeaders';
import { dateOf, daysColumn, keywords, offeredColumns, valueOf, type Keyword } from './tagColumns';

export interface DicomOptions extends WorkOptions, ColumnChoices {
  readonly pseudonyms?: Pseudonyms;
  /** A table with the labels, absolute. */
  readonly labels?: string;
  /** By what they belong to the images: see `linkLabels`. */
  readonly labelKey?: string;
  /** Which of the offered columns are written; by default all that hold something. */
  readonly columns?: readonly string[];
  /** Elements by keyword, and columns of the table of labels, that are written because somebody named them. */
  readonly keep?: readonly string[];
}

/** What is taken of a header; the rest is let go. */
interface Facts {
  readonly identity: Identity;
  readonly links: Omit<Links, 'path' | 'file'>;
  /** By the names of offered columns. */
  readonly offered: ReadonlyMap<string, string>;
  readonly kept: ReadonlyMap<Keyword, string>;
  readonly date: number | undefined;
  readonly burnedIn: string;
}

const pathColumn = 'path';

/**
 * @param root of the project, absolute, as is the folder
 * @throws OverreadError OVR103 the project names its patients by another key; OVR104 no DICOM image, no labels, or an option
 *   that names nothing
 */
export async function sourceFromDicom(
  root: string,
  folder: string,
  pseudonyms: Pseudonyms,
  options: DicomOptions,
): Promise<Source> {
  await refuseOtherKey(root, pseudonyms);
  const wanted = wantedColumns(options);
  const labelTable =
    options.labels === undefined
      ? undefined
      : await readTable(options.labels, relativeTo(root, options.labels));
  const kept = keptKeywords(options, labelTable);
  const headers = await readHeaders(folder, (header) => takeFacts(header, kept), options);
  const { files, noPictures, others } = headers;
  if (files.length === 0) throw noImages(folder, others.count);
  const identities = files.map(({ facts }) => facts.identity);
  const grouping = groupByPatient(identities);
  const links = files.map(({ path: file, facts }): Links => ({
    ...facts.links,
    path: file,
    file: fileName(file),
  }));
  const labels = labelTable && linkLabels(labelTable, links, options.labelKey);

  const hidden = files.some(({ path: file, facts }) => tellsWho(file, facts.identity));
  const own = columnsOfImages({ files, grouping, pseudonyms, wanted, hidden });
  const all = withLabels(own, files.length, labels);
  const guesses = guessed(all, own, labels, hidden, options);
  const table = onlyUsed(all, own, guesses, labels, options.keep ?? []);
  if (!guesses.labels) throw noLabels(own, labels);
  return {
    draft: [
      { setting: 'dataset.table', value: table.file, because: 'written from the headers of the files' },
      { setting: 'dataset.images', value: relativeTo(root, folder), because: 'the folder that was named' },
      {
        setting: 'dataset.pseudonym_key',
        value: pseudonyms.fingerprint,
        because:
          'patients and studies are named by a hash with this key, which is yours (overread pseudonyms)',
      },
      ...columnSettings({ ...guesses, path: { value: pathColumn, because: 'relative to the folder' } }),
      ...labelSettings(guesses.labels, guesses),
    ],
    table,
    tableText: [
      table.names,
      ...Array.from({ length: table.rowCount }, (_, i) => table.columns.map((column) => column[i] ?? '')),
    ]
      .map((cells) => `${cells.map((cell) => (cell === '' ? '' : quoteCell(cell))).join(',')}\n`)
      .join(''),
    problems: [
      ...noPictureProblems({ dropped: noPictures }),
      ...(others.count === 0
        ? []
        : [
            info(
              'OVR301',
              `${others.count} files are no DICOM and are left out, such as ${others.first ?? ''}`,
            ),
          ]),
      ...doubtsOfPatients(grouping, files.length),
      ...doubtsOfPrivacy(
        files.map(({ facts }) => facts.burnedIn),
        hidden,
      ),
      ...(labels?.problems ?? []),
    ],
    ignored: [...guesses.ignored, ...(labels ? leftInTable(labels, table) : [])],
  };
}

function takeFacts(header: DicomHeader, kept: readonly Keyword[]): Facts {
  const of = (keyword: Keyword): string => valueOf(header, keyword);
  return {
    identity: {
      patientId: of('PatientID'),
      patientName: of('PatientName'),
      birthDate: of('PatientBirthDate'),
      sex: of('PatientSex'),
      institution: of('InstitutionName'),
      accession: of('AccessionNumber'),
      study: of('StudyInstanceUID'),
    },
    links: {
      SOPInstanceUID: of('SOPInstanceUID'),
      SeriesInstanceUID: of('SeriesInstanceUID'),
      StudyInstanceUID: of('StudyInstanceUID'),
      AccessionNumber: of('AccessionNumber'),
      StudyID: of('StudyID'),
      PatientID: of('PatientID'),
    },
    offered: new Map(offeredColumns.map((column) => [column.name, column.read(header)])),
    kept: new Map(kept.map((keyword) => [keyword, of(keyword)])),
    date: dateOf(of('StudyDate')),
    burnedIn: of('BurnedInAnnotation'),
  };
}

type Columns = ReadonlyMap<string, readonly (string | null)[]>;

interface ImageColumns {
  readonly files: readonly { readonly path: string; readonly facts: Facts }[];
  readonly grouping: Grouping;
  readonly pseudonyms: Pseudonyms;
  readonly wanted: readonly string[];
  /** Samples are called by a hash as well. */
  readonly hidden: boolean;
}

/** The columns that come from the headers, in their order. */
function columnsOfImages({ files, grouping, pseudonyms, wanted, hidden }: ImageColumns): Columns {
  const columns = new Map<string, readonly (string | null)[]>();
  columns.set(
    pathColumn,
    files.map((file) => file.path),
  );
  if (hidden)
    columns.set(
      'id',
      files.map((file) => pseudonyms.name('sample', file.path)),
    );
  columns.set(
    'patient',
    grouping.groups.map((group) => pseudonyms.name('patient', group)),
  );
  columns.set(
    'study',
    files.map(({ facts: { identity } }) =>
      identity.study === '' ? null : pseudonyms.name('study', identity.study),
    ),
  );
  const days = daysSinceFirst(
    files.map(({ facts }) => facts.date),
    grouping.groups,
  );
  const offered = [...offeredColumns.map(({ name }) => name), daysColumn].filter((name) =>
    wanted.includes(name),
  );
  for (const name of offered) {
    const cells = name === daysColumn ? days : files.map(({ facts }) => facts.offered.get(name) || null);
    if (cells.some((cell) => cell !== null)) columns.set(name, cells);
  }
  for (const keyword of files[0]?.facts.kept.keys() ?? []) {
    columns.set(
      keyword,
      files.map(({ facts }) => facts.kept.get(keyword) || null),
    );
  }
  return columns;
}

/** Days of each image since the first study of its group. */
function daysSinceFirst(
  dates: readonly (number | undefined)[],
  groups: readonly string[],
): (string | null)[] {
  const first = new Map<string, number>();
  for (const [i, group] of groups.entries()) {
    const date = dates[i];
    if (date !== undefined) first.set(group, Math.min(date, first.get(group) ?? date));
  }
  return groups.map((group, i) => {
    const date = dates[i];
    const start = first.get(group);
    return date === undefined || start === undefined ? null : String(date - start);
  });
}

/** The images with the columns of their labels: an image of several rows is there as often. */
function withLabels(own: Columns, images: number, labels: LinkedLabels | undefined): TextTable {
  const pairs = Array.from({ length: images }, (_, i) => {
    const rows = labels?.rows[i] ?? [];
    return rows.length === 0 ? [[i, -1] as const] : rows.map((row) => [i, row] as const);
  }).flat();
  const names = [...own.keys()];
  const columns = [...own.values()].map((cells) => pairs.map(([i]) => cells[i] ?? null));
  labels?.table.names.forEach((name, c) => {
    if (name === labels.column) return;
    names.push(names.includes(name) ? `labels.${name}` : name);
    columns.push(pairs.map(([, row]) => (row < 0 ? null : (labels.table.columns[c]?.[row] ?? null))));
  });
  return {
    ...{ file: 'samples.csv', names, columns, rowCount: pairs.length },
    lineOf: (row) => row + 2,
    rejected: [],
  };
}

function guessed(
  all: TextTable,
  own: Columns,
  labels: LinkedLabels | undefined,
  hidden: boolean,
  options: DicomOptions,
): ColumnGuesses {
  const facts = factsOf(all);
  // What a header says is no label by itself: it is one where somebody says so.
  const isAsked = (name: string): boolean =>
    options.label === name || (options.findings?.includes(name) ?? false) || options.split === name;
  const fixed = [pathColumn, 'id', 'patient', 'study'];
  const possible = facts.filter(({ name }) => fixed.includes(name) || !own.has(name) || isAsked(name));
  const because = 'named by a hash of what the header says';
  const guesses = guessColumns(
    labels || options.label !== undefined || options.findings
      ? possible
      : possible.filter(({ name }) => fixed.includes(name)),
    {
      ...options,
      path: pathColumn,
      id: hidden ? 'id' : null,
      group: options.group ?? 'patient',
      study: options.study ?? 'study',
    },
  );
  return {
    ...guesses,
    id: hidden
      ? { value: 'id', because: 'a hash of the path: the paths tell who the images are of' }
      : { value: null, because: 'the path identifies a sample' },
    ...(options.group === undefined ? { group: { value: 'patient', because } } : {}),
    ...(options.study === undefined ? { study: { value: 'study', because } } : {}),
  };
}

/** The table that is written: the columns of the headers, and of the labels those with a meaning or a name to keep. */
function onlyUsed(
  all: TextTable,
  own: Columns,
  { labels, split, reader }: ColumnGuesses,
  linked: LinkedLabels | undefined,
  keep: readonly string[],
): TextTable {
  const used = new Set<string>(own.keys());
  if (labels?.kind === 'columns') labels.findings.forEach((name) => used.add(name));
  else if (labels?.kind === 'one-hot') labels.classes.forEach((name) => used.add(name));
  else if (labels) used.add(labels.column);
  for (const name of splitColumns(split.value)) used.add(name);
  if (reader) used.add(reader.value);
  for (const name of keep) if (linked?.table.names.includes(name)) used.add(name);
  const at = [...all.names.entries()].filter(([, name]) => used.has(name)).map(([i]) => i);
  return {
    ...all,
    names: at.map((i) => all.names[i] ?? ''),
    columns: at.map((i) => all.columns[i] ?? []),
  };
}

/** Columns of the table of labels that are not written: they may tell who somebody is. */
function leftInTable({ table, column }: LinkedLabels, written: TextTable) {
  return table.names
    .filter((name) => name !== column && !written.names.includes(name))
    .map((name) => ({ column: name, because: 'it may tell who somebody is; --keep writes it' }));
}

function wantedColumns({ columns }: DicomOptions): readonly string[] {
  const known = [...offeredColumns.map(({ name }) => name), daysColumn];
  const unknown = columns?.find((name) => !known.includes(name));
  if (unknown === undefined) return columns ?? known;
  throw new OverreadError({
    code: 'OVR104',
    message: `--columns names "${unknown}", which is none of the columns that are offered`,
    expected: `some of ${known.join(', ')}; other elements are written with --keep, one by one`,
    fix: didYouMean(unknown, known) || 'Take some of these',
  });
}

/** The elements that were named one by one. @throws OVR104 neither an element nor a column of the labels */
function keptKeywords({ keep = [] }: DicomOptions, labels: TextTable | undefined): readonly Keyword[] {
  return keep.flatMap((name) => {
    const keyword = keywords.find((one) => one === name);
    if (keyword !== undefined) return [keyword];
    if (labels?.names.includes(name) === true) return [];
    const known = [...keywords, ...(labels?.names ?? [])];
    throw new OverreadError({
      code: 'OVR104',
      message: `--keep names "${name}", which is no element that can be written and no column of the labels`,
      expected: `some of ${keywords.join(', ')}`,
      fix: didYouMean(name, known) || 'Take some of these',
    });
  });
}

/** Other names for the same patients would part their images anew. @throws OVR103 */
async function refuseOtherKey(root: string, { fingerprint }: Pseudonyms): Promise<void> {
  const before = await loadConfig(root).catch(() => undefined);
  const known = before?.dataset.pseudonym_key;
  if (known === undefined || known === null || known === fingerprint) return;
  throw new OverreadError({
    code: 'OVR103',
    message: 'The project names its patients by another key than yours',
    place: { file: 'overread.yaml', field: 'dataset.pseudonym_key' },
    expected: `the key ${known}; yours is ${fingerprint}`,
    fix: 'Ask whoever made the project for the key (overread pseudonyms --export FILE) and name it with --key FILE',
  });
}

const info = (code: 'OVR301', message: string): Problem => ({ code, severity: 'info', message });

function doubtsOfPatients({ placeholders }: Grouping, images: number): Problem[] {
  const count = [...placeholders.values()].reduce((sum, one) => sum + one, 0);
  if (count === 0) return [];
  return [
    {
      code: 'OVR213',
      severity: 'warning',
      message:
        `${count} of ${images} images have no number of their patient (none, a word in its place, or one that several ` +
        'people share): each study counts as a patient',
      fix: 'Images of one person may stand in two parts. Where another column names the person: --group COLUMN with --keep COLUMN',
    },
  ];
}

function doubtsOfPrivacy(burnedIn: readonly string[], hidden: boolean): Problem[] {
  const open = burnedIn.filter((text) => text.toUpperCase() !== 'NO').length;
  const problems: Problem[] = [];
  if (open > 0) {
    problems.push({
      code: 'OVR215',
      severity: 'warning',
      message: `${open} of ${burnedIn.length} images do not say that no text is burned into them (BurnedInAnnotation is not NO)`,
      expected: 'that somebody has looked: text in pixels is not found here',
      fix: 'Look at the images before pictures of them are passed on',
    });
  }
  if (hidden) {
    problems.push({
      code: 'OVR215',
      severity: 'warning',
      message:
        'The paths of the files tell who the images are of: samples are called by a hash, and samples.csv holds the paths',
      fix: 'Keep samples.csv to yourself, or copy the files under other names first',
    });
  }
  return problems;
}

function noImages(folder: string, others: number): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message: `There is no DICOM image in ${path.basename(folder)}${others > 0 ? `; ${others} files there are no DICOM` : ''}`,
    expected: 'a folder with .dcm files, or files without an ending that begin as DICOM does',
    fix:
      others > 0
        ? 'For other images: overread init DIR --images FOLDER or --csv FILE'
        : 'Name another folder',
  });
}

function noLabels(own: Columns, labels: LinkedLabels | undefined): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message: labels ? 'No column of the table of labels looks like labels' : 'Nothing says the labels',
    ...(labels ? { place: { file: labels.table.file } } : {}),
    expected: labels
      ? '--label COLUMN or --findings A,B,C'
      : `a table of labels (--labels FILE, --on AccessionNumber), or one of these columns as the label (--label): ${[...own.keys()].slice(3).join(', ')}`,
    fix: 'For one folder per class: overread init DIR --images FOLDER',
  });
}
