/** Slices that are found by themselves: searched out of fold, tested on the validation part, which took no part in it. */
import { present } from '../base/present';
import type { Dataset } from '../dataset/model';
import { conditionsOf, type ItemCondition } from './conditions';
import type { Grouping } from './groupings';
import { countPatients, type JudgedItems } from './judgedItems';
import { fewestPatients, type FoundSlice, type SliceRate } from './model';
import { scoreTest } from './scoreTest';
import { shallowTree } from './shallowTree';

/** A slice before its test: what it is called, and its entries in both parts. */
export interface SliceCandidate {
  readonly name: string;
  readonly kind: FoundSlice['kind'];
  readonly where: string;
  /** 1 for entries inside. */
  readonly searched: Uint8Array;
  readonly tested: Uint8Array;
}

/** Conditions of one slice at most; more are no sentence any more. */
const depth = 3;
/** Patients of the searched part that a leaf must have. */
const leafShare = 0.02;
/** A slice that is told errs at least so much more than the whole. */
const leastLift = 1.25;
/** Errors that a slice must have: what rests on fewer is an anecdote. */
const fewestErrors = 5;
/** Slices that are tested, the most telling first: each takes its share of the false discovery rate. */
const mostTested = 6;

/** Nodes of a shallow tree over the columns and the label. */
export function treeSlices(
  dataset: Dataset,
  groupings: readonly Grouping[],
  searched: JudgedItems,
  tested: JudgedItems,
): SliceCandidate[] {
  const conditions = conditionsOf(dataset, groupings, searched);
  const choices = conditions.map((one) => ({ ...one, met: one.of(searched) }));
  const patients = Math.max(fewestPatients, Math.round(leafShare * searched.patients));
  const nodes = shallowTree(choices, searched.wrong, searched.patient, { depth, patients });
  return nodes
    .filter((node) => node.conditions.length > 0)
    .map((node) => {
      const inside = new Uint8Array(searched.wrong.length);
      for (const i of node.entries) inside[i] = 1;
      const there = new Uint8Array(tested.wrong.length).fill(1);
      const held = node.conditions.map(({ choice, isMet }) => ({
        ...present(conditions[choice], 'the condition'),
        isMet,
      }));
      for (const { of, isMet } of held) {
        const met = of(tested);
        for (let i = 0; i < met.length; i++) if ((met[i] === 1) !== isMet) there[i] = 0;
      }
      const named = held
        .filter((one) => !held.some((other) => isTighter(other, one)))
        .map(({ yes, no, isMet }) => (isMet ? yes : no));
      return {
        name: named.map(({ name }) => name).join(', '),
        kind: 'metadata',
        where: named.map(({ where }) => `(${where})`).join(' AND '),
        searched: inside,
        tested: there,
      };
    });
}

type Held = ItemCondition & { readonly isMet: boolean };

/** Whether one condition says all that another says of the same column. */
function isTighter({ cut: a, isMet }: Held, { cut: b, isMet: other }: Held): boolean {
  if (!a || !b || a.column !== b.column || isMet !== other) return false;
  return isMet ? a.edge < b.edge : a.edge > b.edge;
}

/** Those that err more than the whole, with their test; q is left open. The most surplus errors come first. */
export function testSlices(
  candidates: readonly SliceCandidate[],
  searched: JudgedItems,
  tested: JudgedItems,
): FoundSlice[] {
  return candidates
    .map((candidate) => ({ candidate, found: sliceRate(candidate.searched, searched) }))
    .filter(({ found }) => (found.lift ?? 0) >= leastLift && found.errors >= fewestErrors)
    .sort((a, b) => surplus(b.found) - surplus(a.found))
    .slice(0, mostTested)
    .map(({ candidate, found }) => {
      const rate = sliceRate(candidate.tested, tested);
      const p =
        rate.patients < fewestPatients ? NaN : scoreTest(candidate.tested, tested.wrong, tested.patient);
      const { name, kind, where } = candidate;
      return { name, kind, where, found, tested: rate, p: Number.isNaN(p) ? null : p, q: null, holds: null };
    });
}

/** Errors beyond those that as many items of the whole would have. */
function surplus({ items, errors, overall }: SliceRate): number {
  return errors - items * (overall ?? 0);
}

function sliceRate(inside: Uint8Array, judged: JudgedItems): SliceRate {
  const entries = [...inside.keys()].filter((i) => inside[i] === 1);
  const errors = entries.reduce((sum, i) => sum + judged.wrong[i]!, 0);
  const all = judged.wrong.reduce((sum, wrong) => sum + wrong, 0);
  const rate = entries.length === 0 ? null : errors / entries.length;
  const overall = judged.wrong.length === 0 ? null : all / judged.wrong.length;
  return {
    items: entries.length,
    patients: countPatients(judged, entries),
    errors,
    rate,
    overall,
    lift: rate === null || overall === null || overall === 0 ? null : rate / overall,
  };
}
