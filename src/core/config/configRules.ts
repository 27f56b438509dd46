/** What a schema cannot say about overread.yaml: rules between its keys. */
import { suggest } from '../base/suggest';
import { shownValue } from '../base/visibleText';
import type { ConfigFault } from './configErrors';
import type { ConfigFields } from './configSchema';
import { columnOf } from '../table/columns';
import { isReservedClass } from './model';
import { isOnnxFile } from './weightsFile';

type Path = readonly (string | number)[];

/** Notes a fault at a key of the configuration. */
type Add = (
  path: Path,
  message: string,
  severity?: ConfigFault['severity'],
  at?: ConfigFault['at'],
  instead?: string,
) => void;

/** Faults of a configuration that fits the schema. */
export function checkConfigRules(config: ConfigFields): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const add: Add = (path, message, severity = 'error', at = 'value', instead) => {
    faults.push({ path, at, message, severity, ...(instead === undefined ? {} : { instead: [instead] }) });
  };
  checkSplit(config, add);
  checkLabels(config, add);
  checkModel(config, add);
  checkBlindColumns(config, add);
  checkOutputNames(config, add);
  return faults;
}

/** What a blind reader may see must not say what is hidden. */
function checkBlindColumns({ dataset, labels, split, review }: ConfigFields, add: Add): void {
  const telling = new Set([
    dataset.path,
    dataset.id,
    ...[dataset.group, dataset.study].map((one) => one && columnOf(one)),
    ...(typeof split.column === 'string' ? [split.column] : Object.values(split.column ?? {})),
    ...(labels.one_hot ? (labels.classes ?? []) : []),
    labels.column ?? (labels.task === 'multi-label' ? undefined : 'label'),
    labels.reader,
    ...(labels.findings ?? []).map((one) => (typeof one === 'string' ? one : (one.column ?? one.name))),
  ]);
  for (const [i, name] of review.blind_columns.entries()) {
    if (!telling.has(name)) continue;
    add(
      ['review', 'blind_columns', i],
      `"${shownValue(name)}" says which label, patient, image or part this is, so no blind reader may see it.`,
    );
  }
}

/** What is said of a class or finding by its name. */
function checkOutputNames({ labels, operating_points, prevalence }: ConfigFields, add: Add): void {
  const names =
    labels.task === 'multi-label'
      ? (labels.findings ?? []).map((one) => (typeof one === 'string' ? one : one.name))
      : (labels.classes ?? []);
  for (const [section, values] of Object.entries({ operating_points, prevalence })) {
    for (const name of Object.keys(values)) {
      if (names.includes(name)) continue;
      const what = labels.task === 'multi-label' ? 'finding' : 'class';
      add(
        [section, name],
        `"${shownValue(name)}" is no ${what}. Expected: ${names.join(', ')}.`,
        'error',
        'key',
        suggest(name, names),
      );
    }
  }
  const sum = Object.values(prevalence).reduce((total, value) => total + value, 0);
  if (labels.task === 'multi-class' && sum > 1 + 1e-6) {
    add(
      ['prevalence'],
      `The classes' shares add up to ${Number(sum.toFixed(6))}. Expected: at most 1.`,
      'error',
      'key',
    );
  }
}

function checkSplit({ split }: ConfigFields, add: Add): void {
  const sum = split.train + split.validation + split.test;
  if (Math.abs(sum - 1) > 1e-6) {
    add(
      ['split'],
      `split.train, split.validation and split.test add up to ${Number(sum.toFixed(6))}. Expected: 1.`,
      'error',
      'key',
    );
  }
  if (split.values && typeof split.column !== 'string') {
    const message = 'split.values has an effect only where split.column names one column.';
    add(['split', 'values'], message, 'warning', 'key');
  }
  if (split.train === 0) add(['split', 'train'], 'split.train is 0: nothing would be left to train on.');
}

function checkLabels({ labels, dataset }: ConfigFields, add: Add): void {
  if (labels.unit === 'study' && dataset.study === null) {
    add(['labels', 'unit'], 'labels.unit is study, but dataset.study names no column.');
  }
  if (labels.rows === 'readings' && labels.reader === null) {
    add(['labels', 'rows'], 'labels.rows is readings, but labels.reader names no column.');
  }
  if (labels.rows !== 'readings' && labels.reader !== null) {
    add(['labels', 'reader'], 'labels.reader has an effect only with rows: readings.', 'warning', 'key');
  }
  const multiLabel = labels.task === 'multi-label';
  if (multiLabel && labels.classes) {
    add(['labels', 'classes'], 'labels.classes has no effect with task: multi-label.', 'warning', 'key');
  }
  if (!multiLabel && labels.findings) {
    add(['labels', 'findings'], 'labels.findings has no effect with task: multi-class.', 'warning', 'key');
  }
  if (multiLabel && labels.one_hot) {
    add(['labels', 'one_hot'], 'labels.one_hot has no effect with task: multi-label.', 'warning', 'key');
  }
  checkFindings(labels, add);
  if (multiLabel) checkValues(labels.values, ['labels', 'values'], add);
  else checkClasses(labels, add);
}

