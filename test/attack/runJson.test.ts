/** JSON that somebody else may have written: whatever stands in it, a run is read or refused, and nothing breaks. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeMetrics } from '../../src/cli/describeMetrics';
import { OverreadError } from '../../src/core/base/errors';
import { comparisonTable } from '../../src/charts/comparisonTable';
import { JsonFault } from '../../src/core/base/checkedJson';
import { parseComparison } from '../../src/core/comparisons/comparisonSchema';
import { readComparison } from '../../src/core/comparisons/folder';
import { parseMetrics, parseRunRecord } from '../../src/core/runs/runJson';
import { readChoice } from '../../src/core/weights/autoChoice';
import { readRecord } from '../../src/core/weights/record';
import { readRun } from '../../src/core/runs/folder';
import { readWholeRun } from '../../src/core/runs/wholeRun';
import { openProject } from '../../src/core/project/project';
import { goldenProject, goldenRun } from '../support/goldenRun';

const name = '2026-01-01T000000.000Z-golden';
let folder: string;
let root: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-json-'));
  root = path.join(folder, 'project');
  await goldenProject(root, [name]);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** What may stand in place of any member; the last stands for its absence. */
const absent = Symbol('absent');
const intruders: readonly unknown[] = [
  null,
  true,
  'text',
  '',
  -1,
  1.5,
  [],
  {},
  [null],
  1e308,
  'ENORMOUS',
  absent,
];

type Json = Record<string, unknown> | unknown[];

