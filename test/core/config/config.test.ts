import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import {
  checkConfigText,
  labelColumn,
  loadConfig,
  penaltyGrid,
  setConfigValue,
} from '../../../src/core/config/config';

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-config-'));
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));
const write = (text: string): Promise<void> => fs.writeFile(path.join(root, 'overread.yaml'), text);

const minimal = 'version: 1\nlabels:\n  classes: [Normal, Opacity]\n';

test('every default is filled in', async () => {
  await write(minimal);
  const config = await loadConfig(root);
  expect(config.name).toBe(path.basename(root));
  expect(config.dataset).toEqual({
    table: 'samples.csv',
    sheet: null,
    pseudonym_key: null,
    join: [],
    images: '.',
    modality: null,
    anatomy: null,
    roots: [],
    path: 'path',
    prefix: '',
    search: false,
    extension: '',
    id: null,
    group: null,
    study: null,
  });
  expect(config.split).toEqual({ column: null, train: 0.7, validation: 0.15, test: 0.15, seed: 0, folds: 5 });
  expect(config.model.architecture).toBe('densenet121');
  expect(config.review).toEqual({
    splits: ['train', 'validation'],
    blind: false,
    blind_columns: [],
    target: 0.05,
    queues: {},
  });
  expect(labelColumn(config)).toBe('label');
  expect(penaltyGrid(config)).toBe('auto');
});

test('a section whose lines are all commented out means its defaults', async () => {
  await write(`${minimal}review:\n  # blind: true\n`);
  expect((await loadConfig(root)).review.blind).toBe(false);
});

test('findings, patterns and strengths in every form', async () => {
  await write(`version: 1
name: CheXpert
dataset: { group: { column: Path, pattern: 'patient(\\d+)' } }
labels:
  task: multi-label
  findings: [Edema, { name: Cardiomegaly, column: cardio, uncertain: positive, values: { yes: 1, no: 0 } }]
training: { C: [0.01, 1] }
`);
  const config = await loadConfig(root);
  expect(config.dataset.group).toEqual({ column: 'Path', pattern: 'patient(\\d+)' });
  expect(config.labels.findings).toHaveLength(2);
  expect(labelColumn(config)).toBeNull();
  expect(penaltyGrid(config)).toEqual([0.01, 1]);
});