function checkFindings({ findings }: ConfigFields['labels'], add: Add): void {
  const names = new Map<string, number>();
  for (const [i, finding] of (findings ?? []).entries()) {
    const name = typeof finding === 'string' ? finding : finding.name;
    const first = names.get(name);
    if (first !== undefined) {
      add(
        ['labels', 'findings', i],
        `Finding "${shownValue(name)}" is listed twice (numbers ${first + 1} and ${i + 1}).`,
      );
    }
    names.set(name, i);
    if (typeof finding !== 'string') checkValues(finding.values, ['labels', 'findings', i, 'values'], add);
  }
}

/** What texts of a multi-label table stand for. */
function checkValues(
  values: Readonly<Record<string, string | number | null>> | undefined,
  path: Path,
  add: Add,
): void {
  for (const [text, value] of Object.entries(values ?? {})) {
    if (value !== null && !['0', '1', 'uncertain'].includes(String(value))) {
      add(
        [...path, text],
        `"${shownValue(text)}" is mapped to ${shownValue(String(value))}. Expected: 1, 0, uncertain or null.`,
      );
    }
  }
}

function checkClasses(labels: ConfigFields['labels'], add: Add): void {
  const classes = labels.classes ?? [];
  for (const [i, name] of classes.entries()) {
    if (!isReservedClass(name)) continue;
    add(
      ['labels', 'classes', i],
      `"${name}" can be no class: it is the answer of a reader who cannot tell (key U). Rename the class, or take it out and map its text in the table with labels.values ("${name}": null).`,
    );
  }
  for (const [text, value] of Object.entries(labels.values ?? {})) {
    if (value !== null && !classes.includes(String(value))) {
      add(
        ['labels', 'values', text],
        `"${shownValue(text)}" is mapped to "${shownValue(String(value))}", which is no class. Expected: ${classes.join(', ')} or null.`,
        'error',
        'value',
        suggest(String(value), classes),
      );
    }
  }
  if (classes.length === 1) {
    add(
      ['labels', 'classes'],
      'There is one class only: nothing can be learnt until there are two.',
      'warning',
    );
  }
}

function checkModel({ model }: ConfigFields, add: Add): void {
  const { weights, truncate, precision, input } = model;
  if (isOnnxFile(weights) && truncate !== null) {
    add(
      ['model', 'truncate'],
      `model.truncate is ${truncate}, and model.weights is an ONNX classifier (${weights}), which has no blocks. Take one of the two out.`,
      'error',
      'key',
    );
  }
  if (isOnnxFile(weights) && precision === 'fp16') {
    add(
      ['model', 'precision'],
      `model.precision is fp16, and model.weights is an ONNX classifier (${weights}), whose graph is taken as it is. Take one of the two out.`,
      'error',
      'key',
    );
  }
  if (input) checkInput(input, weights, add);
}

/** How images become the input of an ONNX classifier. */
function checkInput(
  input: NonNullable<ConfigFields['model']['input']>,
  weights: ConfigFields['model']['weights'],
  add: Add,
): void {
  const path = ['model', 'input'];
  if (!isOnnxFile(weights)) {
    add(path, 'model.input has an effect only where model.weights is an .onnx file.', 'warning', 'key');
  }
  const { range, channels } = input;
  if (range && (input.mean ?? input.std)) {
    add(
      [...path, 'range'],
      'model.input.range and mean, std say the same. Expected: one of them.',
      'error',
      'key',
    );
  }
  if (range && range[0] >= range[1]) {
    add(
      [...path, 'range'],
      `model.input.range is [${range.join(', ')}]. Expected: black below white, [low, high].`,
    );
  }
  for (const key of ['mean', 'std'] as const) {
    const values = input[key];
    if (!values) continue;
    // Without model.input.channels the file says how many there are.
    const allowed = channels === undefined ? [1, 3] : [channels];
    if (!allowed.includes(values.length)) {
      add(
        [...path, key],
        `model.input.${key} has ${values.length} numbers. Expected: ${allowed.join(' or ')}, one for each channel.`,
      );
    }
  }
  if (input.mean && input.std && input.mean.length !== input.std.length) {
    add(
      [...path, 'std'],
      `model.input.std has ${input.std.length} numbers, mean ${input.mean.length}. Expected: as many.`,
    );
  }
}
