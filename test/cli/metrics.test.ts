/** `overread metrics`: the run's own figures, the curves behind them, operating points, a guarantee; and the looks it costs. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunMetrics } from '../../src/core/evaluation/model';
import type { OperatingFigures, RunAnalysis } from '../../src/core/evaluation/runAnalysis';
import type { GuaranteeReport } from '../../src/core/report/guaranteeModel';
import { decodeModel } from '../../src/core/onnx/schema';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

type Document = RunAnalysis & {
  readonly figures: RunMetrics;
  readonly at_threshold?: {
    readonly output: string;
    readonly figures: readonly { readonly part: string; readonly figures: OperatingFigures }[];
  };
  readonly guarantee?: GuaranteeReport;
};

let folder: string;
let root: string;
let dir: string;
let settings: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cli-metrics-'));
  root = path.join(folder, 'sample');
  ({ dir } = await readyFinetuned(root, 120));
  settings = await fs.readFile(path.join(root, 'overread.yaml'), 'utf8');
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const metrics = (...more: string[]): Promise<Document> => commandJson<Document>(['metrics', root, ...more]);
const looks = async (): Promise<number> =>
  (await fs.readFile(path.join(root, 'splits', 'test-looks.jsonl'), 'utf8').catch(() => '')).split('\n')
    .length - 1;
const withSettings = (more: string): Promise<void> =>
  fs.writeFile(path.join(root, 'overread.yaml'), `${settings}\n${more}`);

describe('overread metrics', () => {
  it('shows the run’s own figures, and curves whose areas are those figures', async () => {
    const document = await metrics();
    const file = JSON.parse(await fs.readFile(path.join(dir, 'metrics.json'), 'utf8')) as RunMetrics;
    expect(document.parts.map(({ part }) => part)).toEqual(['out_of_fold', 'validation']);
    expect(document.table_changed).toBe(false);
    for (const { part, metrics: shown, outputs } of document.parts) {
      expect(shown).toEqual(file[part]);
      for (const { name, roc, precision_recall: pr, positivePatients, negativePatients } of outputs) {
        const own = shown.outputs.find((output) => output.name === name)!;
        if (!roc || !pr) {
          expect(own.auroc.value).toBeNull();
          continue;
        }
        const area = roc.x.reduce(
          (sum, x, n) => sum + (n === 0 ? 0 : (x - roc.x[n - 1]!) * ((roc.y[n]! + roc.y[n - 1]!) / 2)),
          0,
        );
        expect(area).toBeCloseTo(own.auroc.value!, 9);
        const steps = pr.x.reduce((sum, x, n) => sum + (x - (pr.x[n - 1] ?? 0)) * pr.y[n]!, 0);
        expect(steps).toBeCloseTo(own.auprc.value!, 9);
        expect(roc.band !== null).toBe(Math.min(positivePatients, negativePatients) >= 10);
      }
    }
    expect(document.parts[0]!.outputs.some(({ roc }) => roc?.band)).toBe(true);
    expect(document.figures).not.toHaveProperty('test');
    expect(await looks()).toBe(0);
  });

  it('finds thresholds for targets out of fold, shows them on validation, and exports them with the model', async () => {
    const [name = ''] = (await metrics('--no-bands')).parts[0]!.outputs.map((output) => output.name);
    await withSettings(`operating_points:\n  ${name}: { sensitivity: 0.9 }\n`);
    const { operating_points: points, bands } = await metrics('--no-bands');
    expect(bands).toBe(false);
    expect(points).toHaveLength(1);
    const [outOfFold, validation] = points[0]!.figures;
    expect(outOfFold!.part).toBe('out_of_fold');
    expect(outOfFold!.figures.sensitivity.value).toBeGreaterThanOrEqual(0.9);
    expect(validation!.part).toBe('validation');
    const { true_positives: right, false_negatives: missed } = validation!.figures;
    expect(validation!.figures.sensitivity.value).toBeCloseTo(right / (right + missed), 12);
    const { file, operating_points: exported } = await commandJson<{
      file: string;
      operating_points: unknown[];
    }>(['export', root]);
    expect(exported).toEqual(points);
    const { metadataProps } = decodeModel(await fs.readFile(file));
    const written = metadataProps.find(({ key }) => key === 'operating_points')?.value;
    expect(JSON.parse(written ?? '')).toMatchObject([
      {
        output: name,
        target: { sensitivity: 0.9 },
        threshold: points[0]!.threshold,
        validation: { sensitivity: validation!.figures.sensitivity.value },
      },
    ]);
    const { stdout } = await runCommand(['metrics', root, '--no-bands']);
    expect(stdout).toContain(`${name}, sensitivity 90 %`);
    expect(stdout).toMatch(/calibration, out of fold +ECE +Brier/);
  });

  it('weights predictive values to the prevalence that is given', async () => {
    const [name = ''] = (await metrics('--no-bands')).parts[0]!.outputs.map((output) => output.name);
    await withSettings(`prevalence:\n  ${name}: 0.02\n`);
    const { at_threshold: at } = await metrics('--no-bands', '--output', name, '--threshold', '0.5');
    for (const { figures } of at!.figures) {
      const [se, sp] = [figures.sensitivity.value!, figures.specificity.value!];
      if (figures.ppv.value !== null)
        expect(figures.ppv.value).toBeCloseTo((se * 0.02) / (se * 0.02 + (1 - sp) * 0.98), 12);
      expect(figures.npv.value).toBeCloseTo((sp * 0.98) / (sp * 0.98 + (1 - se) * 0.02), 12);
    }
    const { stdout } = await runCommand(['metrics', root, '--no-bands']);
    expect(stdout).toContain(`prevalence of ${name} 2 %`);
  });

  it('refuses names that the run and the project do not have', async () => {
    await withSettings('operating_points:\n  Nodul: youden\n');
    const refused = await runCommand(['metrics', root]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('"Nodul" is no class');
    await withSettings('');
    const unknown = await runCommand(['metrics', root, '--output', 'Nodul', '--threshold', '0.5']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Did you mean Nodule?');
    expect((await runCommand(['metrics', root, '--threshold', '0.5'])).stderr).toContain('--output NAME');
    expect((await runCommand(['metrics', root, '--threshold', '1'])).code).toBe(2);
  });

  it('a guarantee spends the untouched test part once, and none is given after a look', async () => {
    const asked = ['--no-bands', '--output', 'Nodule', '--guarantee', 'npv=0.5', '--confidence', '0.8'];
    const first = await metrics(...asked);
    expect(first.guarantee).toMatchObject({ output: 'Nodule', figure: 'npv', atLeast: 0.5, confidence: 0.8 });
    expect(first.guarantee!.given.patients).toBeGreaterThan(0);
    expect(await looks()).toBe(1);
    const again = await metrics(...asked);
    expect(again.guarantee!.given).toEqual({
      patients: 0,
      why: expect.stringContaining('has been looked at once') as string,
    });
    expect(await looks()).toBe(1);
  });

  it('shows the test part where it is asked for, and counts the look', async () => {
    const before = await looks();
    const document = await metrics('--test', '--no-bands');
    expect(document.parts.map(({ part }) => part)).toEqual(['out_of_fold', 'validation', 'test']);
    expect(document.figures).toHaveProperty('test.accuracy');
    expect(await looks()).toBe(before + 1);
  });
});