describe('faults and their places', () => {
  const head = 'version: 1\nlabels: { classes: [a, b] }\n';
  test.each([
    // text, line, column, endColumn, code, part of the message
    [`${head}datasett: {}\n`, 3, 1, 9, 'OVR102', 'Unknown key "datasett". Did you mean "dataset"?'],
    [`${head}dataset:\n  grup: patient\n`, 4, 3, 7, 'OVR102', 'Did you mean "group"?'],
    [`${head}split:\n  folds: 1\n`, 4, 10, 11, 'OVR102', 'split.folds is 1. Expected: a whole number'],
    [`${head}split:\n  folds: many\n`, 4, 10, 14, 'OVR102', 'Expected: a whole number from 2 to 20'],
    [`${head}split: { train: 0.5 }\n`, 3, 1, 6, 'OVR102', 'add up to 0.8'],
    [`${head}model:\n  device: gpu\n`, 4, 11, 14, 'OVR102', 'cuda'],
    [`${head}model:\n  device:\n`, 4, 3, 9, 'OVR102', 'model.device is empty'],
    [`${head}training:\n  C: -1\n`, 4, 6, 8, 'OVR102', 'training.C is -1'],
    [`${head}training:\n  C: [1, x]\n`, 4, 10, 11, 'OVR102', 'training.C[1] is "x"'],
    [`${head}dataset:\n  group: { column: a, patern: b }\n`, 4, 23, 29, 'OVR102', 'Did you mean "pattern"?'],
    [`${head}dataset:\n  group: { column: a, pattern: '(' }\n`, 4, 32, 35, 'OVR102', 'regular expression'],
    [`${head}dataset:\n  group: 3\n`, 4, 10, 11, 'OVR102', 'or null'],
    ['labels: { classes: [a, b] }\n', 1, 1, 28, 'OVR102', 'lacks "version"'],
    ['version: 2\nlabels: { classes: [a, b] }\n', 1, 10, 11, 'OVR102', 'newer Overread'],
    ['version: 1\nlabels:\n  task: multi-class\n', 2, 1, 7, 'OVR102', 'labels lacks "classes"'],
    ['version: 1\nlabels:\n  task: multi-label\n', 2, 1, 7, 'OVR102', 'labels lacks "findings"'],
    ['version: 1\nlabels: { classes: [a, a] }\n', 2, 20, 26, 'OVR102', 'twice (numbers 1 and 2)'],
    ['version: 1\nlabels: { classes: [a, b], unit: study }\n', 2, 34, 39, 'OVR102', 'dataset.study'],
    ['version: 1\nlabels: { classes: [a, Uncertain] }\n', 2, 24, 33, 'OVR102', 'can be no class'],
    ['version: 1\nlabels: { classes: [a, b], values: { A: c } }\n', 2, 41, 42, 'OVR102', 'no class'],
    ['version: 1\nlabels: [\n', 3, 1, 2, 'OVR101', ''],
    ['version: 1\nversion: 1\n', 2, 1, 2, 'OVR101', 'unique'],
  ])('%j', (text, line, column, endColumn, code, message) => {
    const faults = checkConfigText(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ line, column, endColumn, code, severity: 'error' });
    expect(faults[0]?.message).toContain(message);
  });

  test('several faults come in the order of their lines', () => {
    const faults = checkConfigText(`${head}split: { folds: 0 }\nmodel: { crop: hole }\nfoo: 1\n`);
    expect(faults.map((fault) => fault.line)).toEqual([3, 4, 5]);
    expect(faults[1]?.message).toContain('Did you mean "whole"?');
  });

  test('an empty text, a list and a scalar are no configuration', () => {
    for (const text of ['', '- a\n', 'hello\n', '# only a comment\n']) {
      expect(checkConfigText(text).some((fault) => fault.severity === 'error')).toBe(true);
    }
  });

  test('a setting without effect is a warning, not an error', () => {
    const faults = checkConfigText('version: 1\nlabels: { classes: [a, b], findings: [x] }\n');
    expect(faults).toMatchObject([{ severity: 'warning', line: 2, column: 28 }]);
  });
});

describe('labels and parts in columns of 1 and 0', () => {
  const said = (text: string) =>
    checkConfigText(`version: 1\n${text}\n`).map(
      ({ severity, line, message }) => `${severity} ${line}: ${message}`,
    );
  const parts = 'split: { column: { train: Train, test: Test } }';

  test.each([
    `labels: { one_hot: true, classes: [MEL, NV] }\n${parts}`,
    "labels: { classes: [no, mask], rows: findings, values: { '-1': 'no', '*': mask } }",
    'labels: { classes: [a, b] }\nsplit: { column: is_test, values: { 0: train, 1: test, x: null } }',
  ])('%j is right', (text) => {
    expect(said(text)).toEqual([]);
  });

  test.each([
    [
      `labels: { one_hot: true, classes: [MEL, NV] }\nreview: { blind_columns: [NV] }`,
      'error 3: "NV" says which label',
    ],
    [
      `labels: { classes: [a, b] }\n${parts}\nreview: { blind_columns: [Test] }`,
      'error 4: "Test" says which label',
    ],
    [
      `labels: { classes: [a, b] }\nsplit: { column: part, values: { 1: tset } }`,
      'error 3: split.values[1] is "tset". Expected: train, validation or test',
    ],
    [`labels: { classes: [a, b] }\nsplit: { column: { tset: Test } }`, 'error 3: '],
    [
      `labels: { classes: [a, b] }\nsplit: { values: { 1: test } }`,
      'warning 3: split.values has an effect only',
    ],
    [
      `labels: { task: multi-label, one_hot: true, findings: [a, b] }`,
      'warning 2: labels.one_hot has no effect',
    ],
  ])('%j', (text, message) => {
    const [first, ...more] = said(text);
    expect(first).toContain(message);
    expect(more).toEqual([]);
  });
});

