/** What several rows of one image mean: a guess where the columns say it, a question where they do not. */
import { OverreadError } from '../base/errors';
import { naturally } from '../images/imageTree';
import type { ColumnFacts } from './columnFacts';
import type { Choice } from './guessColumns';
import type { LabelGuess } from './labelTexts';

export type RowsRule = 'one' | 'findings';

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
  const reader = columns.find((column) => isReader(column) && column.distinct > 1);
  const boxes = columns.filter(isBox).map(({ name }) => name);
  const counted = `${repeated} of ${images.distinct} images stand in several rows`;
  if (!reader && labels?.kind === 'mask') {
    return { value: 'findings', because: `${counted}, a mask in each` };
  }
  if (!reader && boxes.length >= 2) {
    return { value: 'findings', because: `${counted}, a box in each; ${boxes.join(', ')} are not used` };
  }
  if (!reader && repeated < mostly * images.distinct) return { value: 'one', because: counted };
  const saw = [
    ...(reader ? [`"${reader.name}" names ${reader.distinct} readers`] : []),
    ...(boxes.length > 0 ? [`${boxes.join(', ')} are boxes`] : []),
  ];
  throw new OverreadError({
    code: 'OVR104',
    message: `${counted} (${images.rows} rows)${saw.length > 0 ? `; ${saw.join('; ')}` : ''}, and nothing says what several rows of an image mean`,
    expected: 'one row for each image, findings of one reading, or readings of several readers',
    fix:
      `--rows findings: the image has what any of its rows names, whoever read it. --rows one: rows that say the same are left out, ` +
      `and an image whose rows contradict each other counts as unlabelled. Readings, kept apart for each reader, ` +
      `cannot be taken from a table yet: make a table with one row for each image from them.`,
  });
}

/** One class in each of several rows of an image is a list of findings, unless its rows always agree. */
export function labelsOverRows(
  labels: LabelGuess | undefined,
  columns: readonly ColumnFacts[],
  images: ColumnFacts,
): LabelGuess | undefined {
  if (labels?.kind !== 'classes') return labels;
  const column = columns.find(({ name }) => name === labels.column);
  if (!column || agree(column, images)) return labels;
  const none = column.values.find((text) => noneNames.test(text));
  const separator = ['|', ';', '\t'].find((one) => column.values.every((text) => !text.includes(one)));
  if (separator === undefined) return labels;
  const findings = [...new Set(column.values)].filter((text) => text !== none).sort(naturally);
  const because = `${labels.because}, one in each row of an image`;
  return { kind: 'list', column: column.name, separator, none, findings, because };
}

/** What stands for "none of them" in a list of findings. */
export const noneNames = /^(?:no[ _-]?findings?|normal|none|healthy|negative)$/i;

function agree(column: ColumnFacts, images: ColumnFacts): boolean {
  const first = new Map<string, string | null>();
  return column.cells.every((cell, row) => {
    const image = images.cells[row];
    if (image === null || image === undefined) return true;
    const before = first.get(image);
    if (before === undefined) first.set(image, cell);
    return before === undefined || before === cell;
  });
}
