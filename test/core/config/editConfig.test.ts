import { describe, expect, test } from 'vitest';
import { configPlaces } from '../../../src/core/config/configPlaces';
import { parseConfig } from '../../../src/core/config/configText';
import { appendToConfigList } from '../../../src/core/config/configList';
import { editConfigText } from '../../../src/core/config/editConfig';

const head = 'version: 1 # format\nlabels:\n  classes: [a, b]   # in this order\n';
const model = 'model:\n  architecture: densenet121      # or another\n  weights: auto\n';

describe('an edit of the text keeps every other character', () => {
  test.each<[what: string, before: string, keys: string[], value: unknown, after: string]>([
    ['a word', model, ['model', 'weights'], 'random', model.replace('auto', 'random')],
    [
      'a word with a comment behind it',
      model,
      ['model', 'architecture'],
      'resnet18',
      model.replace('densenet121', 'resnet18'),
    ],
    ['a new key', model, ['model', 'truncate'], 'denseblock3', `${model}  truncate: denseblock3\n`],
    [
      'a new key behind a comment at the end of the file',
      'model:\n    weights: auto # best',
      ['model', 'truncate'],
      'denseblock3',
      'model:\n    weights: auto # best\n    truncate: denseblock3',
    ],
    [
      'a new key before the next section',
      `${model}\nreview:\n  blind: true\n`,
      ['model', 'truncate'],
      'denseblock3',
      `${model}  truncate: denseblock3\n\nreview:\n  blind: true\n`,
    ],
    [
      'a key without a value',
      'model:\n  truncate:   # none yet\n  weights: auto\n',
      ['model', 'truncate'],
      'denseblock3',
      'model:\n  truncate: denseblock3   # none yet\n  weights: auto\n',
    ],
    [
      'a section whose lines are comments',
      'model:  # the network\n  # weights: auto\n',
      ['model', 'architecture'],
      'resnet18',
      'model:  # the network\n  architecture: resnet18\n  # weights: auto\n',
    ],
    [
      'a section that is missing',
      '',
      ['model', 'architecture'],
      'resnet18',
      'model:\n  architecture: resnet18\n',
    ],
    [
      'a section in braces',
      'model: { weights: auto } # short\n',
      ['model', 'weights'],
      'random:3',
      'model: { weights: random:3 } # short\n',
    ],
    [
      'null',
      `${model}  truncate: denseblock3 # cut\n`,
      ['model', 'truncate'],
      null,
      `${model}  truncate: null # cut\n`,
    ],
    [
      'Windows line ends',
      'model:\r\n  weights: auto\r\n',
      ['model', 'truncate'],
      'b',
      'model:\r\n  weights: auto\r\n  truncate: b\r\n',
    ],
  ])('%s', (_what, before, keys, value, after) => {
    expect(editConfigText(head + before, [[keys, value]])).toBe(head + after);
  });

  test('several settings in one edit', () => {
    const edited = editConfigText(head + model, [
      [['model', 'architecture'], 'resnet18'],
      [['model', 'weights'], 'random'],
    ]);
    expect(edited).toBe((head + model).replace('densenet121', 'resnet18').replace('auto', 'random'));
  });

  test.each<[what: string, before: string, after: string]>([
    [
      'a line, with the comment behind it',
      'p: # of ours\n  a: 0.1 # one\n  b: 0.2\n',
      'p: # of ours\n  b: 0.2\n',
    ],
    ['the section with its last setting', '# above\np: # of ours\n  a: 0.1\n# below\n', '# above\n# below\n'],
    ['nothing where there is none', 'p:\n  b: 0.2\n', 'p:\n  b: 0.2\n'],
    ['lines of other ends', 'p:\r\n  a: 0.1\r\n  b: 0.2\r\n', 'p:\r\n  b: 0.2\r\n'],
    ['a setting of several lines', 'p:\n  a:\n    sensitivity: 0.9\n  b: 0.2', 'p:\n  b: 0.2'],
  ])('takes away %s', (_what, before, after) => {
    const named = (text: string): string => head + text.replace(/^p:/m, 'operating_points:');
    const whole = named(before).replaceAll(/(a|b): (0\.\d)/g, '$1: {threshold: $2}');
    const wanted = named(after).replaceAll(/(a|b): (0\.\d)/g, '$1: {threshold: $2}');
    expect(editConfigText(whole, [[['operating_points', 'a'], undefined]])).toBe(wanted);
  });

  test('takes away a setting between brackets; comments stay', () => {
    const text = `${head}operating_points: {a: youden, b: youden} # of ours\n`;
    const edited = editConfigText(text, [[['operating_points', 'a'], undefined]]);
    expect(edited).toMatch(/operating_points: \{ ?b: youden ?\} # of ours\n$/);
    expect(edited).toContain('# in this order');
  });

  test('what would break the schema is refused, with its place', () => {
    expect(() => editConfigText(head + model, [[['model', 'crop'], 'hole']])).toThrow(
      expect.objectContaining({ code: 'OVR102', place: expect.objectContaining({ line: 7 }) as object }),
    );
    expect(() => editConfigText(`${head}model: [\n`, [[['model', 'crop'], 'whole']])).toThrow(
      expect.objectContaining({ code: 'OVR101' }),
    );
  });
});

describe('a filter that is kept as a queue', () => {
  const base = `version: 1
dataset: { table: samples.csv, path: path } # the table
labels: { column: label, classes: [a, b] }
`;

  test('stands under its name, beside others, and comments stay', () => {
    const once = editConfigText(base, [[['review', 'queues', 'Old: and sure'], 'age > 60 AND p > 0.9']]);
    const twice = editConfigText(once, [[['review', 'queues', 'Lateral'], "view = 'L'"]]);
    expect(twice).toContain('# the table');
    expect(parseConfig(twice).config?.review.queues).toEqual({
      'Old: and sure': 'age > 60 AND p > 0.9',
      Lateral: "view = 'L'",
    });
  });
});

describe('places of the settings', () => {
  const text = `${head}dataset:\n  modality: x-ray\n  anatomy:\n  nonsense: 1\n${model}  truncate: null\n`;
  const place = (setting: string) => configPlaces(text).find((found) => found.setting === setting);

  test('name key and value, 1-based, the end exclusive', () => {
    expect(place('model.architecture')).toMatchObject({
      setting: 'model.architecture',
      key: { line: 9, column: 3, endLine: 9, endColumn: 15 },
      value: { line: 9, column: 17, endLine: 9, endColumn: 28 },
      text: 'densenet121',
      choices: [],
    });
  });

  test('a section, a list and an empty setting have no value', () => {
    for (const setting of ['model', 'labels.classes', 'dataset.anatomy']) {
      expect(place(setting)).toMatchObject({ value: null, text: null });
    }
    expect(place('model.truncate')).toMatchObject({ text: 'null' });
    expect(place('version')).toMatchObject({ text: '1' });
  });

  test('choices are those of the schema', () => {
    expect(place('dataset.modality')?.choices).toContain('mammography');
    expect(place('dataset.anatomy')?.choices).toContain('lungs');
    expect(place('model.weights')?.choices).toEqual([]);
  });

  test('unknown keys are left out', () => {
    expect(place('dataset.nonsense')).toBeUndefined();
  });

  test.each([
    '',
    'a',
    '- a',
    'model',
    'model:\n  - x',
    'model:\n\tarchitecture: x',
    'model: {architecture',
    '"',
  ])('a text that is being typed is no reason to fail: %j', (typed) => {
    expect(Array.isArray(configPlaces(typed))).toBe(true);
  });

  test('what stands before a mistake is still read', () => {
    const settings = configPlaces('model:\n  architecture: dense\n  weights: [\n').map(
      ({ setting }) => setting,
    );
    expect(settings).toEqual(['model', 'model.architecture', 'model.weights']);
  });
});

describe('an entry at the end of a list', () => {
  const entry = { code: 'OVR314', sample: 'a, b.png', reason: 'two exposures' };
  const entries = (text: string): unknown => parseConfig(text).config?.check.ignore;
  const project = `${head}dataset: { table: t.csv }\n`;

  test.each([
    ['of a file without the section', project, 0],
    ['of a section without the list', `${project}check:\n  ignore: [] # none yet\n`, 0],
    ['of a section that is empty', `${project}check: # later\n`, 0],
    [
      'of a list',
      `${project}check:\n  ignore:\n    # by Ada\n    - { code: OVR105, reason: our own } # asked\n`,
      1,
    ],
  ])('%s', (_what, text, before) => {
    const after = appendToConfigList(text, ['check', 'ignore'], entry);
    expect(entries(after)).toHaveLength(before + 1);
    expect((entries(after) as unknown[]).at(-1)).toEqual(entry);
    for (const [comment] of text.matchAll(/# .+/g)) expect(after).toContain(comment);
    expect(entries(appendToConfigList(after, ['check', 'ignore'], entry))).toHaveLength(before + 2);
  });

  test('is not added to a text that has faults', () => {
    expect(() => appendToConfigList('version: 2\n', ['check', 'ignore'], entry)).toThrow(/check\.ignore/);
  });
});
