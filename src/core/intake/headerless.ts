/** Lists without a line of names (COVIDx): their first row would be lost, and its cells taken for names of columns. */
import { OverreadError } from '../base/errors';
import { shownValue } from '../base/visibleText';
import { parseSplit } from '../dataset/givenSplit';
import { isImageName } from '../images/imageNames';
import { cellNumber } from '../table/cellText';
import type { TextTable } from '../table/table';
import type { ColumnFacts } from './columnFacts';

/** @throws OverreadError OVR104 the first line is a row: with the line of names that it lacks */
export function refuseWithoutHeader(table: TextTable, columns: readonly ColumnFacts[]): void {
  const namesAnImage = columns.some(({ name, imageNames }) => isImageName(name) && imageNames >= 0.9);
  const allNumbers = columns.length > 1 && columns.every(({ name }) => cellNumber(name) !== undefined);
  if (!namesAnImage && !allNumbers) return;
  const spaced = (table.notes ?? []).some((note) => note.includes('spaces'));
  const separator = spaced ? ' ' : table.file.toLowerCase().includes('.tsv') ? '\t' : ',';
  throw new OverreadError({
    code: 'OVR104',
    message: `The table has no header line: its first row is ${shownValue(table.names.join(separator))}`,
    place: { file: table.file, row: 1 },
    expected: `a first line with a name for each of the ${columns.length} columns${spaced ? ', separated by spaces as the others are' : ''}`,
    fix: `Write one above the rows, for instance: ${namesFor(columns).join(separator)}`,
  });
}

/** Names that say what the columns look like. */
function namesFor(columns: readonly ColumnFacts[]): string[] {
  const image = columns.find(({ imageNames }) => imageNames >= 0.9);
  const split = columns.find(({ name, isSplit }) => isSplit && Boolean(parseSplit(name)));
  const others = columns.filter((column) => column !== image && column !== split);
  const few = others.filter(({ distinct }) => distinct > 1 && distinct <= 20);
  const label = few.find(({ name }) => cellNumber(name) === undefined) ?? few.at(-1);
  return columns.map((column, i) => {
    if (column === image) return 'path';
    if (column === split) return 'split';
    if (column === label) return 'label';
    return i === 0 && image ? 'patient_id' : `column${i + 1}`;
  });
}