describe('an ONNX classifier as model.weights', () => {
  const messages = (model: string) =>
    checkConfigText(`${minimal}model: ${model}\n`).map(({ severity, message }) => `${severity}: ${message}`);

  test.each([
    '{ weights: ./xrv.onnx, input: { channels: 1, size: 224, range: [-1024, 1024] }, trained_on: [NIH] }',
    '{ weights: a.ONNX, input: { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] }, trained_on: [] }',
    '{ weights: a.onnx, input: { mean: [0.5] } }',
  ])('%s is right', (model) => {
    expect(messages(model)).toEqual([]);
  });

  test.each([
    [
      '{ weights: a.onnx, input: { range: [0, 1], mean: [0.5] } }',
      'error: model.input.range and mean, std say the same',
    ],
    [
      '{ weights: a.onnx, input: { range: [1, -1] } }',
      'error: model.input.range is [1, -1]. Expected: black below white',
    ],
    [
      '{ weights: a.onnx, input: { channels: 1, mean: [0.1, 0.2, 0.3] } }',
      'error: model.input.mean has 3 numbers. Expected: 1',
    ],
    [
      '{ weights: a.onnx, input: { std: [0.1, 0.2] } }',
      'error: model.input.std has 2 numbers. Expected: 1 or 3',
    ],
    [
      '{ weights: a.onnx, input: { mean: [0.5], std: [0.1, 0.2, 0.3] } }',
      'error: model.input.std has 3 numbers, mean 1',
    ],
    [
      '{ weights: in1k, input: { size: 224 } }',
      'warning: model.input has an effect only where model.weights is an .onnx file',
    ],
    [
      '{ weights: a.onnx, truncate: denseblock3 }',
      'error: model.truncate is denseblock3, and model.weights is an ONNX classifier (a.onnx)',
    ],
  ])('%s', (model, message) => {
    const found = messages(model);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });
});

test('loading names file, line and column', async () => {
  await write(`${minimal}split:\n  folds: 1\nmodel: { crop: x }\n`);
  await expect(loadConfig(root)).rejects.toMatchObject({
    code: 'OVR102',
    place: { file: 'overread.yaml', line: 5, column: 10 },
    message: expect.stringContaining('(and 1 more)') as string,
  });
});

test('a folder without overread.yaml is no project', async () => {
  await expect(loadConfig(root)).rejects.toMatchObject({ code: 'OVR100' });
  await fs.mkdir(path.join(root, 'overread.yaml'));
  await expect(loadConfig(root)).rejects.toMatchObject({ code: 'OVR304' });
});

test('an edit keeps comments and changes nothing else', async () => {
  const text = `# my project\n${minimal}  disputed: exclude # as agreed\n`;
  await write(text);
  await setConfigValue(await ProjectFolder.open(root), ['labels', 'disputed'], 'majority');
  await setConfigValue(await ProjectFolder.open(root), ['model', 'architecture'], 'tf_efficientnet_lite0');
  expect(await fs.readFile(path.join(root, 'overread.yaml'), 'utf8')).toBe(
    `${text.replace('disputed: exclude', 'disputed: majority')}model:\n  architecture: tf_efficientnet_lite0\n`,
  );
  await expect(
    setConfigValue(await ProjectFolder.open(root), ['labels', 'disputed'], 'never'),
  ).rejects.toMatchObject({
    code: 'OVR102',
  });
  expect((await loadConfig(root)).labels.disputed).toBe('majority');
});
