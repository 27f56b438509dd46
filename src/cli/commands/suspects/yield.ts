/** The yield of a review as it is told: honest figures, audits, agreement with oneself, warnings. */
import type { Project } from '../../../core/project/project';
import { auditResults, type AuditResult } from '../../../core/suspects/learned/audit';
import { honestYield, type HonestYield } from '../../../core/suspects/learned/honestYield';
import { groupingColumns } from '../../../core/suspects/learned/metadataColumns';
import { selfAgreement, type SelfAgreement } from '../../../core/suspects/learned/selfAgreement';
import type { ReviewSession } from '../../../core/suspects/learned/session';
import { reviewWarnings } from '../../../core/suspects/learned/warnings';

export interface ReviewYield extends HonestYield {
  readonly reader: string | null;
  readonly unreviewed: number;
  /** By finding: the C of the model; null where there is none. */
  readonly strength: Readonly<Record<string, number | null>>;
  readonly agreement: SelfAgreement | null;
  readonly audits: readonly AuditResult[];
  readonly warnings: readonly string[];
}

export function yieldOf(project: Project, session: ReviewSession): ReviewYield {
  const { dataset, config } = project;
  const { looks, candidates, models, offers, stratumOf, foretold, reader } = session;
  const unreviewed = new Map<number, number>();
  for (const { stratum } of candidates) unreviewed.set(stratum, (unreviewed.get(stratum) ?? 0) + 1);
  const columns = groupingColumns(dataset);
  const items = candidates.map(({ item }) => item);
  const p = models.probabilities(items);
  const ranking = [...items.keys()]
    .filter((n) => !Number.isNaN(p[n] ?? NaN))
    .sort((a, b) => (p[b] ?? 0) - (p[a] ?? 0))
    .flatMap((n) => items.slice(n, n + 1));
  const width = dataset.findings.length;
  const given = (item: number): string =>
    dataset.samples[Math.floor(item / width)]?.given[item % width] ?? 'none';
  return {
    reader,
    unreviewed: candidates.length,
    ...honestYield({ looks, stratumOf, unreviewed, foretold, columns }),
    strength: Object.fromEntries(dataset.findings.map(({ name }, f) => [name, models.strengthOf(f)])),
    agreement: selfAgreement(looks),
    audits: auditResults(looks, offers, config.review.target),
    warnings: reviewWarnings({ looks, columns }, ({ item }) => given(item), ranking),
  };
}
