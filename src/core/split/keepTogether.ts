/**
 * What joining images does to patients, parts and folds. A joined group goes to training where any of it is there, else to
 * validation: the test part only shrinks, and never gets an image that a model was trained on.
 */
import { ofRanges, type Pieces } from '../base/pieces';
import type { Dataset, Sample, Split, SplitAssignment } from '../dataset/model';
import type { JoinedGroups } from './joinedGroups';

/** Looked at in one piece. */
const samplesAtOnce = 4096;

/** A sample that stands in another part than its table or its frozen file says. */
export interface MovedSample {
  readonly sample: string;
  readonly from: Split;
  readonly to: Split;
}

export interface KeptTogether {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly moved: readonly MovedSample[];
}

/** The dataset with one patient for each joined group, and parts and folds that do not cut one; in pieces. */
export function* keepTogether(
  dataset: Dataset,
  assignment: SplitAssignment,
  joined: JoinedGroups,
): Pieces<KeptTogether> {
  if (joined.size === 0) return { dataset, assignment, moved: [] };
  const nameOf = yield* joinedPatients(dataset.samples, joined);
  if (nameOf.size === 0) return { dataset, assignment, moved: [] };
  const members = new Map<string, number[]>();
  const samples = [...dataset.samples];
  const rename = (from: number, to: number): void => {
    for (const [k, sample] of dataset.samples.slice(from, to).entries()) {
      const group = nameOf.get(sample.group);
      if (group === undefined) continue;
      members.set(group, [...(members.get(group) ?? []), from + k]);
      samples[from + k] = { ...sample, group };
    }
  };
  yield* ofRanges(samples.length, rename, samplesAtOnce);
  const split = [...assignment.split];
  const fold = assignment.fold.slice();
  const moved: MovedSample[] = [];
  for (const own of members.values()) {
    const parts = new Set(own.map((i) => split[i]));
    const to: Split = parts.has('train') ? 'train' : parts.has('validation') ? 'validation' : 'test';
    const common = to === 'train' ? mostCommon(own.map((i) => fold[i] ?? -1).filter((k) => k >= 0)) : -1;
    for (const i of own) {
      const [from, sample] = [split[i], samples[i]];
      if (from !== undefined && sample && from !== to) moved.push({ sample: sample.id, from, to });
      split[i] = to;
      fold[i] = common;
    }
  }
  return {
    dataset: { ...dataset, samples },
    assignment: { ...assignment, split, fold },
    moved,
  };
}

/** The patients that are joined with others, each with the name of all: that of the first in the table. */
function* joinedPatients(samples: readonly Sample[], joined: JoinedGroups): Pieces<Map<string, string>> {
  // Of those that are joined alone: a table has a hundred thousand others.
  const wanted = new Set([...joined.values()].flat());
  const groupOf = new Map<string, string>();
  const find = (from: number, to: number): void => {
    for (const { id, group } of samples.slice(from, to)) if (wanted.has(id)) groupOf.set(id, group);
  };
  yield* ofRanges(samples.length, find, samplesAtOnce);
  const involved = new Set(groupOf.values());
  const order = new Map<string, number>();
  const rank = (from: number, to: number): void => {
    for (const { group } of samples.slice(from, to)) {
      if (involved.has(group) && !order.has(group)) order.set(group, order.size);
    }
  };
  yield* ofRanges(samples.length, rank, samplesAtOnce);
  const leader = new Map<string, string>();
  const leaderOf = (one: string): string => {
    let at = one;
    for (let up = leader.get(at); up !== undefined && up !== at; up = leader.get(at)) at = up;
    return at;
  };
  for (const ids of joined.values()) {
    const patients = [...new Set(ids.map((id) => groupOf.get(id)))].filter((one) => one !== undefined);
    const roots = [...new Set(patients.map(leaderOf))].sort(
      (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0),
    );
    const [first] = roots;
    if (first === undefined || patients.length < 2) continue;
    for (const root of roots) leader.set(root, first);
  }
  return new Map([...leader.keys()].map((patient) => [patient, leaderOf(patient)]));
}

/** Of equals the smallest; -1 of none. */
function mostCommon(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [best] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return best?.[0] ?? -1;
}
