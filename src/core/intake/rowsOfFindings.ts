/** Tables with a row for each image and finding, both in one cell (`ID_12cadc6af_epidural`): nothing to read directly. */
import { OverreadError } from '../base/errors';
import { shownValue } from '../base/visibleText';
import type { TextTable } from '../table/table';
import type { ColumnFacts } from './columnFacts';

/** More distinct ends than this are no findings. */
const mostFindings = 30;

/** @throws OverreadError OVR104 the cells of a column begin with an image and end with one of a few findings */
export function refuseRowsOfFindings(table: TextTable, columns: readonly ColumnFacts[]): void {
  for (const column of columns) {
    const found = column.unique >= 0.9 && column.filled >= 0.9 ? imagesTimesFindings(column) : undefined;
    if (!found) continue;
    throw new OverreadError({
      code: 'OVR104',
      message: `"${column.name}" names an image and a finding in one cell, a row for each: ${found.images} images with ${[...found.findings].slice(0, 6).map(shownValue).join(', ')}`,
      place: { file: table.file, field: column.name },
      expected: 'one row for each image, and a column for each finding',
      fix: 'Make such a table of it, for instance with pandas: split the cell at its last _, then pivot(index="image", columns="finding").',
    });
  }
}

function imagesTimesFindings({
  counts,
}: ColumnFacts): { readonly images: number; readonly findings: ReadonlySet<string> } | undefined {
  const perImage = new Map<string, number>();
  const findings = new Set<string>();
  for (const text of counts.keys()) {
    const cut = text.lastIndexOf('_');
    if (cut <= 0 || /^\d*$/.test(text.slice(cut + 1))) return undefined;
    findings.add(text.slice(cut + 1));
    perImage.set(text.slice(0, cut), (perImage.get(text.slice(0, cut)) ?? 0) + 1);
    if (findings.size > mostFindings) return undefined;
  }
  const whole = [...perImage.values()].filter((count) => count === findings.size).length;
  return findings.size > 2 && whole >= 0.9 * perImage.size ? { images: perImage.size, findings } : undefined;
}
