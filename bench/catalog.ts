/**
 * The NIH table (112,120 rows) opened, filtered and ranked, beside the same in DuckDB alone
 * (npm run bench:catalog): once with one class per image, once with 14 findings (1.57 million items).
 * Predictions are synthetic and seeded; both sides start from the same files and must give the same list.
 */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { quoteFile, withMemoryDatabase } from '../src/core/base/duckdb';
import { SplitMix32 } from '../src/core/base/random';
import { loadConfig, type ProjectConfig } from '../src/core/config/config';
import type { Dataset, SplitAssignment } from '../src/core/dataset/model';
import { readDataset } from '../src/core/dataset/read';
import type { PredictionColumns } from '../src/core/evaluation/model';
import { effectiveLabels } from '../src/core/labels/effectiveLabels';
import type { LabelEvent } from '../src/core/labels/model';
import { Catalog } from '../src/core/review/catalog';
import { FilterStarter } from '../src/core/review/filterStarter';
import type { ItemQuery } from '../src/core/review/model';
import { readPredictions, writePredictions } from '../src/core/runs/predictionsFile';
import { type Check, checkBound, percentile, writeResult } from './result';

const source = path.resolve('../shared/data/manifests/Data_Entry_2017_v2020.csv.gz');
const rounds = 5;
/** Filters run beside, in a process that starts while the table is read: as in the engine and the command line. */
const filterStarter = new FilterStarter(path.resolve('dist', 'filters.js'));

const findings =
  'Atelectasis Cardiomegaly Consolidation Edema Effusion Emphysema Fibrosis Hernia Infiltration Mass Nodule Pleural_Thickening Pneumonia Pneumothorax'.split(
    ' ',
  );

const yaml = `version: 1
name: NIH
dataset: { table: nih.csv, path: Image Index, group: Patient ID }
labels: { task: multi-label, column: Finding Labels, separator: '|', findings: [${findings.join(', ')}] }
`;

/** The filter in both dialects: the catalog's, and plain SQL over table `s` joined with predictions `p`. */
const where = `"Patient Age" > 60 and "View Position" = 'PA' and confidence > 0.6`;

interface Case {
  readonly name: string;
  readonly dataset: Dataset;
  readonly predictions: PredictionColumns;
  /** The run's predictions.parquet, from which both sides start. */
  readonly parquet: string;
}

async function main(): Promise<void> {
  if (!existsSync(source)) {
    const detail = 'the NIH table of ../shared/data/manifests is not here';
    writeResult('catalog', { checks: [{ name: 'catalog', verdict: 'skipped', detail }], figures: {} });
    return;
  }
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-catalog-'));
  try {
    await fs.writeFile(path.join(root, 'overread.yaml'), yaml);
    const table = path.join(root, 'nih.csv');
    await pipeline(createReadStream(source), createGunzip(), createWriteStream(table));
    const config = await loadConfig(root);
    const { dataset } = await readDataset(root, config);
    const checks: Check[] = [];
    const figures: Record<string, unknown> = {};
    for (const one of [
      makeCase('112,120 × 1 class', oneClass(dataset), 1, root),
      makeCase('112,120 × 14 findings', dataset, 2, root),
    ]) {
      const { dataset: own, predictions } = one;
      const labels = effectiveLabels(own, [], { disputed: 'exclude' });
      const rareFindings = own.findings.map(() => false);
      const input = { dataset: own, assignment: assign(own), labels, predictions, rareFindings };
      await writePredictions(one.parquet, input);
      const ours = await measureOurs(one, root, config);
      const alone = await measureDuckDb(own.task, table, one.parquet);
      const ratios = {
        from_files: ours.figures.from_files_s / alone.figures.from_files_s,
        once_open: ours.figures.filter_rank_s / alone.figures.filter_rank_s,
      };
      const size = { items: ours.items, listed: ours.keys.length };
      figures[one.name] = { ...size, ours: ours.figures, duckdb_alone: alone.figures, ratios };
      const print = (what: string, value: number): void =>
        console.log(`${one.name}, ${what}: ${value.toFixed(3)}`);
      print('files to list, ratio to DuckDB alone', ratios.from_files);
      print('filter and rank once open, ratio to DuckDB alone', ratios.once_open);
      checks.push(
        {
          name: `${one.name}: the same list as DuckDB alone`,
          verdict: sameList(ours.keys, alone.keys) ? 'pass' : 'fail',
          detail: `${size.listed} of ${size.items} items`,
        },
        checkSeconds(`${one.name}: catalog opened, filtered and ranked`, ours.figures.open_filter_rank_s),
        checkSeconds(`${one.name}: filtered and ranked once open`, ours.figures.filter_rank_s),
        checkSeconds(`${one.name}: twenty relabels to the re-ranked list`, ours.figures.relabel_20_s),
      );
    }
    writeResult('catalog', { checks, figures });
  } finally {
    await fs.rm(root, { recursive: true, force: true });
  }
}

