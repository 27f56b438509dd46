/** Predictions from elsewhere: what is taken, what is said, what is left out, what is refused. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryColumns, quoteFile, withMemoryDatabase } from '../../../src/core/base/duckdb';
import type { OverreadError } from '../../../src/core/base/errors';
import type { MetricsFile } from '../../../src/core/evaluation/model';
import { openExplainer } from '../../../src/core/heatmaps/explainer';
import { initProject } from '../../../src/core/intake/init';
import { openProject } from '../../../src/core/project/project';
import { openReview } from '../../../src/core/review/openReview';
import { exportModel } from '../../../src/core/runs/exportModel';
import { makeRun } from '../../../src/core/runs/makeRun';
import type { RunResult } from '../../../src/core/runs/model';
import { findWholeRun } from '../../../src/core/runs/wholeRun';
import { importer } from '../../../src/core/trainers/imported/importer';
import type { ImportRequest } from '../../../src/core/trainers/imported/request';
import { writeFindingsTable } from '../../support/findingsTable';
import { goldenFindingsRun, goldenRun } from '../../support/goldenRun';
import { readySample } from '../../support/readyProjects';

let folder: string;
let root: string;
let findings: string;
/** Ids of the multi-class project, in the order of its table. */
let ids: readonly string[];
let classes: readonly string[];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-import-'));
  root = path.join(folder, 'class');
  findings = path.join(folder, 'findings');
  await readySample(root);
  await findingsProject(root, findings);
  const { dataset } = await openProject(root);
  ids = dataset.samples.map(({ id }) => id);
  classes = dataset.findings[0]!.values;
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** The phantoms with two findings, as the golden run of two findings was made of. */
async function findingsProject(source: string, target: string): Promise<void> {
  const csv = await writeFindingsTable(source);
  await initProject({ root: target, csv, findings: ['Opacity', 'Support Devices'] });
}

type Cells = readonly (string | number)[];
let files = 0;

/** A file of predictions. */
async function table(header: readonly string[], rows: readonly Cells[], ending = 'csv'): Promise<string> {
  const file = path.join(folder, `predictions-${files++}.${ending}`);
  const separator = ending === 'tsv' ? '\t' : ',';
  await fs.writeFile(file, `${[header, ...rows].map((cells) => cells.join(separator)).join('\n')}\n`);
  return file;
}

/** Probabilities that are sure of class `i % 3`. */
const sure = (i: number): readonly number[] => classes.map((_, k) => (k === i % classes.length ? 0.8 : 0.1));
const header = () => ['image', ...classes];
const rows = (): Cells[] => ids.map((id, i) => [id, ...sure(i)]);

function bring(file: string, request: Partial<ImportRequest> = {}, project = root): Promise<RunResult> {
  const full: ImportRequest = {
    file,
    values: 'probabilities',
    seen: { by: 'split', parts: ['train'] },
    ...request,
  };
  const options = { env: {}, cacheDir: path.join(folder, 'cache'), versions: {}, name: path.basename(file) };
  return makeRun(project, importer, full, options);
}

const recordOf = async (result: RunResult, project = root) => {
  const { dataset } = await openProject(project);
  return (await findWholeRun(project, result.run, dataset, () => undefined)).record;
};

