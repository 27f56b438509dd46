/** Labels in a table of their own, found for each image by what its header says. */
import { OverreadError } from '../../base/errors';
import type { Problem } from '../../base/report';
import { didYouMean } from '../../base/suggest';
import { shownValue } from '../../base/visibleText';
import { isMissing } from '../../table/cellText';
import type { TextTable } from '../../table/table';

/** By what an image and a row may be the same, the surest first. */
export const linkKeys = [
  'SOPInstanceUID', 'SeriesInstanceUID', 'StudyInstanceUID', 'AccessionNumber', 'StudyID', 'PatientID', 'path', 'file',
] as const; // prettier-ignore

export type LinkKey = (typeof linkKeys)[number];

/** What each image has for each key; `path` is relative to the folder, `file` its name without ending. */
export type Links = Readonly<Record<LinkKey, string>>;

export interface LinkedLabels {
  readonly table: TextTable;
  readonly key: LinkKey;
  readonly column: string;
  /** For each image, its rows; none where nothing fits. */
  readonly rows: readonly (readonly number[])[];
  readonly problems: readonly Problem[];
}

/**
 * @param on `KEY`, `KEY=COLUMN` or nothing: the key and column that find the most images
 * @throws OVR104 there is no such key or column, or nothing fits
 */
export function linkLabels(table: TextTable, links: readonly Links[], on: string | undefined): LinkedLabels {
  const { keys, columns } = asked(table, on);
  let best: { key: LinkKey; column: string; found: number } | undefined;
  for (const key of keys) {
    const wanted = new Set(links.map((one) => one[key]).filter((text) => text !== ''));
    for (const column of columns) {
      const cells = table.columns[table.names.indexOf(column)] ?? [];
      const there = new Set(cells.flatMap((cell) => (isMissing(cell) ? [] : [plain(key, cell ?? '')])));
      const found = [...wanted].filter((text) => there.has(text)).length;
      const images = found === 0 ? 0 : links.filter((one) => there.has(one[key])).length;
      if (images > (best?.found ?? 0)) best = { key, column, found: images };
    }
  }
  if (!best) throw nothingFits(table, links, on);
  const { key, column } = best;
  const index = new Map<string, number[]>();
  (table.columns[table.names.indexOf(column)] ?? []).forEach((cell, row) => {
    if (isMissing(cell)) return;
    const text = plain(key, cell ?? '');
    const known = index.get(text);
    if (known) known.push(row);
    else index.set(text, [row]);
  });
  const rows = links.map((one) => index.get(one[key]) ?? []);
  return { table, key, column, rows, problems: problemsOf(table, { key, column }, rows, links) };
}

/** A path or name as `Links` has it; everything else without the spaces around it. */
function plain(key: LinkKey, cell: string): string {
  const text = cell.trim();
  if (key === 'path') return text.replaceAll('\\', '/').replace(/^\.\//, '');
  return key === 'file' ? fileName(text) : text;
}

/** The name of a file without its folders and the ending of DICOM. */
export function fileName(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? '').replace(/\.(dcm|dicom)$/i, '');
}

function asked(
  table: TextTable,
  on: string | undefined,
): { readonly keys: readonly LinkKey[]; readonly columns: readonly string[] } {
  if (on === undefined) return { keys: linkKeys, columns: table.names };
  const [wanted = '', column] = on.split('=').map((side) => side.trim());
  const key = linkKeys.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (key === undefined)
    throw refusal(
      table,
      `--on names "${wanted}"`,
      `one of ${linkKeys.join(', ')}`,
      didYouMean(wanted, linkKeys),
    );
  if (column === undefined) return { keys: [key], columns: table.names };
  if (!table.names.includes(column)) {
    const names = table.names.map((name) => `"${name}"`).join(', ');
    throw refusal(
      table,
      `The table has no column "${column}", which --on names`,
      `one of ${names}`,
      didYouMean(column, table.names),
    );
  }
  return { keys: [key], columns: [column] };
}

function problemsOf(
  { file, rowCount }: TextTable,
  { key, column }: { readonly key: LinkKey; readonly column: string },
  rows: readonly (readonly number[])[],
  links: readonly Links[],
): Problem[] {
  const without = rows.filter((found) => found.length === 0).length;
  const used = new Set(rows.flat()).size;
  const problems: Problem[] = [];
  const problem = (message: string, fix: string): void => {
    problems.push({ code: 'OVR214', severity: 'warning', message, place: { file, field: column }, fix });
  };
  if (without > 0) {
    problem(
      `${without} of ${links.length} images have no row in the table of labels (${key} in "${column}"): they are unlabelled`,
      'Nothing, where that is meant; else name another key with --on',
    );
  }
  if (used < rowCount) {
    problem(
      `${rowCount - used} of ${rowCount} rows of the table of labels are of no image in the folder`,
      'Nothing, where the folder holds a part of the images',
    );
  }
  return problems;
}

function nothingFits(table: TextTable, links: readonly Links[], on: string | undefined): OverreadError {
  const [first] = table.names;
  const example = table.columns[0]?.find((cell) => !isMissing(cell)) ?? '';
  return refusal(
    table,
    `No row of the table is of one of the ${links.length} images${on === undefined ? '' : ` by ${on}`}`,
    `a column that holds ${linkKeys.slice(0, 4).join(', ')}, PatientID, or the names of the files; "${first ?? ''}" holds ${shownValue(example)}`,
    'Name the element and the column: --on AccessionNumber=ACC_NO',
  );
}

function refusal(table: TextTable, message: string, expected: string, fix: string): OverreadError {
  return new OverreadError({
    code: 'OVR104',
    message,
    place: { file: table.file },
    expected,
    ...(fix === '' ? {} : { fix }),
  });
}
