/** A run's predictions by review item, in columns: what was predicted, how surely, and what was probable. */
import { atOnce, ofRanges, type Pieces } from '../base/pieces';
import { present } from '../base/present';
import type { Dataset } from '../dataset/model';
import type { PredictionColumns } from './model';
import { isCalled, lossOf, mostProbable } from './outcomeRules';

/** Predictions of a run beside the dataset as it is now. Items number samples × findings, row-major. */
export class ItemPredictions {
  /** Names that `predicted` may take, by finding: class names, or `0` and `1`. */
  readonly names: readonly (readonly string[])[];
  /** Index into `names[finding]`; -1 without a prediction. */
  readonly predicted: Int16Array;
  /** Probability of the predicted class (multi-class) or of the finding (multi-label); NaN without a prediction. */
  readonly p: Float64Array;
  /** multi-label: per finding, the probability from which on it is predicted; multi-class: null. */
  readonly thresholds: readonly (number | null)[];

  private readonly multiClass: boolean;
  private readonly findings: number;
  private readonly outputOfClass = new Map<string, number>();
  /** multi-label: the output of each finding, -1 where the run does not know it. */
  private readonly outputOfFinding: Int32Array;

  /** Of no item yet: `filling` takes them over. */
  constructor(
    dataset: Dataset,
    private readonly columns: PredictionColumns | null,
  ) {
    const { samples, findings, task } = dataset;
    this.multiClass = task === 'multi-class';
    this.findings = findings.length;
    const outputs = columns?.outputs ?? [];
    outputs.forEach((name, k) => this.outputOfClass.set(name, k));
    this.outputOfFinding = Int32Array.from(findings, (finding) => outputs.indexOf(finding.name));
    this.names = findings.map(() => (this.multiClass ? outputs : ['0', '1']));
    this.thresholds = findings.map((_, f) =>
      this.multiClass || !columns ? null : (columns.thresholds[this.outputOfFinding[f]!] ?? 0.5),
    );
    this.predicted = new Int16Array(samples.length * findings.length);
    this.p = new Float64Array(this.predicted.length);
  }

  /** The predictions of all items. */
  static of(dataset: Dataset, columns: PredictionColumns | null): ItemPredictions {
    const predictions = new ItemPredictions(dataset, columns);
    atOnce(predictions.filling());
    return predictions;
  }

  /** Takes over all of them, in pieces. Once, before anything is asked. */
  *filling(): Pieces<void> {
    const { columns, predicted, p } = this;
    yield* ofRanges(predicted.length, (from, to) => {
      predicted.fill(-1, from, to);
      p.fill(NaN, from, to);
      if (columns) this.fill(columns, from, to);
    });
  }

  /** The predicted class, or `0` and `1`; null without a prediction. */
  predictedName(item: number): string | null {
    const code = this.predicted[item]!;
    return code < 0 ? null : present(this.names[item % this.findings]?.[code], 'the predicted name');
  }

  /** Confidence in what is predicted, in [0, 1]; NaN without a prediction. */
  confidence(item: number): number {
    const p = this.p[item]!;
    return this.multiClass || this.predicted[item] === 1 ? p : 1 - p;
  }

  outOfFold(sample: number): boolean {
    return this.columns?.outOfFold[sample] === 1;
  }

  /** Whether the model was trained on the sample itself, so that its prediction says little. */
  seen(sample: number): boolean {
    return this.columns?.seen?.[sample] === 1;
  }

  /**
   * Cross entropy of a label; NaN without a prediction, or for a class that the run did not know.
   * @param target a class (multi-class), or `1` or `0`
   */
  loss(item: number, target: string): number {
    if (!this.columns || this.predicted[item] === -1) return NaN;
    if (!this.multiClass) return lossOf(target === '1' ? this.p[item]! : 1 - this.p[item]!);
    const output = this.outputOfClass.get(target);
    return output === undefined
      ? NaN
      : lossOf(this.columns.probabilities[item * this.columns.outputs.length + output]!);
  }

  /** The probability of every output for the sample of an item; empty without a prediction. */
  probabilities(sample: number): { readonly name: string; readonly p: number }[] {
    if (!this.columns) return [];
    const { outputs, probabilities } = this.columns;
    return outputs
      .map((name, k) => ({ name, p: probabilities[sample * outputs.length + k]! }))
      .filter(({ p }) => !Number.isNaN(p));
  }

  private fill(columns: PredictionColumns, from: number, to: number): void {
    const width = columns.outputs.length;
    const { probabilities } = columns;
    if (this.multiClass) {
      for (let i = from; i < to; i++) {
        const best = mostProbable(probabilities, i * width, width);
        this.predicted[i] = best;
        if (best >= 0) this.p[i] = probabilities[i * width + best]!;
      }
      return;
    }
    const thresholds = Float64Array.from(this.thresholds, (threshold) => threshold ?? NaN);
    for (let item = from; item < to; item++) {
      const f = item % this.findings;
      const output = this.outputOfFinding[f]!;
      if (output < 0) continue;
      const p = probabilities[((item - f) / this.findings) * width + output]!;
      if (Number.isNaN(p)) continue;
      this.p[item] = p;
      this.predicted[item] = isCalled(p, thresholds[f]!) ? 1 : 0;
    }
  }
}
