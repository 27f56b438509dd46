/** Everything that is drawn of a run: curves with bands, calibration, decision curves, operating points, readers. */
import type { WorkOptions } from '../base/ports';
import { present } from '../base/present';
import { curveBands, type CurveBands } from '../evaluation/curveBands';
import { precisionRecallCurve, rocCurve, visiblePoints } from '../evaluation/curves';
import { decisionCurve } from '../evaluation/decisionCurve';
import { intervalReplicates } from '../evaluation/measure';
import { countPatients } from '../evaluation/metrics';
import type { Metrics } from '../evaluation/model';
import type { OutputEntries } from '../evaluation/part';
import { readerPoints } from '../evaluation/readerPoints';
import { reliability } from '../evaluation/reliability';
import type {
  Band,
  DrawnCurve,
  OutputAnalysis,
  PartAnalysis,
  ReaderPoint,
  RunAnalysis,
} from '../evaluation/runAnalysis';
import type { Project } from '../project/project';
import { measuredParts, type MeasuredPart, type MeasuredRun } from '../runs/measuredParts';
import { runOperatingPoints } from '../runs/operatingPoints';
import type { WholeRun } from '../runs/wholeRun';

export interface AnalyseOptions extends WorkOptions {
  /** Also the test part: the look is to be counted. */
  readonly test: boolean;
  /** With bands, which take longer than all else. */
  readonly bands: boolean;
}

/**
 * Looks at a run by the labels that it was measured by. Figures are those of the run; nothing is computed twice.
 * @throws OVR804 the run's classes are not the project's; OVR002 cancelled
 */
export async function analyseRun(
  project: Pick<Project, 'dataset' | 'assignment' | 'log' | 'config'>,
  run: WholeRun,
  options: AnalyseOptions,
): Promise<RunAnalysis> {
  return analyseMeasured(project, run, measuredParts(project, run, options.test), options);
}

/** The same of a run that is laid out already. */
export async function analyseMeasured(
  { config }: Pick<Project, 'config'>,
  run: Pick<WholeRun, 'record' | 'metrics'>,
  measured: MeasuredRun,
  options: Omit<AnalyseOptions, 'test'>,
): Promise<RunAnalysis> {
  const parts: PartAnalysis[] = [];
  for (const [done, part] of measured.parts.entries()) {
    if (options.bands) options.onProgress?.({ stage: 'bands', done, total: measured.parts.length });
    const bands = options.bands
      ? await curveBands(part.layout, {
          seed: config.training.seed,
          replicates: intervalReplicates,
          ...(options.signal ? { signal: options.signal } : {}),
        })
      : part.layout.outputs.map(() => null);
    const metrics = present(run.metrics[part.part], 'the figures of the part');
    parts.push(analysePart(part, metrics, bands, measured, config.prevalence));
  }
  return {
    run: run.record.run,
    task: run.record.task,
    labels_as_of: run.record.labels_as_of,
    parts,
    thresholds: run.record.outputs.map((_, o) => run.record.thresholds[o] ?? null),
    operating_points: runOperatingPoints(measured, config),
    prevalence: config.prevalence,
    table_changed: parts.some(({ metrics, outputs }) => !isSame(metrics, outputs)),
    bands: options.bands,
  };
}

function analysePart(
  { part, layout, rows }: MeasuredPart,
  metrics: Metrics,
  bands: readonly (CurveBands | null)[],
  { labels }: MeasuredRun,
  prevalence: Readonly<Record<string, number>>,
): PartAnalysis {
  const names = layout.outputs.map(({ name }) => name);
  const readers = readerPoints(labels, names, rows);
  const outputs = layout.outputs.map((output, o) =>
    analyseOutput(
      output,
      bands[o] ?? null,
      readers[o] ?? [],
      Object.hasOwn(prevalence, output.name) ? (prevalence[output.name] ?? null) : null,
    ),
  );
  return { part, metrics, outputs };
}

function analyseOutput(
  output: OutputEntries,
  bands: CurveBands | null,
  readers: readonly ReaderPoint[],
  prevalence: number | null,
): OutputAnalysis {
  const roc = rocCurve(output);
  const precisionRecall = precisionRecallCurve(output);
  return {
    name: output.name,
    roc: roc && drawn(roc.falsePositiveRate, roc.truePositiveRate, bands?.roc),
    precision_recall:
      precisionRecall && drawn(precisionRecall.recall, precisionRecall.precision, bands?.precisionRecall),
    reliability: reliability(output),
    decision: decisionCurve(output, prevalence),
    readers,
    ...countPatients(output),
    positives: output.positives,
    negatives: output.negatives,
  };
}

function drawn(x: readonly number[], y: readonly number[], band: Band | undefined): DrawnCurve {
  const kept = visiblePoints(x, y);
  const pick = (values: readonly number[]): number[] => kept.map((n) => values[n] ?? NaN);
  return { x: pick(x), y: pick(y), band: band ?? null };
}

/** Whether the images are those that the run's figures were computed from. */
function isSame(metrics: Metrics, outputs: readonly OutputAnalysis[]): boolean {
  return outputs.every((output) => {
    const own = metrics.outputs.find(({ name }) => name === output.name);
    return own?.positives === output.positives && own.negatives === output.negatives;
  });
}