function checkSeconds(name: string, seconds: number): Check {
  return checkBound(`${name}, s`, seconds, 'under 1', seconds < 1);
}

const since = (started: number): number => (performance.now() - started) / 1000;

/** The same images with one class: whether anything was found. */
function oneClass(dataset: Dataset): Dataset {
  return {
    ...dataset,
    task: 'multi-class',
    findings: [
      { name: 'class', values: ['No Finding', 'Finding'], uncertain: 'masked', unmentioned: 'masked' },
    ],
    samples: dataset.samples.map((sample) => ({
      ...sample,
      given: [sample.given.includes('1') ? 'Finding' : 'No Finding'],
    })),
  };
}

/** Seeded predictions that agree with the labels more often than not. */
function makeCase(name: string, dataset: Dataset, seed: number, root: string): Case {
  const random = new SplitMix32(seed);
  const multiClass = dataset.task === 'multi-class';
  const outputs = multiClass ? dataset.findings[0]!.values : findings;
  const probabilities = new Float64Array(dataset.samples.length * outputs.length);
  dataset.samples.forEach((sample, i) => {
    if (multiClass) {
      const p = sigmoid(random.normal() * 1.5 + (sample.given[0] === 'Finding' ? 1 : -1));
      probabilities.set([1 - p, p], 2 * i);
    } else {
      sample.given.forEach((value, f) => {
        probabilities[i * outputs.length + f] = sigmoid(random.normal() * 1.5 + (value === '1' ? 0.5 : -2.5));
      });
    }
  });
  const outOfFold = new Uint8Array(dataset.samples.length).fill(1);
  const thresholds = multiClass ? [] : outputs.map(() => 0.4);
  const parquet = path.join(root, `predictions-${seed}.parquet`);
  return { name, dataset, parquet, predictions: { outputs, probabilities, outOfFold, thresholds } };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function assign(dataset: Dataset): SplitAssignment {
  const split = dataset.samples.map((_, i) => (['train', 'train', 'validation', 'test'] as const)[i % 4]!);
  return { split, fold: new Int32Array(split.length), folds: 5 };
}

async function openCatalog({ dataset, predictions }: Case): Promise<Catalog> {
  const labels = effectiveLabels(dataset, [], { disputed: 'exclude' });
  return Catalog.open({ dataset, assignment: assign(dataset), labels, predictions, filterStarter });
}

const query: ItemQuery = { queue: 'errors', splits: [], sort: 'loss', descending: true, where };

/** Medians over rounds; each round reads the files and opens the catalog anew. */
async function measureOurs(one: Case, root: string, config: ProjectConfig) {
  const { outputs, thresholds } = one.predictions;
  const { task } = one.dataset;
  const times: Record<string, number[]> = {};
  const note = (name: string, value: number): void => void (times[name] ??= []).push(value);
  let keys: string[] = [];
  let items = 0;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    filterStarter.prepare();
    await readDataset(root, config);
    note('read_table_s', since(started));
    const reading = performance.now();
    const predictions = await readPredictions(one.parquet, { task, outputs, thresholds }, one.dataset);
    note('read_predictions_s', since(reading));
    const opening = performance.now();
    const catalog = await openCatalog({ ...one, predictions });
    note('open_s', since(opening));
    const result = await catalog.query(query);
    note('open_filter_rank_s', since(opening));
    note('from_files_s', since(started));
    if (round === 0) {
      items = catalog.items;
      keys = Array.from(result.rows, (row) => `${catalog.item(row).sample} ${catalog.item(row).finding}`);
    }
    let asked = performance.now();
    await catalog.query(query);
    note('filter_rank_s', since(asked));
    asked = performance.now();
    await catalog.query({ ...query, where: '' });
    note('rank_all_errors_s', since(asked));
    asked = performance.now();
    await catalog.query({ ...query, queue: 'all', where: '' });
    note('rank_all_items_s', since(asked));
    asked = performance.now();
    catalog.applyEvents(relabel(catalog, result.rows.subarray(0, 20), round));
    note('apply_20_s', since(asked));
    await catalog.query(query);
    note('relabel_20_s', since(asked));
    catalog.close();
  }
  const figures = Object.fromEntries(
    Object.entries(times).map(([name, values]) => [name, percentile(values, 0.5)]),
  ) as Record<'from_files_s' | 'open_filter_rank_s' | 'filter_rank_s' | 'relabel_20_s', number>;
  return { keys, items, figures };
}

