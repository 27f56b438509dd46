/** The numbers of somebody's table, one row for each sample and one column for each output. */
import { OverreadError } from '../../base/errors';
import { didYouMean } from '../../base/suggest';
import type { TextTable } from '../../table/table';
import type { Layout } from './layout';
import { listed } from './layout';
import type { RowFaults } from './rowFaults';

export interface SampleValues {
  /** Row-major samples × outputs; NaN where the file says nothing usable. */
  readonly values: Float64Array;
  /** The line of the file that each sample's values are from, the first of several; 0: none. */
  readonly lines: Int32Array;
  /** The row of the table, likewise; -1: none. */
  readonly rows: Int32Array;
}

const isText = 'hold a value that is no number';
const fixText = 'Write numbers with a decimal point; a sample without a prediction needs no row';

/**
 * Reads them. Rows without a sample are passed over; a sample that two rows say different things of is left out.
 * @param sampleOf the sample of each row, -1: none
 * @throws OVR805 a class of the long form that the project does not have
 */
export function readValues(
  table: TextTable,
  layout: Layout,
  outputs: readonly string[],
  samples: number,
  sampleOf: Int32Array,
  faults: RowFaults,
): SampleValues {
  const found: Found = {
    values: new Float64Array(samples * outputs.length).fill(NaN),
    lines: new Int32Array(samples),
    rows: new Int32Array(samples).fill(-1),
    refused: new Uint8Array(samples),
  };
  if (layout.kind === 'wide') readWide(table, layout.columns, sampleOf, faults, found);
  else readLong(table, layout, outputs, sampleOf, faults, found);
  for (let sample = 0; sample < samples; sample++) {
    if (found.refused[sample] === 0) continue;
    found.values.fill(NaN, sample * outputs.length, (sample + 1) * outputs.length);
    found.lines[sample] = 0;
    found.rows[sample] = -1;
  }
  return found;
}

interface Found extends SampleValues {
  /** 1 where something is wrong with what the file says of the sample. */
  readonly refused: Uint8Array;
}

function readWide(
  table: TextTable,
  names: readonly string[],
  sampleOf: Int32Array,
  faults: RowFaults,
  { values, lines, rows, refused }: Found,
): void {
  const columns = names.map((name) => table.columns[table.names.indexOf(name)] ?? []);
  const width = columns.length;
  for (let row = 0; row < sampleOf.length; row++) {
    const sample = sampleOf[row]!;
    if (sample < 0) continue;
    const line = table.lineOf(row);
    const numbers = columns.map((cells) => numberOf(cells[row]));
    const first = rows[sample]!;
    if (first >= 0) {
      const same = numbers.every((value, k) => Object.is(value, values[sample * width + k]));
      repeated(faults, line, same);
      if (!same) refused[sample] = 1;
      continue;
    }
    rows[sample] = row;
    lines[sample] = line;
    values.set(numbers, sample * width);
    if (numbers.every(Number.isFinite)) continue;
    refused[sample] = 1;
    faults.add(line, 'OVR806', isText, fixText);
  }
}

function readLong(
  table: TextTable,
  { output, value }: Layout & { readonly kind: 'long' },
  outputs: readonly string[],
  sampleOf: Int32Array,
  faults: RowFaults,
  { values, lines, rows, refused }: Found,
): void {
  const outputCells = table.columns[table.names.indexOf(output)] ?? [];
  const valueCells = table.columns[table.names.indexOf(value)] ?? [];
  const outputOf = new Map(outputs.map((name, k) => [name.toLowerCase(), k]));
  const width = outputs.length;
  for (let row = 0; row < sampleOf.length; row++) {
    const sample = sampleOf[row]!;
    if (sample < 0) continue;
    const line = table.lineOf(row);
    const name = outputCells[row]?.trim() ?? '';
    const k = outputOf.get(name.toLowerCase());
    if (k === undefined) throw unknownOutput(table, output, line, name, outputs);
    const number = numberOf(valueCells[row]);
    const at = sample * width + k;
    if (!Number.isNaN(values[at]!)) {
      const same = number === values[at];
      repeated(faults, line, same);
      if (!same) refused[sample] = 1;
      continue;
    }
    if (rows[sample]! < 0) {
      rows[sample] = row;
      lines[sample] = line;
    }
    values[at] = number;
    if (Number.isFinite(number)) continue;
    refused[sample] = 1;
    faults.add(line, 'OVR806', isText, fixText);
  }
  for (let sample = 0; sample < refused.length; sample++) {
    if (rows[sample]! < 0 || refused[sample] === 1) continue;
    const missing = outputs.find((_, k) => Number.isNaN(values[sample * width + k]!));
    if (missing === undefined) continue;
    refused[sample] = 1;
    faults.add(
      lines[sample]!,
      'OVR806',
      'begin a sample that lacks a class',
      'Write a row for each class or finding',
    );
  }
}

function repeated(faults: RowFaults, line: number, same: boolean): void {
  if (same) faults.add(line, 'OVR203', 'repeat what another row says of the sample', 'Leave one of them');
  else {
    const what = 'contradict another row of the same sample, which has no prediction now';
    faults.add(line, 'OVR203', what, 'Leave the one that is right');
  }
}

function unknownOutput(
  table: TextTable,
  column: string,
  line: number,
  name: string,
  outputs: readonly string[],
): OverreadError {
  return new OverreadError({
    code: 'OVR805',
    message: `The project has no class or finding "${name}"`,
    place: { file: table.file, row: line, field: column },
    expected: `one of ${listed(outputs)}`,
    fix: didYouMean(name, outputs) || 'Name them as the project does',
  });
}

/** What a cell says; NaN for whatever is no number. */
function numberOf(cell: string | null | undefined): number {
  const text = cell?.trim() ?? '';
  return text === '' ? NaN : Number(text);
}
