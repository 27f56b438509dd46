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
  guesses: Omit<ColumnGuesses, 'path' | 'labels'> & { path: Choice<string> },
): InitChoice[] {
  const of = (setting: string, choice: Choice<unknown>): InitChoice => ({ setting, ...choice });
  return [
    of('dataset.path', guesses.path),
    ...(guesses.id.value === null ? [] : [of('dataset.id', guesses.id)]),
    of('dataset.group', guesses.group),
    ...(guesses.study.value === null ? [] : [of('dataset.study', guesses.study)]),
    of('split.column', guesses.split),
  ];
}

/** What the labels are and where they stand. */
export function labelSettings(labels: NonNullable<ColumnGuesses['labels']>): InitChoice[] {
  const { because } = labels;
  if (labels.kind === 'classes') {
    return [
      { setting: 'labels.task', value: 'multi-class', because: 'one column holds one class per image' },
      { setting: 'labels.column', value: labels.column, because },
      { setting: 'labels.classes', value: labels.classes, because: "in the order of the model's outputs" },
    ];
  }
  const count = labels.findings.length;
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
