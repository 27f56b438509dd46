/** Confident learning over the items of a project: each finding beside the probabilities of a model that did not see it. */
import { atOnce } from '../base/pieces';
import type { SplitAssignment } from '../dataset/model';
import type { PredictionColumns } from '../evaluation/model';
import { minPatients } from '../evaluation/intervals';
import { RareFindings } from '../evaluation/rareFindings';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { outputsOf, targetAt, targetTables } from '../labels/targets';
import { classHealth, overlappingClasses, type ClassHealth, type Overlap } from './labelHealth';
import { labelQuality, likeliestOther } from './labelQuality';
import type { LabelledProbabilities, PruneMethod, QualityMethod } from './model';
import { findingProblem } from './multiLabel';
import { confidentCounts, estimatedErrors, wrongLabels } from './prune';

export interface ConfidentOptions {
  /** Default: `self_confidence`. */
  readonly quality?: QualityMethod;
  /** Default: `prune_by_noise_rate`. */
  readonly prune?: PruneMethod;
}

/** What is told of one finding; in a multi-class project of the classes. */
export interface FindingHealth {
  readonly finding: string;
  /** Items with a label and a probability. */
  readonly labelled: number;
  /** Of them, how many labels are estimated to be wrong, and called wrong. */
  readonly estimated: number;
  readonly flagged: number;
  /** 1 less the share that is estimated to be wrong. */
  readonly health: number;
  /** By class; of a finding absent, then present. */
  readonly classes: readonly ClassHealth[];
  readonly overlaps: readonly Overlap[];
}

/** Columns by item (samples × findings). */
export interface ConfidentSuspects {
  /** 1 where the label is called wrong. */
  readonly flagged: Uint8Array;
  /** Of the label that stands, 0 to 1, low is suspect; NaN where nothing can be said. */
  readonly quality: Float64Array;
  /** The likeliest other value: a class by its place among the outputs, or 1 and 0; -1 where nothing can be said. */
  readonly suggested: Int32Array;
  readonly findings: readonly FindingHealth[];
  /** Findings with fewer than ten patients who have it, or ten images without it: nothing is said of them. */
  readonly tooRare: readonly string[];
}

/**
 * Judges every label as it stands now. Items without a label or a prediction, and samples that the model was trained on, are
 * passed over.
 */
export function confidentSuspects(
  labels: EffectiveLabels,
  assignment: SplitAssignment,
  predictions: PredictionColumns,
  { quality = 'self_confidence', prune = 'prune_by_noise_rate' }: ConfidentOptions = {},
): ConfidentSuspects {
  const { items } = labels;
  const found = {
    flagged: new Uint8Array(items),
    quality: new Float64Array(items).fill(NaN),
    suggested: new Int32Array(items).fill(-1),
  };
  const findings: FindingHealth[] = [];
  const tooRare: string[] = [];
  const rare = new RareProblems(labels, assignment);
  for (const problem of problemsOf(labels, predictions)) {
    const { name, itemOf, data } = problem;
    if (rare.isRare(problem)) {
      tooRare.push(name);
      continue;
    }
    const known = confidentCounts(data);
    const wrong = wrongLabels(data, { method: prune }, known);
    const scores = labelQuality(data, quality);
    let flagged = 0;
    for (let n = 0; n < wrong.length; n++) {
      const item = itemOf(n);
      flagged += found.flagged[item] = wrong[n]!;
      found.quality[item] = scores[n]!;
      found.suggested[item] = likeliestOther(data.p, n * data.classes, data.classes, data.labels[n]!);
    }
    const labelled = data.labels.length;
    const estimated = estimatedErrors(data, known);
    findings.push({
      finding: name,
      labelled,
      estimated,
      flagged,
      health: labelled === 0 ? 1 : 1 - estimated / labelled,
      classes: classHealth(known),
      overlaps: overlappingClasses(known),
    });
  }
  return { ...found, findings, tooRare };
}

interface Problem {
  readonly name: string;
  readonly finding: number;
  readonly data: LabelledProbabilities;
  /** The item of a row of the data. */
  readonly itemOf: (row: number) => number;
}

/** One problem for all classes, or one for each finding that the model knows; each is made when it is asked for. */
function* problemsOf(labels: EffectiveLabels, predictions: PredictionColumns): Generator<Problem> {
  const { dataset } = labels;
  const names = dataset.findings.map(({ name }) => name);
  const { y, p } = aligned(labels, predictions);
  if (dataset.task === 'multi-label') {
    for (const [finding, name] of names.entries()) {
      const data = findingProblem(y, p, names.length, finding);
      yield { name, finding, data, itemOf: (row) => data.samples[row]! * names.length + finding };
    }
    return;
  }
  const classes = outputsOf(dataset).length;
  const rows = Int32Array.from(
    [...y.keys()].filter((i) => y[i]! >= 0 && !Number.isNaN(p[i * classes + y[i]!]!)),
  );
  const data = {
    labels: rows.map((i) => y[i]!),
    p: new Float64Array(rows.length * classes),
    classes,
  };
  rows.forEach((i, n) => data.p.set(p.subarray(i * classes, (i + 1) * classes), n * classes));
  yield { name: names[0] ?? '', finding: 0, data, itemOf: (row) => rows[row]! };
}

/** Targets, and probabilities in the order of the project's own outputs; NaN where none may be used. */
function aligned(
  labels: EffectiveLabels,
  { outputs, probabilities, seen }: PredictionColumns,
): { readonly y: Int32Array; readonly p: Float64Array } {
  const { dataset } = labels;
  const own = outputsOf(dataset);
  const from = Int32Array.from(own, (name) => outputs.indexOf(name));
  const tables = targetTables(labels);
  const width = dataset.findings.length;
  const y = new Int32Array(labels.items);
  for (let item = 0; item < y.length; item++) y[item] = targetAt(labels, tables[item % width]!, item);
  const p = new Float64Array(dataset.samples.length * own.length).fill(NaN);
  const missing = dataset.task === 'multi-class' ? 0 : NaN;
  for (let i = 0; i < dataset.samples.length; i++) {
    if (seen?.[i] === 1 || Number.isNaN(probabilities[i * outputs.length]!)) continue;
    for (let k = 0; k < own.length; k++) {
      // A class that the model does not know has no probability.
      p[i * own.length + k] = from[k]! < 0 ? missing : probabilities[i * outputs.length + from[k]!]!;
    }
  }
  return { y, p };
}

/** Of several findings those of which too little is known; classes are always judged. */
class RareProblems {
  private readonly positive: RareFindings;

  constructor(
    private readonly labels: EffectiveLabels,
    assignment: SplitAssignment,
  ) {
    const { dataset } = labels;
    this.positive = atOnce(RareFindings.of(labels, assignment));
    if (dataset.task === 'multi-class') return;
    const tables = targetTables(labels);
    const width = dataset.findings.length;
    for (let item = 0; item < labels.items; item++) {
      if (targetAt(labels, tables[item % width]!, item) === 1) this.positive.count(item, 1);
    }
  }

  isRare({ finding, data: { labels } }: Problem): boolean {
    if (this.labels.dataset.task === 'multi-class') return false;
    const positives = labels.reduce((sum, label) => sum + label, 0);
    return this.positive.isRare(finding) || positives === 0 || labels.length - positives < minPatients;
  }
}
