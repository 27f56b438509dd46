/** q values: all tests of the cohorts are one family, those of the found slices another. */
import { benjaminiHochberg } from '../evaluation/falseDiscovery';
import type { CohortColumn, FoundSlice, RateTest } from './model';

const significant = 0.05;

/** The columns with the q value of every test. */
export function adjustTests(columns: readonly CohortColumn[]): CohortColumn[] {
  const tests = columns.flatMap(({ cohorts }) =>
    cohorts.flatMap(({ errors, types }): readonly RateTest[] => [errors, ...types]),
  );
  const q = qOf(tests);
  const settled = <T extends RateTest>(test: T): T => ({ ...test, q: q.get(test) ?? null });
  return columns.map((column) => ({
    ...column,
    cohorts: column.cohorts.map((cohort) => ({
      ...cohort,
      errors: settled(cohort.errors),
      types: cohort.types.map(settled),
    })),
  }));
}

/** The slices with q and whether they hold on what took no part in the search. */
export function settleSlices(slices: readonly FoundSlice[]): FoundSlice[] {
  const adjusted = qOf(slices);
  return slices.map((slice) => {
    const q = adjusted.get(slice) ?? null;
    return { ...slice, q, holds: q === null ? null : q < significant && (slice.tested.lift ?? 0) > 1 };
  });
}

function qOf<T extends { readonly p: number | null }>(tests: readonly T[]): Map<T, number> {
  const made = tests.filter(({ p }) => p !== null);
  const q = benjaminiHochberg(made.map(({ p }) => p ?? NaN));
  return new Map(made.map((test, i) => [test, q[i] ?? NaN]));
}
