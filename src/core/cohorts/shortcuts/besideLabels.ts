/** An attribute beside each label: how far they go together, and how well the label is told where the attribute is the same. */
import { SplitMix32 } from '../../base/random';
import { present } from '../../base/present';
import { withInterval } from '../../evaluation/intervals';
import type { Estimate } from '../../evaluation/model';
import type { Targets } from '../../labels/model';
import type { Project } from '../../project/project';
import type { Grouping } from '../groupings';
import { correctedV, crossTable } from './cramersV';
import type { ShortcutOutput } from './model';
import { sortEntries, stratifiedAuroc, type StratifiedEntries } from './stratifiedAuroc';

/** Entries times resamplings in all: some seconds. */
const sweepBudget = 5e8;
const fewestReplicates = 100;

/** One class against the rest, or one finding: the training images with a label, a prediction and a known attribute. */
interface Beside {
  readonly positive: Int32Array;
  readonly group: Int32Array;
  readonly patient: Int32Array;
  readonly patients: number;
  readonly sorted: StratifiedEntries;
}

/** @param probabilities out of fold, row-major samples × outputs */
export function besideLabels(
  project: Project,
  { groups, of }: Grouping,
  targets: Targets,
  probabilities: Float64Array,
  replicates: number,
): Omit<ShortcutOutput, 'flagged'>[] {
  const outputs = targets.outputs.length;
  return targets.outputs.map((name, o) => {
    const stride = targets.task === 'multi-class' ? 1 : outputs;
    const at = (row: number): number => targets.y[row * stride + (stride === 1 ? 0 : o)]!;
    const rows = Int32Array.from(of.keys()).filter(
      (row) =>
        project.assignment.fold[row]! >= 0 &&
        of[row]! >= 0 &&
        at(row) >= 0 &&
        !Number.isNaN(probabilities[row * outputs + o]!),
    );
    const positive = Int32Array.from(rows, (row) =>
      targets.task === 'multi-class' ? Number(at(row) === o) : at(row),
    );
    const p = Float64Array.from(rows, (row) => probabilities[row * outputs + o]!);
    const beside = layOut(project, rows, positive, of, p, groups.length);
    return { name, ...figuresOf(beside, groups, project.config.training.seed, replicates) };
  });
}

function layOut(
  { dataset }: Project,
  rows: Int32Array,
  positive: Int32Array,
  of: Int32Array,
  p: Float64Array,
  strata: number,
): Beside {
  const numbers = new Map<string, number>();
  const patient = rows.map((row) => {
    const { group } = present(dataset.samples[row], 'the sample');
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
  const group = rows.map((row) => of[row]!);
  const entries = { positive: Uint8Array.from(positive), stratum: group, patient, strata };
  return { positive, group, patient, patients: numbers.size, sorted: sortEntries(p, entries) };
}

function figuresOf(
  beside: Beside,
  groups: Grouping['groups'],
  seed: number,
  replicates: number,
): Omit<ShortcutOutput, 'flagged' | 'name'> {
  const { positive, group, patient, patients, sorted } = beside;
  const sizes = [groups.length, 2] as const;
  const once = new Uint16Array(patients).fill(1);
  const plain = stratifiedAuroc(sorted, once);
  const association = correctedV(crossTable(group, positive, sizes));
  const drawn = Math.min(
    replicates,
    Math.max(fewestReplicates, Math.floor(sweepBudget / Math.max(1, positive.length))),
  );
  const random = new SplitMix32(seed);
  const weights = new Uint16Array(patients);
  const values = { association: new Array<number>(), difference: new Array<number>() };
  for (let n = 0; n < drawn; n++) {
    weights.fill(0);
    for (let k = 0; k < patients; k++) weights[random.below(patients)]!++;
    values.association.push(correctedV(crossTable(group, positive, sizes, (i) => weights[patient[i]!]!)));
    const { whole, within } = stratifiedAuroc(sorted, weights);
    values.difference.push(within - whole);
  }
  return {
    association: withInterval(estimate(association), values.association),
    auroc: known(plain.whole),
    within: known(plain.within),
    difference: withInterval(estimate(plain.within - plain.whole), values.difference),
    strata: groups.map(({ name }, g) => {
      const own = Int32Array.from(group.keys()).filter((i) => group[i] === g);
      return {
        name,
        images: own.length,
        patients: new Set(own.map((i) => patient[i]!)).size,
        positives: own.reduce((sum, i) => sum + positive[i]!, 0),
        auroc: known(plain.ofStratum[g] ?? NaN),
      };
    }),
  };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function estimate(value: number): Estimate {
  return { value: known(value), low: null, high: null };
}
