/** What reading the project told already: its faults, each with a kind. */
import type { Problem } from '../base/report';
import type { Project } from '../project/project';
import type { Check, CheckKind } from './model';

/** Codes whose kind is not that of their hundred. */
const kinds: Readonly<Record<string, CheckKind>> = {
  OVR206: 'leak',
  OVR207: 'split',
  OVR208: 'split',
  OVR209: 'class-absent',
  OVR210: 'patients',
  OVR213: 'patients',
};
const hundreds: Readonly<Record<string, CheckKind>> = { OVR1: 'settings', OVR2: 'table', OVR4: 'labels' };

/** A finding for each problem. */
export function projectChecks({
  problems,
  dataset,
  config,
}: Pick<Project, 'config' | 'dataset' | 'problems'>): Check[] {
  if (problems.length === 0) return [];
  const ids = new Map(dataset.samples.map(({ id, row }) => [row, id]));
  const { table } = config.dataset;
  return problems.map((problem) => {
    const { file, row } = problem.place ?? {};
    const sample = file === table && row !== undefined ? ids.get(row) : undefined;
    return asCheck(problem, kindOf(problem), sample === undefined ? [] : [sample]);
  });
}

const kindOf = ({ code }: Problem): CheckKind => kinds[code] ?? hundreds[code.slice(0, 4)] ?? 'other';

/** A problem as a finding of a check. */
export function asCheck(problem: Problem, kind: CheckKind, samples: readonly string[]): Check {
  const { code, severity, message, expected, fix, place } = problem;
  return {
    ...{ code, kind, severity, samples, score: null },
    message: expected === undefined ? message : `${message}. Expected: ${expected}`,
    fixes: fix === undefined ? [] : [{ title: fix }],
    ...(place ? { place } : {}),
  };
}
