/** What several rows of one image mean: a guess where the columns say it, a question where they do not. */
import { OverreadError } from '../base/errors';
import type { rowsRules } from '../config/configSchema';
import { naturally } from '../images/imageTree';
import type { ColumnFacts } from './columnFacts';
import type { Choice } from './guessColumns';
import type { LabelGuess } from './labelTexts';

export type RowsRule = (typeof rowsRules)[number];

const readerNames =
  /^(?:rad|reader|annotator|rater|radiologist|grader|observer|labell?er|expert|physician|doctor|pathologist|dermatologist)(?:id|name|no|s|\d*)$/;
const boxNames =
  /^(?:x|y|w|h|xmin|ymin|xmax|ymax|x1|y1|x2|y2|width|height|left|top|right|bottom|(?:bbox|box|bb).*)$/;

/** Whether a column names the reader of a row. */
export function isReader(column: ColumnFacts): boolean {
  return readerNames.test(column.plainName);
}

/** Whether a column is a side of a box. */
export function isBox(column: ColumnFacts): boolean {
  return boxNames.test(column.plainName);
}

/** Share of images in several rows above which a table is no list of images. */
const mostly = 0.5;

/**
 * @param images the column that tells images apart
 * @throws OverreadError OVR104 most images stand in several rows, and nothing says what that means: the three choices
 */
export function guessRows(
  columns: readonly ColumnFacts[],
  images: ColumnFacts,
  labels: LabelGuess | undefined,
  asked: RowsRule | undefined,
): Choice<RowsRule> {
  if (asked !== undefined) return { value: asked, because: 'you said so' };
  const repeated = [...images.counts.values()].filter((count) => count > 1).length;
  if (repeated === 0) return { value: 'one', because: 'no image stands in two rows' };
  const reader = readerOf(columns);
  const boxes = columns.filter(isBox).map(({ name }) => name);
  const counted = `${repeated} of ${images.distinct} images stand in several rows`;
  if (!reader && labels?.kind === 'mask') {
    return { value: 'findings', because: `${counted}, a mask in each` };
  }
  if (!reader && boxes.length >= 2) {
    return { value: 'findings', because: `${counted}, a box in each; ${boxes.join(', ')} are not used` };
  }
  if (reader) {
    const because = `${counted}, and "${reader.name}" names ${reader.distinct} readers`;
    return {
      value: 'readings',
      because: boxes.length < 2 ? because : `${because}; ${boxes.join(', ')} are not used`,
    };
  }
  if (repeated < mostly * images.distinct) return { value: 'one', because: counted };
  throw new OverreadError({
    code: 'OVR104',
    message: `${counted} (${images.rows} rows)${boxes.length > 0 ? `; ${boxes.join(', ')} are boxes` : ''}, and nothing says what several rows of an image mean`,
    expected: 'one row for each image, findings of one reading, or readings of several readers',
    fix:
      `--rows findings: the image has what any of its rows names, whoever read it. --rows one: rows that say the same are left out, ` +
      `and an image whose rows contradict each other counts as unlabelled. --rows readings --reader COLUMN: the rows of each reader ` +
      `are what that reader says, and where readers disagree the image is disputed.`,
  });
}

/** The column that names the readers of the rows; undefined where none does. */
function readerOf(columns: readonly ColumnFacts[]): ColumnFacts | undefined {
  return columns.find((column) => isReader(column) && column.distinct > 1);
}

/** @throws OverreadError OVR104 rows are said to be readings, and no column names who reads */
export function chooseReader(columns: readonly ColumnFacts[], asked: string | undefined): Choice<string> {
  if (asked !== undefined) return { value: asked, because: 'you said so' };
  const reader = readerOf(columns);
  if (reader) return { value: reader.name, because: `of its name; ${reader.distinct} readers` };
  throw new OverreadError({
    code: 'OVR104',
    message: 'Rows are to be readings, and no column looks like the reader of a row',
    expected: `one of ${columns.map(({ name }) => `"${name}"`).join(', ')}`,
    fix: 'Name it with --reader COLUMN.',
  });
}

/**
 * One class in each of several rows of an image (of the same reader) is a list of findings, unless its rows always agree.
 * @param reader the column that names the reader of a row
 */
export function labelsOverRows(
  labels: LabelGuess | undefined,
  columns: readonly ColumnFacts[],
  images: ColumnFacts,
  reader?: string,
): LabelGuess | undefined {
  if (labels?.kind !== 'classes') return labels;
  const column = columns.find(({ name }) => name === labels.column);
  const readers = columns.find(({ name }) => name === reader);
  // Where rows hold boxes a reader may name several findings, though none of these did.
  const mayBeSeveral = readers !== undefined && columns.filter(isBox).length > 1;
  if (!column || (!mayBeSeveral && agree(column, images, readers))) return labels;
  const none = column.values.find((text) => noneNames.test(text));
  const separator = ['|', ';', '\t'].find((one) => column.values.every((text) => !text.includes(one)));
  if (separator === undefined) return labels;
  const findings = [...new Set(column.values)].filter((text) => text !== none).sort(naturally);
  const because = `${labels.because}, one in each row of ${readers ? 'a reader' : 'an image'}`;
  return { kind: 'list', column: column.name, separator, none, findings, because };
}

/** What stands for "none of them" in a list of findings. */
export const noneNames = /^(?:no[ _-]?findings?|normal|none|healthy|negative)$/i;

/** Whether the rows of an image, and of a reader where one is named, say the same. */
function agree(column: ColumnFacts, images: ColumnFacts, readers: ColumnFacts | undefined): boolean {
  const first = new Map<string, string | null>();
  return column.cells.every((cell, row) => {
    const image = images.cells[row];
    if (image === null || image === undefined) return true;
    const key = readers ? `${image}\n${readers.cells[row] ?? ''}` : image;
    const before = first.get(key);
    if (before === undefined) first.set(key, cell);
    return before === undefined || before === cell;
  });
}