/** Every figure with its interval, rounded to what a sum over probabilities that were scaled keeps. */
const figures = (metrics: unknown): unknown =>
  JSON.parse(
    JSON.stringify(metrics, (_key, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    ),
  );

describe('our own predictions, brought as if they were somebody else’s', () => {
  it.each([
    ['multi-class, a column for each class', goldenRun, () => root],
    ['multi-label, the long form', goldenFindingsRun, () => findings],
  ])('have the figures, intervals and errors that they had: %s', async (_, golden, project) => {
    const file = path.join(golden, 'predictions.parquet');
    const result = await bring(file, { seen: { by: 'out-of-fold' } }, project());
    const read = async (dir: string): Promise<MetricsFile> =>
      JSON.parse(await fs.readFile(path.join(dir, 'metrics.json'), 'utf8')) as MetricsFile;
    const [own, brought] = [await read(golden), await read(result.dir)];
    expect(own.intervals_s).not.toBeNull();
    for (const part of ['out_of_fold', 'validation', 'test'] as const) {
      expect(figures(brought[part]), part).toEqual(figures(own[part]));
    }
    const { counts } = JSON.parse(await fs.readFile(path.join(golden, 'run.json'), 'utf8')) as RunResult;
    // Of findings all of which are too rare to judge nothing is an error any more.
    expect(result.counts.errors).toBe(golden === goldenFindingsRun ? 0 : counts.errors);
    expect(result.problems.filter(({ code }) => code === 'OVR806')).toEqual([]);
  });
});

describe('an import', () => {
  it('leaves what was seen out of figures and errors, and marks it', async () => {
    const result = await bring(await table(header(), rows()));
    const record = await recordOf(result);
    expect(record).toMatchObject({
      trainer: { name: 'imported', settings: { values: 'probabilities', layout: 'wide' } },
      network: null,
      files: [],
    });
    expect(record.seen.train.seen).toBe(record.counts.train);
    expect(record.seen.validation.seen).toBe(0);
    expect(result.metrics.out_of_fold.samples).toBe(0);
    expect(result.metrics.validation.samples).toBeGreaterThan(0);
    const project = await openProject(root);
    const run = await findWholeRun(root, result.run, project.dataset, () => undefined);
    const catalog = await openReview(project, run);
    const list = async (queue: 'errors' | 'all', where?: string) =>
      (
        await catalog.query({
          queue,
          splits: ['train', 'validation'],
          sort: 'loss',
          descending: true,
          ...(where === undefined ? {} : { where }),
        })
      ).rows;
    const errors = await list('errors');
    expect(errors).toHaveLength(result.counts.errors);
    expect([...errors].every((row) => catalog.item(row).split === 'validation')).toBe(true);
    const asked = await list('all', 'wrong AND seen');
    expect(asked.length).toBeGreaterThan(0);
    expect(catalog.item(asked[0]!)).toMatchObject({
      split: 'train',
      wrong: true,
      seen: true,
      outOfFold: false,
    });
    catalog.close();
  });

  it('reads what was seen from a column', async () => {
    const cells = rows().map((row, i) => [...row, i % 2 === 0 ? 'yes' : 'no']);
    const file = await table([...header(), 'trained'], cells);
    const record = await recordOf(await bring(file, { seen: { by: 'column', column: 'trained' } }));
    const { train, validation, test } = record.seen;
    expect(train.seen + validation.seen + test.seen).toBe(Math.ceil(ids.length / 2));
  });

  it.each([
    ['the id', (id: string) => id, 'id'],
    [
      'an absolute path of another machine',
      (id: string) => `C:\\data\\cxr\\${id.replaceAll('/', '\\')}`,
      'path',
    ],
    ['the file name', (id: string) => path.basename(id), 'file name'],
    ['the file name without its ending', (id: string) => path.parse(id).name, 'file name without ending'],
  ])('finds samples by %s, and says so', async (_, nameOf, by) => {
    const file = await table(
      ['number', ...header()],
      rows().map(([id, ...rest], i) => [i, nameOf(String(id)), ...rest]),
    );
    const { trainer, seen } = await recordOf(await bring(file));
    expect(trainer.settings['id']).toEqual({ column: 'image', by });
    expect(seen.train.predicted + seen.validation.predicted + seen.test.predicted).toBe(ids.length);
  });

  it('takes the column that is named instead of the one that fits best', async () => {
    const file = await table(
      ['first', 'second', ...classes],
      ids.map((id, i) => [id, i < 20 ? ids[29 - i]! : 'other', ...sure(i)]),
    );
    const best = await recordOf(await bring(file));
    expect(best.trainer.settings['id']).toMatchObject({ column: 'first' });
    const named = await recordOf(await bring(file, { id: 'second' }));
    expect(named.trainer.settings['id']).toMatchObject({ column: 'second' });
    expect(named.trainer.settings['missing']).toBe(10);
  });

  it('takes logits that are said to be logits: the probabilities of their softmax', async () => {
    const logits = rows().map(([id, ...p]) => [id!, ...p.map((value) => Math.log(Number(value)) + 3)]);
    const asked = { seen: { by: 'out-of-fold' } } as const;
    const brought = await bring(await table(header(), logits), { values: 'logits', ...asked });
    const plain = await bring(await table(header(), rows()), asked);
    expect(figures(brought.metrics)).toEqual(figures(plain.metrics));
    const doubted = await bring(await table(header(), rows()), { values: 'logits' });
    expect(doubted.problems.map(({ message }) => message).join('\n')).toContain(
      'every row could be of probabilities',
    );
  });

  it.each(['tsv', 'csv.gz', 'parquet'])('reads .%s', async (ending) => {
    const source = await table(header(), rows(), ending === 'tsv' ? 'tsv' : 'csv');
    let file = source;
    if (ending === 'parquet') {
      file = source.replace(/csv$/, 'parquet');
      await withMemoryDatabase((connection) =>
        queryColumns(
          connection,
          `COPY (FROM read_csv(${quoteFile(source)})) TO ${quoteFile(file)} (FORMAT parquet)`,
        ),
      );
    } else if (ending === 'csv.gz') {
      const { gzipSync } = await import('node:zlib');
      file = `${source}.gz`;
      await fs.writeFile(file, gzipSync(await fs.readFile(source)));
    }
    const { seen } = await recordOf(await bring(file));
    expect(seen.train.predicted).toBeGreaterThan(0);
  });

  it('prefers columns of probabilities to columns of labels with the names of the classes', async () => {
    const cells = ids.map((id, i) => [id, 1, 0, 0, ...sure(i)].slice(0, 1 + 2 * classes.length));
    const labels = classes.map(() => 0);
    const file = await table(
      ['image', ...classes, ...classes.map((name) => `prob_${name.toLowerCase()}`)],
      cells.map(([id], i) => [id!, ...labels, ...sure(i)]),
    );
    const { trainer } = await recordOf(await bring(file));
    expect(trainer.settings['columns']).toEqual(classes.map((name) => `prob_${name.toLowerCase()}`));
  });

  it('cannot be exported, explained or made again, and says why in one sentence', async () => {
    const result = await bring(await table(header(), rows()));
    const project = await openProject(root);
    const run = await findWholeRun(root, result.run, project.dataset, () => undefined);
    expect(run.record.can).toMatchObject({
      compare: true,
      refit: expect.stringContaining('only its predictions') as string,
    });
    const explaining = { env: {}, cacheDir: folder, device: 'cpu', quick: true } as const;
    await expect(openExplainer(project, run, explaining)).rejects.toMatchObject({
      code: 'OVR804',
      message: expect.stringMatching(
        /has no heat maps: only its predictions were brought, not the model$/,
      ) as string,
    });
    await expect(exportModel(project, run, { env: {}, cacheDir: folder })).rejects.toMatchObject({
      code: 'OVR804',
      message: expect.stringMatching(
        /cannot be exported: only its predictions were brought, not the model$/,
      ) as string,
    });
  });
});

describe('rows that are left out, and told', () => {
  it.each<[string, (cells: Cells[]) => Cells[], string, string]>([
    ['an unknown sample', (all) => [...all, ['nobody.png', 0.8, 0.1, 0.1]], 'OVR400', '1 row name no sample'],
    ['a sample twice, alike', (all) => [...all, all[0]!], 'OVR203', 'repeat'],
    ['a sample twice, differently', (all) => [...all, [all[0]![0]!, 0.1, 0.8, 0.1]], 'OVR203', 'contradict'],
    ['text', (all) => [[all[0]![0]!, 'high', 0.1, 0.1], ...all.slice(1)], 'OVR806', 'no number'],
    ['NaN', (all) => [[all[0]![0]!, 'NaN', 0.1, 0.1], ...all.slice(1)], 'OVR806', 'no number'],
    [
      'an infinite number',
      (all) => [[all[0]![0]!, '1e999', 0.1, 0.1], ...all.slice(1)],
      'OVR806',
      'no number',
    ],
    ['an empty cell', (all) => [[all[0]![0]!, '', 0.1, 0.1], ...all.slice(1)], 'OVR806', 'no number'],
    [
      'a negative probability',
      (all) => [[all[0]![0]!, -0.1, 1, 0.1], ...all.slice(1)],
      'OVR806',
      'outside 0 to 1',
    ],
    ['a sum that is not 1', (all) => [[all[0]![0]!, 0.9, 0.9, 0.9], ...all.slice(1)], 'OVR806', 'add up'],
    ['a row with too few cells', (all) => [[all[0]![0]!, 0.1], ...all.slice(1)], 'OVR806', 'fewer cells'],
    ['a sample that has no row', (all) => all.slice(1), 'OVR806', '1 of 30 samples have no prediction'],
  ])('%s', async (_, change, code, words) => {
    const { problems } = await bring(await table(header(), change(rows())));
    expect(problems).toContainEqual(
      expect.objectContaining({
        code,
        severity: 'warning',
        message: expect.stringContaining(words) as string,
      }),
    );
  });

  it('contradicting rows leave the sample without a prediction', async () => {
    const twice: Cells[] = [...rows(), [ids[0]!, 0.1, 0.8, 0.1]];
    const record = await recordOf(await bring(await table(header(), twice)));
    expect(record.trainer.settings['missing']).toBe(1);
  });
});

describe('a file that is refused', () => {
  const refusal = async (file: string, request: Partial<ImportRequest> = {}, project = root) =>
    bring(file, request, project).then(
      () => undefined,
      (error: unknown) => (error as OverreadError).toJSON(),
    );

  it.each<[string, () => Promise<string>, Partial<ImportRequest>, string, string]>([
    [
      'logits that nobody called so',
      () =>
        table(
          header(),
          rows().map(([id]) => [id!, 4.2, -1, 0]),
        ),
      {},
      'OVR805',
      '--values logits',
    ],
    [
      'sigmoids in a multi-class project',
      () =>
        table(
          header(),
          rows().map(([id]) => [id!, 0.9, 0.9, 0.9]),
        ),
      {},
      'OVR805',
      'multi-label',
    ],
    [
      'percentages',
      () =>
        table(
          header(),
          rows().map(([id]) => [id!, 80, 10, 10]),
        ),
      {},
      'OVR805',
      'divided by 100',
    ],
    [
      'a class that is spelt otherwise',
      () => table(['image', 'Normal', 'Opacitie', 'Nodule'], rows()),
      {},
      'OVR805',
      'Did you mean "Opacitie"?',
    ],
    ['no column of a class', () => table(['image', 'a', 'b', 'c'], rows()), {}, 'OVR805', 'no column for'],
    [
      'samples of another project',
      () =>
        table(
          header(),
          rows().map(([, ...p], i) => [`x${i}`, ...p]),
        ),
      {},
      'OVR805',
      'No column names samples',
    ],
    [
      'a column of ids that is not there',
      () => table(header(), rows()),
      { id: 'imagee' },
      'OVR201',
      'Did you mean "image"?',
    ],
    [
      'a column of what was seen that is not there',
      () => table(header(), rows()),
      { seen: { by: 'column', column: 'trained' } },
      'OVR201',
      '--seen-column',
    ],
    [
      'what was seen in other words',
      () =>
        table(
          [...header(), 'fold'],
          rows().map((row) => [...row, 'three']),
        ),
      { seen: { by: 'column', column: 'fold' } },
      'OVR805',
      '"three" does not say',
    ],
    [
      'an unknown class in the long form',
      () =>
        table(
          ['image', 'class', 'p'],
          ids.flatMap((id) => [...classes.slice(1), 'Normall'].map((name) => [id, name, 0.3])),
        ),
      {},
      'OVR805',
      'Did you mean "Normal"?',
    ],
    ['nothing but a header', () => table(header(), []), {}, 'OVR202', 'no rows'],
    ['another format', () => table(header(), rows(), 'ods'), {}, 'OVR200', 'unknown format'],
    ['nothing', () => Promise.resolve(path.join(folder, 'nothing.csv')), {}, 'OVR805', 'missing'],
  ])('%s', async (_, file, request, code, words) => {
    const report = await refusal(await file(), request);
    expect(report?.code).toBe(code);
    expect(JSON.stringify(report).replaceAll('\\"', '"')).toContain(words);
    const left = (await fs.readdir(path.join(root, 'runs'))).filter((name) => name.startsWith('.'));
    expect(left).toEqual([]);
  });
});