function relabel(catalog: Catalog, rows: Int32Array, round: number): LabelEvent[] {
  return Array.from(rows, (row, k) => {
    const item = catalog.item(row);
    const id = `01ARZ3NDEKTSV4RRFF${String(round * 100 + k).padStart(8, '0')}`;
    const time = new Date(1_700_000_000_000 + k).toISOString();
    const { sample, finding, predicted: value } = item;
    return {
      v: 1,
      id,
      batch: `b${round}`,
      time,
      annotator: 'Ann',
      role: 'reader',
      op: 'set',
      sample,
      finding,
      value,
    };
  });
}

/** The same list and confusion counts by SQL: files to tables, one join, filter, sort; the keys of the items come back. */
async function measureDuckDb(task: Dataset['task'], table: string, parquet: string) {
  const confidence = task === 'multi-class' ? 'p' : "CASE WHEN predicted = '1' THEN p ELSE 1 - p END";
  const from = `FROM (SELECT *, ${confidence} AS confidence FROM p) AS p JOIN s ON s."Image Index" = p.sample WHERE (${where})`;
  const list = `SELECT p.sample, p.finding ${from} AND wrong ORDER BY loss DESC, s.rowid, p.finding`;
  const confusion = `SELECT given, predicted, count(*) ${from} GROUP BY ALL`;
  const opened: number[] = [];
  const all: number[] = [];
  const asking: number[] = [];
  let keys: string[] = [];
  for (let round = 0; round < rounds; round++) {
    await withMemoryDatabase(async (connection) => {
      const ask = async (): Promise<string[]> => {
        const rows = (await connection.runAndReadAll(list)).getColumns();
        (await connection.runAndReadAll(confusion)).getColumns();
        return rows[0]!.map((sample, k) => `${String(sample)} ${String(rows[1]![k])}`);
      };
      const started = performance.now();
      await connection.run(`CREATE TABLE s AS FROM read_csv(${quoteFile(table)})`);
      await connection.run(`CREATE TABLE p AS FROM read_parquet(${quoteFile(parquet)})`);
      opened.push(since(started));
      keys = await ask();
      all.push(since(started));
      const asked = performance.now();
      await ask();
      asking.push(since(asked));
    });
  }
  const figures = {
    open_s: percentile(opened, 0.5),
    from_files_s: percentile(all, 0.5),
    filter_rank_s: percentile(asking, 0.5),
  };
  return { keys, figures };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, k) => key === b[k]);
}

void main();
