/** What a guess could be instead, for a page or a terminal that offers it: the option that overrules it, and its values. */
import * as path from 'node:path';
import { rowsRules } from '../config/configSchema';
import type { ColumnGuesses } from './guessColumns';
import type { Joined } from './guessJoin';
import type { TableImages } from './tableImages';

export interface Alternative {
  /** The option of `overread init`, without its dashes. */
  readonly option: 'rows' | 'join' | 'sheet' | 'image-root';
  /** The setting that it overrules. */
  readonly setting: string;
  /** What it takes; files are relative to the folder of the table. */
  readonly values: readonly string[];
}

/** Of a table: rows where images repeat, tables beside it, other sheets, another folder with files of the same names. */
export function alternativesOf(
  { table, file, beside }: Joined,
  { isRepeated }: Pick<ColumnGuesses, 'isRepeated'>,
  images: TableImages | undefined,
): Alternative[] {
  const { sheets = [] } = table;
  const found: Alternative[] = [];
  if (sheets.length > 1) found.push({ option: 'sheet', setting: 'dataset.sheet', values: sheets });
  if (beside.length > 0) found.push({ option: 'join', setting: 'dataset.join', values: beside });
  if (images?.rivalFolder !== undefined) {
    const within = (folder: string): string =>
      path.relative(path.dirname(file), folder).split(path.sep).join('/') || '.';
    const folders = [images.folder, images.rivalFolder].map(within);
    found.push({ option: 'image-root', setting: 'dataset.images', values: folders });
  }
  if (isRepeated) found.push({ option: 'rows', setting: 'labels.rows', values: rowsRules });
  return found;
}
