/**
 * A project from a folder of DICOM files: a table is made of their headers. What tells who somebody is stays in the files:
 * patients and studies are named by a keyed hash, and other elements are columns only where they say nothing of that, or
 * were named one by one.
 */
import type { WorkOptions } from '../../base/ports';
import { readTable, type TextTable } from '../../table/table';
import { factsOf } from '../columnFacts';
import { noPictureProblems } from '../dicomFiles';
import { guessColumns, type ColumnChoices, type ColumnGuesses } from '../guessColumns';
import { columnSettings, labelSettings } from '../settings';
import { relativeTo, textOf, type Source } from '../source';
import { doubtsOfPatients, doubtsOfPrivacy, info, noImages, noLabels, refuseOtherKey } from './doubts';
import { keptKeywords, takeFacts, wantedColumns, type ColumnWishes } from './headerFacts';
import { columnsOfImages, leftInTable, onlyUsed, pathColumn, withLabels, type Columns } from './imageColumns';
import { fileName, linkLabels, type LinkedLabels, type Links } from './labelsOf';
import { groupByPatient, tellsWho } from './patients';
import type { Pseudonyms } from './pseudonyms';
import { readHeaders } from './readHeaders';

export interface DicomOptions extends WorkOptions, ColumnChoices, ColumnWishes {
  readonly pseudonyms?: Pseudonyms;
  /** A table with the labels, absolute. */
  readonly labels?: string;
  /** By what they belong to the images: see `linkLabels`. */
  readonly labelKey?: string;
}

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
    tableText: textOf(table),
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