/** Every place of a document, but of what is alike one only: the first of a list, the first part of the data. */
function places(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Array.isArray(value)
    ? value.slice(0, 1).flatMap((item, i) => places(item, [...at, i]))
    : Object.entries(value)
        .filter(([key]) => key !== 'validation' && key !== 'test')
        .flatMap(([key, item]) => places(item, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

/** The text of the document with another value at a place. */
function changed(document: Json, at: readonly (string | number)[], value: unknown): string {
  const copy = structuredClone(document);
  let parent = copy as Record<string | number, unknown>;
  for (const key of at.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = at.at(-1)!;
  if (value === absent) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  // No JavaScript number writes this; JSON.parse reads it as Infinity.
  return JSON.stringify(copy).replaceAll('"ENORMOUS"', '1e999');
}

async function readJson(file: string): Promise<Json> {
  return JSON.parse(await fs.readFile(file, 'utf8')) as Json;
}

/**
 * Puts every intruder into every place; gives how often it was refused, in the one way that is meant. What was let
 * through can be shown.
 */
function intrude<T>(
  document: Json,
  parse: (text: string) => T,
  show: (read: T) => readonly string[],
): number {
  let refused = 0;
  for (const at of places(document)) {
    for (const intruder of intruders) {
      const text = changed(document, at, intruder);
      try {
        const shown = show(parse(text)).join('\n');
        if (/NaN|undefined|Infinity|\[object/.test(shown)) throw new Error(`${at.join('.')} shows ${shown}`);
      } catch (error) {
        if (!(error instanceof JsonFault)) throw error;
        refused++;
      }
    }
  }
  return refused;
}

/** Whether the text was taken; a refusal must be the one that is meant, and name the file. */
async function takes(file: string, text: string, read: () => Promise<unknown>): Promise<boolean> {
  await fs.writeFile(file, text);
  try {
    const result = await read();
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    return true;
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error;
    expect(error.code).toBe('OVR801');
    expect(error.place?.file).toContain(path.basename(file));
    return false;
  }
}

describe('8.8 run.json and metrics.json', () => {
  it('of contract 1, as it was first written, pass', async () => {
    const { dataset } = await openProject(root);
    const run = await readWholeRun(root, name, dataset);
    const written = (await readJson(path.join(goldenRun, 'run.json'))) as Record<string, unknown>;
    const { architecture, weights, device, C, ...same } = written;
    expect(run.record).toMatchObject({
      ...same,
      run: name,
      contract: 2,
      trainer: { name: 'last-layer', settings: { C } },
      network: { architecture, weights, device },
      can: { explain: true, export: true, compare: true, refit: true },
    });
    expect(run.metrics).toEqual(await readJson(path.join(goldenRun, 'metrics.json')));
    expect(run.predictions.probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  it('run.json with anything in any place is read or refused', async () => {
    const document = await readJson(path.join(goldenRun, 'run.json'));
    const refused = intrude(document, parseRunRecord, ({ counts, timings }) => [
      ...Object.values(counts).map(String),
      ...Object.values(timings).map(String),
    ]);
    expect(refused).toBeGreaterThan(300);
  });

  it('metrics.json likewise', async () => {
    const document = await readJson(path.join(goldenRun, 'metrics.json'));
    expect(intrude(document, parseMetrics, describeMetrics)).toBeGreaterThan(300);
  });

  it('what a later version adds is let through', async () => {
    for (const file of ['run.json', 'metrics.json']) {
      const document = await readJson(path.join(goldenRun, file));
      for (const at of [['added'], ...places(document).filter((place) => place[0] !== 'versions')]) {
        if (typeof at.at(-1) === 'number') continue;
        const text = changed(document, [...at.slice(0, -1), 'added_later'], { any: ['thing', 1, null] });
        const target = path.join(root, 'runs', name, file);
        expect(await takes(target, text, () => readRun(root, name)), at.join('.')).toBe(true);
      }
      await fs.cp(path.join(goldenRun, file), path.join(root, 'runs', name, file));
    }
  });

  it.each(['"__proto__"', '"\\u005f_proto__"'])('a member %s is refused, wherever it is', async (key) => {
    const target = path.join(root, 'runs', name, 'run.json');
    const text = await fs.readFile(path.join(goldenRun, 'run.json'), 'utf8');
    for (const place of ['{', '"versions": {', '"counts": {']) {
      const poisoned = text.replace(place, `${place} ${key}: {"errors": 0},`);
      expect(poisoned).not.toBe(text);
      expect(await takes(target, poisoned, () => readRun(root, name))).toBe(false);
    }
    await fs.cp(path.join(goldenRun, 'run.json'), target);
  });

  it('weights that are a path, and members that do not fit together, are refused', async () => {
    const target = path.join(root, 'runs', name, 'run.json');
    const document = await readJson(path.join(goldenRun, 'run.json'));
    const wrong: readonly (readonly [readonly string[], unknown])[] = [
      [['weights', 'name'], '../../other.onnx'],
      [['thresholds'], [0.5]],
      [['labels_as_of'], 'yesterday'],
      [['outputs'], ['Normal', 'Normal', 'Nodule']],
      [['contract'], 2],
      [['contract'], 3],
    ];
    for (const [at, value] of wrong) {
      expect(await takes(target, changed(document, at, value), () => readRun(root, name)), at.join('.')).toBe(
        false,
      );
    }
    await fs.cp(path.join(goldenRun, 'run.json'), target);
  });
});

describe('8.8 compare.json', () => {
  it('with anything in any place is read or refused', async () => {
    const comparison = '2026-01-01T000000.000Z-golden';
    const target = path.join(root, 'comparisons', comparison, 'compare.json');
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.cp(path.resolve('test', 'golden', 'values', 'comparisons', 'contract1', 'compare.json'), target);
    const document = await readJson(target);
    expect(await readComparison(root, comparison)).toEqual(document);
    const refused = intrude(document, parseComparison, (read) => {
      const { columns, rows, notes } = comparisonTable(read);
      return [...columns.map(({ title }) => title), ...rows.flatMap(({ cells }) => cells), ...notes];
    });
    expect(refused).toBeGreaterThan(300);
  });
});

describe('8.8 records in the cache of the user', () => {
  const cases = ['null', '[]', '7', '"text"', '{', '{"version":1}', ''];

  it('that are damaged are none, and the source is asked again', async () => {
    const cache = path.join(folder, 'cache');
    const weights = 'resnet18.a1_in1k';
    const target = path.join(cache, 'weights', weights, 'identity.json');
    const choice = path.join(cache, 'weights', `auto-${weights}.json`);
    await fs.mkdir(path.dirname(target), { recursive: true });
    const sound = {
      version: 1,
      name: weights,
      sha256: 'a'.repeat(64),
      source: 'huggingface',
      file: 'model.safetensors',
      bytes: 5,
      fileSha256: 'b'.repeat(64),
    };
    await fs.writeFile(target, JSON.stringify(sound));
    expect(await readRecord(cache, weights)).toEqual(sound);
    const broken = Object.keys(sound).flatMap((key) =>
      intruders
        .filter((intruder) => intruder !== 'text' || key !== 'file')
        .map((intruder) => changed(sound, [key], intruder)),
    );
    for (const text of [...cases, ...broken]) {
      await fs.writeFile(target, text);
      const found = await readRecord(cache, weights);
      if (found !== undefined) expect(text).toBe(JSON.stringify({ ...sound, bytes: found.bytes }));
      await fs.writeFile(choice, text);
      expect(await readChoice(cache, weights, {}), text).toBeUndefined();
    }
  });
});
