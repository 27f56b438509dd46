/** The columns that a filter may name: the ones below, and every metadata column of the table. */
import type { Dataset } from '../dataset/model';
import { scoreTable } from './scores';

export interface FilterColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'true or false';
  /** `sample` columns are the same for every finding of an image. */
  readonly of: 'sample' | 'item';
  readonly description: string;
}

const column = (
  name: string,
  type: FilterColumn['type'],
  of: FilterColumn['of'],
  description: string,
): FilterColumn => ({ name, type, of, description });

/** Names as in docs/data-formats.md. `group` is a word of SQL and is written "group". */
export const filterColumns: readonly FilterColumn[] = [
  column('sample', 'text', 'sample', 'the id of the sample'),
  column('path', 'text', 'sample', 'the image path as in the table'),
  column('split', 'text', 'sample', 'train, validation or test'),
  column('group', 'text', 'sample', 'the patient; written "group" with double quotes'),
  column('study', 'text', 'sample', 'the study, NULL without one'),
  column('out_of_fold', 'true or false', 'sample', 'predicted by a fold that did not see the patient'),
  column('seen', 'true or false', 'sample', 'the model of the run was trained on this image'),
  column('finding', 'text', 'item', 'the finding; class in a multi-class project'),
  column('given', 'text', 'item', "the table's own label, NULL for none"),
  column('value', 'text', 'item', 'the effective label now, NULL for none'),
  column('predicted', 'text', 'item', 'what the model says, NULL without a run'),
  ...scoreTable.flatMap(({ id, filter }) =>
    filter === undefined ? [] : [column(id, 'number', 'item', filter)],
  ),
  column('wrong', 'true or false', 'item', 'the prediction contradicts the effective label'),
  column('edited', 'true or false', 'item', 'somebody answered, excluded or included, and it stands'),
  column('kept', 'true or false', 'item', 'somebody kept the label that stands'),
  column('excluded', 'true or false', 'item', 'the item or its sample is excluded'),
  column('disputed', 'true or false', 'item', 'readers disagree and nobody adjudicated'),
];

/** How the queries call the number of a row; no column of a filter may have the name. */
export const rowNumber = 'overread_row_number';

/** A metadata column as filters see it. */
export interface MetadataColumn {
  /** What the filter calls it. */
  readonly name: string;
  /** The column of the table. */
  readonly source: string;
}

/**
 * The metadata columns under the names that filters use: the table's own, unless that name (SQL ignores case)
 * is taken by a column above or by an earlier one; then it is `metadata_` and the name.
 */
export function metadataFilterColumns(dataset: Dataset): MetadataColumn[] {
  const taken = new Set([rowNumber, ...filterColumns.map(({ name }) => name)]);
  return dataset.metadataColumns.map((source) => {
    let name = source;
    while (taken.has(name.toLowerCase())) name = `metadata_${name}`;
    taken.add(name.toLowerCase());
    return { name, source };
  });
}
