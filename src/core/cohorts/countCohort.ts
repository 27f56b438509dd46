/** Counts and tests of one cohort. */
import { present } from '../base/present';
import { canBe, whereOf, type CountedType } from './errorTypes';
import type { Grouping } from './groupings';
import { countPatients, type JudgedItems } from './judgedItems';
import { fewestPatients, type Cohort } from './model';
import { rateOf, type Resamplings } from './rates';
import type { Dataset } from '../dataset/model';

/** Kinds of errors that are told of each cohort. */
const typesOfCohort = 3;

/** @param g number of the group in its column */
export function countCohort(
  dataset: Dataset,
  { groups, of }: Grouping,
  g: number,
  judged: JudgedItems,
  types: readonly CountedType[],
  resamplings: Resamplings,
): Omit<Cohort, 'figures'> {
  const { name, where } = present(groups[g], 'the group');
  const inside = Uint8Array.from(judged.sample, (sample) => (of[sample] === g ? 1 : 0));
  const entries = [...inside.keys()].filter((i) => inside[i] === 1);
  const patients = countPatients(judged, entries);
  const isTested = patients >= fewestPatients;
  const { wrong, patient } = judged;
  const ofType = (type: CountedType) => {
    const able = Int32Array.from(inside.keys()).filter((i) => canBe(dataset, judged, type, i));
    const input = {
      inside: Uint8Array.from(able, (i) => inside[i]!),
      wrong: Uint8Array.from(able, (i) => (wrong[i] === 1 && judged.predicted[i] === type.predicted ? 1 : 0)),
      patient: Int32Array.from(able, (i) => patient[i]!),
    };
    const { finding, label, predicted } = type;
    return { finding, label, predicted, where: whereOf(type), ...rateOf(input, isTested, resamplings) };
  };
  return {
    name,
    where,
    images: new Set(entries.map((i) => judged.sample[i]!)).size,
    patients,
    too_small: !isTested,
    errors: rateOf({ inside, wrong, patient }, isTested, resamplings),
    types: types
      .map(ofType)
      .filter(({ errors }) => errors > 0)
      .sort((a, b) => b.errors - a.errors)
      .slice(0, typesOfCohort),
  };
}
