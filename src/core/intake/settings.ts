/** What was understood of a table, as settings of overread.yaml, each with its reason. */
import type { Choice, ColumnGuesses } from './guessColumns';

/** One setting that was chosen. */
export interface InitChoice {
  readonly setting: string;
  readonly value: unknown;
  readonly because: string;
}

/** Where path, patient, study and part of an image stand. */
export function columnSettings(
  guesses: Pick<ColumnGuesses, 'id' | 'group' | 'study' | 'split'> & { path: Choice<string> },
): InitChoice[] {
  const of = (setting: string, { value, because }: Choice<unknown>): InitChoice => ({
    setting,
    value,
    because,
  });
  const { values } = guesses.split;
  return [
    of('dataset.path', guesses.path),
    ...(guesses.id.value === null ? [] : [of('dataset.id', guesses.id)]),
    of('dataset.group', guesses.group),
    ...(guesses.study.value === null ? [] : [of('dataset.study', guesses.study)]),
    of('split.column', guesses.split),
    ...(values ? [of('split.values', { value: values, because: 'what its texts stand for' })] : []),
  ];
}

/** What the labels are, where they stand, and what several rows of an image mean. */
export function labelSettings(
  labels: NonNullable<ColumnGuesses['labels']>,
  { rows, reader, isRepeated }: Pick<ColumnGuesses, 'rows' | 'reader' | 'isRepeated'>,
): InitChoice[] {
  return [
    ...settingsOf(labels),
    ...(rows.value === 'one' && !isRepeated
      ? []
      : [{ setting: 'labels.rows', value: rows.value, because: rows.because }]),
    ...(reader
      ? [
          { setting: 'labels.reader', value: reader.value, because: reader.because },
          {
            setting: 'labels.disputed',
            value: 'majority',
            because:
              'what more readers say than anything else; without one the image is left out of training',
          },
        ]
      : []),
  ];
}

const outputs = "in the order of the model's outputs";

function settingsOf(labels: NonNullable<ColumnGuesses['labels']>): InitChoice[] {
  const { because } = labels;
  if (labels.kind === 'one-hot') {
    return [
      { setting: 'labels.task', value: 'multi-class', because },
      { setting: 'labels.one_hot', value: true, because: 'a column for each class' },
      { setting: 'labels.classes', value: labels.classes, because: outputs },
    ];
  }
  if (labels.kind === 'classes' || labels.kind === 'mask') {
    return [
      { setting: 'labels.task', value: 'multi-class', because: 'one column holds one class per image' },
      { setting: 'labels.column', value: labels.column, because },
      { setting: 'labels.classes', value: labels.classes, because: outputs },
      ...(labels.values
        ? [{ setting: 'labels.values', value: labels.values, because: reasonOfValues(labels.kind) }]
        : []),
    ];
  }
  const meanings: InitChoice[] = [
    { setting: 'labels.uncertain', value: 'masked', because: 'neither trained nor measured on' },
    { setting: 'labels.unmentioned', value: 'negative', because: 'reports name what is present' },
  ];
  if (labels.kind === 'columns') {
    return [
      { setting: 'labels.task', value: 'multi-label', because: 'a column per finding' },
      { setting: 'labels.findings', value: labels.findings, because },
      ...meanings,
    ];
  }
  const count = labels.findings.length;
  return [
    { setting: 'labels.task', value: 'multi-label', because: 'one column lists the findings present' },
    { setting: 'labels.column', value: labels.column, because },
    { setting: 'labels.separator', value: labels.separator, because: 'it stands between the findings' },
    ...(labels.none === undefined
      ? []
      : [{ setting: 'labels.none', value: labels.none, because: 'it stands for none of them' }]),
    { setting: 'labels.findings', value: labels.findings, because: `${count} distinct entries` },
    ...meanings,
  ];
}

const reasonOfValues = (kind: 'classes' | 'mask'): string =>
  kind === 'mask' ? '-1 is no mask, every other text is one' : 'what other spellings of them stand for';
