/** What an editor is told of the settings: keys that may be written, and what each is for. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { checkConfigText } from '../../../src/core/config/config';
import { configPlaces } from '../../../src/core/config/configPlaces';
import { keyOffers } from '../../../src/core/config/settingHelp';

/** What is offered at the mark `|`. */
function offered(marked: string): { readonly keys: readonly string[]; readonly typed: string } | undefined {
  const before = marked.slice(0, marked.indexOf('|'));
  const text = marked.replace('|', '');
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const offers = keyOffers(text, line, column);
  if (!offers) return undefined;
  const { range, keys } = offers;
  expect([range.line, range.endLine]).toEqual([line, line]);
  const typed = text.split('\n')[line - 1]!.slice(range.column - 1, range.endColumn - 1);
  return { keys: keys.map(({ setting }) => setting), typed };
}

describe('keys that may be written', () => {
  it('are those that the section has and the text lacks', () => {
    expect(offered('version: 1\nmo|\nlabels:\n  classes: [a]\n')).toEqual({
      keys: [
        'name',
        'dataset',
        'split',
        'model',
        'training',
        'sweep',
        'review',
        'check',
        'operating_points',
        'prevalence',
      ],
      typed: 'mo',
    });
    const model = offered('version: 1\nmodel:\n  arch|\n  # kept\n  weights: auto\nsplit:\n  crop: 1\n')!;
    expect(model.typed).toBe('arch');
    expect(model.keys).toContain('model.architecture');
    expect(model.keys).toContain('model.crop');
    expect(model.keys).not.toContain('model.weights');
  });

  it('are known in sections of sections, on empty lines and behind comments', () => {
    expect(offered('model: # mine\n  input:\n    size: 4\n\n    |\n')!.keys).toContain('model.input.range');
    expect(offered('model:\n  weights: x\n|')!.keys).toContain('labels');
    expect(offered('model:\n|  weights: x\n')).toBeUndefined();
  });

  it('are none in lists, in values, behind text and below what is no section', () => {
    expect(offered('labels:\n  classes:\n    - a\n    b|\n')).toBeUndefined();
    expect(offered('name: |\n')).toBeUndefined();
    expect(offered('name: x\n  y|\n')).toBeUndefined();
    expect(offered('unknown:\n  y|\n')).toBeUndefined();
    expect(offered('- a\n- |\n')).toBeUndefined();
    expect(offered('mo| x\n')).toBeUndefined();
  });

  it('are found whatever the text is, without a throw', () => {
    const text = 'version: 1\nmodel: { a: [\n\t- x\n  \u0000: "\nlabels:\n  cl\n';
    for (let at = 0; at <= text.length; at++) offered(`${text.slice(0, at)}|${text.slice(at)}`);
  });
});

