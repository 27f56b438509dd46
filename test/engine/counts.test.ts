/**
 * One count of errors: every place that tells it is asked on one project, whose labels have every state that there is
 * (edited, kept, uncertain, disputed, excluded), and all of them are held against a count made by hand of the run's
 * predictions and the exported labels.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryColumns, quoteFile, withMemoryDatabase } from '../../src/core/base/duckdb';
import type { MetricsFile } from '../../src/core/evaluation/model';
import type { RunRecord } from '../../src/core/runs/model';
import type { ItemQuery, ProjectSummary } from '../../src/protocol/engineApi';
import { Formatter } from '../../webview-ui/grid/format';
import { english } from '../../webview-ui/grid/strings';
import { quickModel } from '../support/cli';
import { writeFindingsTable } from '../support/findingsTable';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson, runCommand } from '../support/inProcess';
import { withKeptFeatures } from '../support/keptFeatures';
import { readySample } from '../support/readyProjects';

const formatter = new Formatter(english, 'en');

/** An item by hand: a row of the predictions beside the exported label. */
interface Item {
  readonly sample: string;
  readonly finding: string;
  readonly split: string;
  readonly predicted: string;
  readonly value: string;
  readonly excluded: boolean;
  readonly disputed: boolean;
  readonly kept: boolean;
}

interface Case {
  readonly task: 'multi-class' | 'multi-label';
  readonly unit: 'images' | 'findings';
  readonly images: number;
  /** Makes the project. */
  readonly make: (root: string) => Promise<void>;
  /** Two values of a finding. */
  readonly values: readonly [string, string];
  readonly finding: string;
  /** What an item's label counts as; undefined: for nothing. */
  readonly target: (value: string) => string | undefined;
}

const cases: readonly Case[] = [
  {
    task: 'multi-class',
    unit: 'images',
    images: 60,
    make: (root) => readySample(root, 60),
    values: ['Opacity', 'Normal'],
    finding: 'class',
    target: (value) => (value === '' || value === 'uncertain' ? undefined : value),
  },
  {
    task: 'multi-label',
    unit: 'findings',
    images: 160,
    make: async (root) => {
      await readySample(`${root}-source`, 160);
      const csv = await writeFindingsTable(`${root}-source`);
      await commandJson(['init', root, '--csv', csv]);
    },
    values: ['1', '0'],
    finding: 'Opacity',
    // Uncertain is masked, unmentioned is negative: the defaults.
    target: (value) => (value === 'uncertain' ? undefined : value === '' ? '0' : value),
  },
];

