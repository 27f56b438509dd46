/** How often something goes wrong inside a cohort, with its interval, and against the rest. */
import { SplitMix32 } from '../base/random';
import { present } from '../base/present';
import { withInterval } from '../evaluation/intervals';
import type { Estimate } from '../evaluation/model';
import { fewestPatients, type RateTest } from './model';
import { scoreTest } from './scoreTest';

/** What can go wrong so: its entries as flags, of one part. */
export interface RateInput {
  /** 1 for entries of the cohort. */
  readonly inside: Uint8Array;
  readonly wrong: Uint8Array;
  readonly patient: Int32Array;
}

export interface Resamplings {
  readonly seed: number;
  readonly replicates: number;
}

/**
 * The rate inside with its interval by patient, against the rate outside. q is left open: it takes all tests.
 * @param resamplings null: without an interval
 * @param isTested false: counted only
 */
export function rateOf(
  { inside, wrong, patient }: RateInput,
  isTested: boolean,
  resamplings: Resamplings | null,
): RateTest {
  let items = 0;
  let errors = 0;
  let all = 0;
  for (let i = 0; i < inside.length; i++) {
    all += wrong[i]!;
    if (inside[i] === 0) continue;
    items++;
    errors += wrong[i]!;
  }
  const outside = inside.length - items;
  const value = items === 0 ? null : errors / items;
  const rest = outside === 0 ? null : (all - errors) / outside;
  const plain: Estimate = { value, low: null, high: null };
  const p = isTested ? scoreTest(inside, wrong, patient) : NaN;
  return {
    items,
    errors,
    rate: isTested && resamplings ? rateInterval(plain, { inside, wrong, patient }, resamplings) : plain,
    rest,
    lift: value === null || rest === null || rest === 0 ? null : value / rest,
    p: Number.isNaN(p) ? null : p,
    q: null,
  };
}

/** Percentile bootstrap over the cohort's patients; none where fewer than ten have an entry. */
function rateInterval(plain: Estimate, input: RateInput, { seed, replicates }: Resamplings): Estimate {
  const byPatient = new Map<number, [items: number, errors: number]>();
  input.inside.forEach((flag, i) => {
    if (flag === 0) return;
    const own = byPatient.get(input.patient[i]!) ?? [0, 0];
    byPatient.set(input.patient[i]!, [own[0] + 1, own[1] + input.wrong[i]!]);
  });
  const patients = [...byPatient.values()];
  if (patients.length < fewestPatients) return plain;
  const random = new SplitMix32(seed);
  const rates = Array.from({ length: replicates }, () => {
    let items = 0;
    let errors = 0;
    for (let n = 0; n < patients.length; n++) {
      const [more, wrong] = present(patients[random.below(patients.length)], 'the patient');
      items += more;
      errors += wrong;
    }
    return errors / items;
  });
  return withInterval(plain, rates);
}
