/** Which sample a row of somebody's table is of: by id, path, file name or the name without its ending. */
import * as path from 'node:path';
import { OverreadError } from '../../base/errors';
import { normalisePath } from '../../base/files';
import { didYouMean } from '../../base/suggest';
import type { Dataset } from '../../dataset/model';
import type { TextTable } from '../../table/table';

/** By what a cell names a sample, the surest first. */
export type NameKind = 'id' | 'path' | 'file name' | 'file name without ending';

const nameKinds: readonly NameKind[] = ['id', 'path', 'file name', 'file name without ending'];

/** A name that several samples have. */
const ambiguous = -1;

/** Which sample each row is of. */
export interface SampleNames {
  readonly column: string;
  readonly by: NameKind;
  /** Index of the sample of each row; -1 where there is none. */
  readonly sampleOf: Int32Array;
}

type Find = (cell: string) => number | undefined;

/**
 * Finds the column that names samples, and the sample of each row: the column and kind of name that find the most
 * samples, the surer kind and the earlier column of equals.
 * @param id the column, if somebody has said it
 * @param others columns that hold something else
 * @throws OVR201 there is no such column; OVR805 no column names samples of this project
 */
export function matchSamples(
  table: TextTable,
  dataset: Dataset,
  id: string | undefined,
  others: ReadonlySet<string>,
): SampleNames {
  const columns =
    id === undefined ? table.names.filter((name) => !others.has(name)) : [namedColumn(table, id)];
  const finders = findersOf(dataset);
  let best: { column: string; by: NameKind; samples: number } | undefined;
  for (const by of nameKinds) {
    for (const column of columns) {
      const samples = countSamples(cellsOf(table, column), finders[by]);
      if (samples > (best?.samples ?? 0)) best = { column, by, samples };
    }
  }
  if (!best) throw noneMatches(table, dataset, id);
  const find = finders[best.by];
  const sampleOf = Int32Array.from(cellsOf(table, best.column), (cell) => find(cell ?? '') ?? ambiguous);
  return { column: best.column, by: best.by, sampleOf };
}

function namedColumn(table: TextTable, id: string): string {
  if (table.names.includes(id)) return id;
  throw new OverreadError({
    code: 'OVR201',
    message: `The file has no column "${id}", which --id names`,
    place: { file: table.file, field: id },
    expected: `one of ${table.names
      .slice(0, 20)
      .map((name) => `"${name}"`)
      .join(', ')}`,
    fix: didYouMean(id, table.names) || 'Name one of these',
  });
}

function cellsOf(table: TextTable, name: string): readonly (string | null)[] {
  return table.columns[table.names.indexOf(name)] ?? [];
}

/** Rows that are looked at to choose a column: enough of a table of any size. */
const looked = 5000;

function countSamples(cells: readonly (string | null)[], find: Find): number {
  const found = new Set<number>();
  const step = Math.max(1, Math.floor(cells.length / looked));
  for (let row = 0; row < cells.length; row += step) {
    const sample = find(cells[row] ?? '');
    if (sample !== undefined && sample !== ambiguous) found.add(sample);
  }
  return found.size;
}

function findersOf({ samples }: Dataset): Readonly<Record<NameKind, Find>> {
  const indexBy = (nameOf: (sample: Dataset['samples'][number]) => string): ReadonlyMap<string, number> => {
    const index = new Map<string, number>();
    samples.forEach((sample, i) => {
      const name = nameOf(sample);
      index.set(name, index.has(name) ? ambiguous : i);
    });
    return index;
  };
  const ids = indexBy(({ id }) => id);
  const paths = indexBy((sample) => normalisePath(sample.path));
  const names = indexBy((sample) => path.posix.basename(normalisePath(sample.path)));
  const stems = indexBy((sample) => stemOf(sample.path));
  return {
    id: (cell) => ids.get(cell.trim()) ?? ids.get(normalisePath(cell.trim())),
    path: (cell) => longestKnown(normalisePath(cell.trim()), paths),
    'file name': (cell) => names.get(path.posix.basename(normalisePath(cell.trim()))),
    'file name without ending': (cell) => stems.get(stemOf(cell.trim())),
  };
}

/** A path of another machine ends as ours: `/data/cxr/images/1.png` is `images/1.png`. */
function longestKnown(cell: string, paths: ReadonlyMap<string, number>): number | undefined {
  for (let start = 0; start >= 0; start = cell.indexOf('/', start) + 1 || -1) {
    const found = paths.get(cell.slice(start));
    if (found !== undefined) return found;
  }
  return undefined;
}

function stemOf(file: string): string {
  const { name } = path.posix.parse(normalisePath(file));
  return name;
}

function noneMatches(table: TextTable, { samples }: Dataset, id: string | undefined): OverreadError {
  const known = samples.slice(0, 3).map((sample) => `"${sample.id}"`);
  return new OverreadError({
    code: 'OVR805',
    message:
      id === undefined
        ? 'No column names samples of this project'
        : `The column "${id}" names no sample of this project`,
    place: { file: table.file, ...(id === undefined ? {} : { field: id }) },
    expected: `ids, paths or file names as in the project's table, for instance ${known.join(', ')}`,
    fix: 'Add such a column, or name it with --id',
  });
}