describe.each(cases)(
  'the count of errors, $task',
  ({ task, unit, images, make, values, finding, target }) => {
    let folder: string;
    let root: string;
    let engine: ForkedEngine;
    let summary: ProjectSummary;
    let record: RunRecord;
    let metrics: MetricsFile;
    let terminal: string;
    let items: readonly Item[];
    let keptSamples: readonly string[];

    beforeAll(async () => {
      folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-counts-'));
      root = path.join(folder, 'project');
      await make(root);
      await withKeptFeatures(root, `quick-${images}`, () => commandJson(['finetune', root, ...quickModel]));
      const { errors } = await errorsOf();
      const wrong = errors.filter((error) => error.finding === finding).map(({ sample }) => sample);
      keptSamples = wrong.slice(0, 3);
      await answer('keep', keptSamples, 'Reader A');
      // Edited before the last run: it was trained on them.
      const [first, second, third, fourth, fifth] = await trainingSamples();
      await answer('uncertain', [first!], 'Reader A');
      await answer('exclude', [second!], 'Reader A');
      await label(third!, values[0], 'Reader A');
      await label(third!, values[1], 'Reader B');
      await label(fourth!, values[1], 'Reader A');
      await label(fifth!, values[0], 'Reader A');
      const finetuned = await runCommand(['finetune', root, ...quickModel, '--name', 'counted']);
      terminal = finetuned.stdout;
      const [run] = (await commandJson<{ runs: readonly (RunRecord & { dir: string })[] }>(['runs', root]))
        .runs;
      const dir = path.join(root, 'runs', run!.run);
      record = JSON.parse(await fs.readFile(path.join(dir, 'run.json'), 'utf8')) as RunRecord;
      metrics = JSON.parse(await fs.readFile(path.join(dir, 'metrics.json'), 'utf8')) as MetricsFile;
      items = await readItems(dir);
      engine = forkEngine();
      summary = await engine.rpc.call('openProject', root);
    }, 120_000);
    afterAll(async () => {
      await engine.kill();
      await fs.rm(folder, { recursive: true, force: true });
    });

    const errorsOf = (): Promise<{ errors: readonly { sample: string; finding: string }[] }> =>
      commandJson(['errors', root], [0, 1]);
    const by = (annotator: string): string[] => ['--annotator', annotator];
    const answer = (op: string, samples: readonly string[], annotator: string) =>
      commandJson([op, root, ...samples, '--finding', finding, ...by(annotator)]);
    const label = (sample: string, value: string, annotator: string) =>
      commandJson([
        ...['label', root, sample, task === 'multi-label' ? `${finding}=${value}` : value],
        ...by(annotator),
      ]);
    /** Samples of the training part that nothing was said of. */
    const trainingSamples = async (): Promise<readonly string[]> => {
      const [run] = (await commandJson<{ runs: readonly RunRecord[] }>(['runs', root])).runs;
      const predictions = quoteFile(path.join(root, 'runs', run!.run, 'predictions.parquet'));
      const sql = `SELECT DISTINCT sample FROM read_parquet(${predictions}) WHERE split = 'train' ORDER BY sample`;
      const { columns } = await withMemoryDatabase((connection) => queryColumns(connection, sql));
      return columns[0]!.map(String).filter((sample) => !keptSamples.includes(sample));
    };
    const readItems = async (dir: string): Promise<readonly Item[]> => {
      const csv = path.join(folder, 'labels.csv');
      await commandJson(['export', root, '--labels', csv]);
      const predictions = quoteFile(path.join(dir, 'predictions.parquet'));
      const sql = `SELECT sample, finding, split, predicted, coalesce(l.value, '') AS value, l.excluded, l.disputed
      FROM read_parquet(${predictions}) p JOIN read_csv(${quoteFile(csv)}, all_varchar = true) l USING (sample, finding)`;
      const { columns, rowCount } = await withMemoryDatabase((connection) => queryColumns(connection, sql));
      const cell = (column: number, row: number): string => String(columns[column]![row]);
      return Array.from({ length: rowCount }, (_, row) => ({
        sample: cell(0, row),
        finding: cell(1, row),
        split: cell(2, row),
        predicted: cell(3, row),
        value: cell(4, row),
        excluded: cell(5, row) === 'true',
        disputed: cell(6, row) === 'true',
        kept: cell(1, row) === finding && keptSamples.includes(cell(0, row)),
      }));
    };

    const isWrong = ({ value, predicted, excluded, disputed }: Item): boolean =>
      !excluded && !disputed && target(value) !== undefined && target(value) !== predicted;
    const reviewed = (): readonly Item[] => items.filter(({ split }) => split !== 'test');
    const expected = (): number => reviewed().filter((item) => isWrong(item) && !item.kept).length;

    it('has something to count in every state', () => {
      expect(items.length).toBe(task === 'multi-label' ? images * 2 : images);
      expect(expected()).toBeGreaterThan(3);
      expect(items.some(({ split, ...item }) => split === 'test' && isWrong({ split, ...item }))).toBe(true);
      for (const state of ['excluded', 'disputed', 'kept'] as const) {
        expect(items.filter((item) => item[state]).map(({ split }) => split)).toContain('train');
      }
      expect(reviewed().filter((item) => item.kept && isWrong(item)).length).toBeGreaterThan(0);
      expect(record.counts.edited).toBeGreaterThan(0);
    });

    it('is the same in the terminal, in run.json, of "overread errors" and "overread runs", with its unit', async () => {
      const words = `${expected()} ${unit} with errors`;
      expect(terminal).toContain(`  ${words} to review, after `);
      expect(record.counts.errors).toBe(expected());
      expect((await errorsOf()).errors.length).toBe(expected());
      expect((await runCommand(['errors', root])).stdout).toContain(`${words} in run ${record.run}`);
      expect((await runCommand(['runs', root])).stdout).toMatch(
        new RegExp(`${record.run} .* ${expected()} ${unit} `),
      );
    });

    it('is the same in the queue, in the tree, and in the heading of the grid, with its unit', async () => {
      const [queue] = summary.queueInfos;
      expect(summary.queues['errors']).toBe(expected());
      const groups = summary.groups.filter(({ split }) => split !== 'test');
      expect(groups.reduce((sum, { errors }) => sum + errors, 0)).toBe(expected());
      const query: ItemQuery = {
        queue: 'errors',
        splits: ['train', 'validation'],
        sort: 'loss',
        descending: true,
      };
      const { total } = await engine.rpc.call('query', root, query);
      expect(formatter.plural(queue!.counted, total)).toBe(`${expected()} ${unit} with errors`);
      expect(formatter.units(total, task === 'multi-label')).toBe(`${expected()} ${unit}`);
    });

    it('goes with the figures and the matrix, which know nothing of "kept"', async () => {
      const parts = [metrics.out_of_fold, metrics.validation];
      const wrongOf = ({ confusion }: (typeof parts)[number]): number =>
        confusion.matrices
          .flatMap(({ counts }) => counts.map((row, i) => row.filter((_, j) => i !== j)))
          .flat()
          .reduce((sum, count) => sum + count, 0);
      const wrong = reviewed().filter(isWrong).length;
      expect(parts.reduce((sum, part) => sum + wrongOf(part), 0)).toBe(wrong);
      const all: ItemQuery = {
        queue: 'all',
        splits: ['train', 'validation'],
        sort: 'path',
        descending: false,
      };
      const { confusion } = await engine.rpc.call('query', root, all);
      const differing = confusion.labels.flatMap((given, i) =>
        confusion.predicted.map((predicted, j) => {
          const counted = target(given);
          return counted !== undefined && counted !== predicted ? (confusion.counts[i]?.[j] ?? 0) : 0;
        }),
      );
      expect(differing.reduce((sum, count) => sum + count, 0)).toBe(wrong);
    });

    it('leaves out what the other queues and the exported labels hold', () => {
      const of = (holds: (item: Item) => boolean): number => reviewed().filter(holds).length;
      expect(record.counts.excluded).toBe(items.filter(({ excluded }) => excluded).length);
      expect(record.counts.disputed).toBe(items.filter(({ disputed }) => disputed).length);
      expect(summary.queues['disputed']).toBe(of(({ disputed, excluded }) => disputed && !excluded));
      expect(summary.queues['uncertain']).toBe(
        of(({ value, excluded }) => value === 'uncertain' && !excluded),
      );
      expect(summary.queues['all']).toBe(reviewed().length);
      // What was edited before the run is trained on.
      expect(summary.queues['edited']).toBe(0);
      for (const { counted } of summary.queueInfos)
        expect(counted.other).toMatch(new RegExp(`\\b${unit}\\b`));
    });

    it('follows one answer everywhere at once', async () => {
      const { errors } = await errorsOf();
      const { sample } = errors.find((error) => error.finding === finding)!;
      await answer('accept', [sample], 'Reader A');
      const { queues, groups } = await engine.rpc.call('openProject', root);
      const left = (await errorsOf()).errors.length;
      expect(left).toBe(expected() - 1);
      expect(queues['errors']).toBe(left);
      expect(groups.filter(({ split }) => split !== 'test').reduce((sum, one) => sum + one.errors, 0)).toBe(
        left,
      );
      expect(queues['edited']).toBe(1);
    });
  },
);
