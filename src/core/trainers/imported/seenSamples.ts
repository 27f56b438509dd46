/** Which samples somebody's model was trained on, as they declare it. */
import { OverreadError } from '../../base/errors';
import { didYouMean } from '../../base/suggest';
import type { SplitAssignment } from '../../dataset/model';
import type { TextTable } from '../../table/table';
import type { SeenDeclaration } from './request';

const yes: ReadonlySet<string> = new Set(['1', '1.0', 'true', 'yes', 'y', 't', 'seen', 'train', 'training']);
const no: ReadonlySet<string> = new Set([
  '0',
  '0.0',
  'false',
  'no',
  'n',
  'f',
  'unseen',
  'validation',
  'valid',
  'val',
  'dev',
  'test',
  'testing',
]);

/**
 * 1 for every sample that was seen.
 * @param rows the row of each sample, -1: none
 * @throws OVR201 there is no such column; OVR805 a cell that says neither yes nor no
 */
export function seenSamples(
  declared: SeenDeclaration,
  { split }: SplitAssignment,
  table: TextTable,
  rows: Int32Array,
): Uint8Array {
  if (declared.by === 'out-of-fold') return new Uint8Array(split.length);
  if (declared.by === 'split') {
    return Uint8Array.from(split, (part) => (declared.parts.includes(part) ? 1 : 0));
  }
  const { column } = declared;
  const cells = table.columns[table.names.indexOf(column)];
  if (!cells) {
    throw new OverreadError({
      code: 'OVR201',
      message: `The file has no column "${column}", which --seen-column names`,
      place: { file: table.file, field: column },
      expected: `one of ${table.names
        .slice(0, 20)
        .map((name) => `"${name}"`)
        .join(', ')}`,
      fix: didYouMean(column, table.names) || 'Name one of these',
    });
  }
  return Uint8Array.from(rows, (row) => {
    if (row < 0) return 0;
    const text = cells[row]?.trim().toLowerCase() ?? '';
    if (yes.has(text)) return 1;
    if (no.has(text)) return 0;
    throw new OverreadError({
      code: 'OVR805',
      message: `"${cells[row] ?? ''}" does not say whether the model was trained on the image`,
      place: { file: table.file, row: table.lineOf(row), field: column },
      expected: 'yes or no, 1 or 0, true or false, or train, validation or test',
      fix: 'Fill the cell, or declare it by part with --seen',
    });
  });
}
