/** What a run got right and wrong, in items, beside the labels as they are now: what cohorts are measured on. */
import type { PredictionColumns } from '../evaluation/model';
import { ItemPredictions } from '../evaluation/itemPredictions';
import { Outcomes } from '../evaluation/outcomes';
import { present } from '../base/present';
import type { Project } from '../project/project';
import type { Split } from '../dataset/model';

/** Items that the model was not trained on, with a label and a prediction; one entry each. */
export interface JudgedItems {
  /** Their samples, by index. */
  readonly sample: Int32Array;
  readonly finding: Int32Array;
  readonly wrong: Uint8Array;
  /** Patient of each, numbered from 0. */
  readonly patient: Int32Array;
  readonly patients: number;
  /** Label and prediction of each, as text. */
  readonly label: readonly string[];
  readonly predicted: readonly string[];
}

/** The judged items of one part: of training, those that are predicted out of fold. */
export function judgedItems(
  { dataset, labels, assignment }: Pick<Project, 'assignment' | 'dataset' | 'labels'>,
  predictions: PredictionColumns,
  part: Split,
): JudgedItems {
  const items = ItemPredictions.of(dataset, predictions);
  const outcomes = Outcomes.of(labels, items, assignment);
  const width = dataset.findings.length;
  const judged: number[] = [];
  for (let item = 0; item < labels.items; item++) {
    const sample = Math.floor(item / width);
    if (assignment.split[sample] !== part || items.seen(sample)) continue;
    if (!Number.isNaN(outcomes.loss[item]!) && !outcomes.tooRare(item)) judged.push(item);
  }
  const numbers = new Map<string, number>();
  const patient = Int32Array.from(judged, (item) => {
    const { group } = present(dataset.samples[Math.floor(item / width)], 'the sample');
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
  return {
    sample: Int32Array.from(judged, (item) => Math.floor(item / width)),
    finding: Int32Array.from(judged, (item) => item % width),
    wrong: Uint8Array.from(judged, (item) => outcomes.wrong[item]!),
    patient,
    patients: numbers.size,
    label: judged.map((item) => labelOf(item)),
    predicted: judged.map((item) => items.predictedName(item) ?? ''),
  };

  /** As it counts: of a finding `1` or `0`, whatever it is written as. */
  function labelOf(item: number): string {
    if (dataset.task === 'multi-class') return labels.valueAt(item) ?? '';
    const says = items.predictedName(item);
    return (outcomes.wrong[item] === 1) === (says === '1') ? '0' : '1';
  }
}

/** Distinct patients of some entries. */
export function countPatients({ patient }: Pick<JudgedItems, 'patient'>, entries: Iterable<number>): number {
  const found = new Set<number>();
  for (const n of entries) found.add(patient[n]!);
  return found.size;
}