describe('the published schema', () => {
  interface Node {
    readonly type?: string;
    readonly description?: string;
    readonly const?: unknown;
    readonly enum?: readonly unknown[];
    readonly anyOf?: readonly Node[];
    readonly items?: Node;
    readonly properties?: Readonly<Record<string, Node>>;
  }
  const schema = JSON.parse(readFileSync('schemas/overread.schema.json', 'utf8')) as Node;
  const sectionOf = ({ properties, anyOf = [] }: Node): Node['properties'] =>
    properties ?? anyOf.map(sectionOf).find((found) => found !== undefined);
  /** Every setting of every section, with its keys from the top. */
  const all = (
    node: Node,
    above: readonly string[] = [],
  ): readonly { readonly keys: readonly string[]; readonly node: Node }[] =>
    Object.entries(sectionOf(node) ?? {}).flatMap(([key, child]) => [
      { keys: [...above, key], node: child },
      ...all(child, [...above, key]),
    ]);
  const settings = all(schema).map(({ keys, node }) => [keys.join('.'), node] as const);
  const written = (setting: string, last: string): string =>
    setting
      .split('.')
      .map((key, depth, keys) => `${'  '.repeat(depth)}${depth < keys.length - 1 ? `${key}:` : last}`)
      .join('\n');

  it('has every key of its own offered where it may stand, with what it is for', () => {
    expect(settings.length).toBeGreaterThan(80);
    for (const [setting] of settings)
      expect([setting, offered(written(setting, '|'))?.keys]).toEqual([
        setting,
        expect.arrayContaining([setting]),
      ]);
    for (const [setting] of settings) {
      const place = configPlaces(written(setting, `${setting.split('.').at(-1)!}: x`)).find(
        (one) => one.setting === setting,
      );
      expect(place, setting).toBeDefined();
      if (setting.includes('.'))
        expect([setting, (place?.help.description ?? '').length > 10]).toEqual([setting, true]);
    }
  });

  it('has every word, number and yes or no that it names offered as a value, in lists too', () => {
    const named = (node: Node): readonly string[] => [
      ...(node.type === 'boolean' ? ['true', 'false'] : []),
      ...[...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])]
        .filter((one) => one !== null)
        .map(String),
      ...(node.anyOf ?? []).flatMap(named),
    ];
    const choices = (setting: string, value: string): readonly string[] =>
      configPlaces(written(setting, `${setting.split('.').at(-1)!}: ${value}`)).findLast(
        (one) => one.setting === setting,
      )!.choices;
    const closed = settings.filter(([, node]) => named(node).length > 0);
    expect(closed.map(([setting]) => setting)).toEqual(
      expect.arrayContaining([
        'labels.disputed',
        'training.class_weights',
        'model.input.channels',
        'training.C',
      ]),
    );
    for (const [setting, node] of closed)
      expect([setting, choices(setting, 'x')]).toEqual([setting, named(node)]);
    const lists = settings.filter(([, { items }]) => items !== undefined && named(items).length > 0);
    expect(lists.map(([setting]) => setting)).toContain('review.splits');
    for (const [setting, node] of lists)
      expect([setting, choices(setting, '[x]')]).toEqual([setting, named(node.items!)]);
  });
});

describe('the help of a setting', () => {
  it('says for every key of the text what it is for and what may stand there', () => {
    const text = 'version: 1\nmodel:\n  crop: timm\n  input: { size: 3 }\nlabels:\n  classes: [a, b]\n';
    const help = new Map(configPlaces(text).map((place) => [place.setting, place.help]));
    expect(help.get('model.crop')).toMatchObject({
      expected: 'timm or whole',
      default: 'timm',
      isSection: false,
    });
    expect(help.get('model')).toMatchObject({ expected: '', default: null, isSection: true });
    expect(help.get('model.input')?.isSection).toBe(true);
    for (const { setting, description } of help.values()) {
      if (setting.includes('.')) expect([setting, description.length > 10]).toEqual([setting, true]);
    }
  });
});

describe('what is offered for a fault', () => {
  /** The text after the first fix of every fault. */
  function mended(text: string): string {
    const lines = text.split('\n');
    for (const { fixes } of checkConfigText(text).toReversed()) {
      const [fix] = fixes;
      if (!fix) continue;
      const line = lines[fix.line - 1]!;
      lines[fix.line - 1] = line.slice(0, fix.column - 1) + fix.text + line.slice(fix.endColumn - 1);
    }
    return lines.join('\n');
  }

  it.each([
    ['labels: { clases: [a, b] }\n', { version: 1, labels: { classes: ['a', 'b'] } }],
    ['version: 2\nlabels: { classes: [a, b] }\n', { version: 1, labels: { classes: ['a', 'b'] } }],
    [
      'version: 1\nlabels: { classes: [aa, b], values: { x: Aa } }\nmodel: { crop: hole }\nspilt: { folds: 3 }\n',
      {
        version: 1,
        labels: { classes: ['aa', 'b'], values: { x: 'aa' } },
        model: { crop: 'whole' },
        split: { folds: 3 },
      },
    ],
  ])('mends %j', (text, expected) => {
    // Rules between keys are checked once the keys are right.
    const after = mended(mended(text));
    expect(parse(after)).toEqual(expected);
    expect(checkConfigText(after)).toEqual([]);
  });

  it('is every allowed word where none is near, and nothing where nobody can know', () => {
    const [crop] = checkConfigText('version: 1\nlabels: { classes: [a, b] }\nmodel: { crop: xxxxxxxx }\n');
    expect(crop!.fixes.map(({ text }) => text)).toEqual(['timm', 'whole']);
    const [folds] = checkConfigText('version: 1\nlabels: { classes: [a, b] }\nsplit: { folds: 0 }\n');
    expect(folds!.fixes).toEqual([]);
  });
});
