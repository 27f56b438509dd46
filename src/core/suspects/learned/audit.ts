/**
 * When to stop: an audit on request. How many labels are drawn is said first; they are drawn uniformly from those that nobody
 * has looked at, and read blind. Audit k spends alpha / 2^k, so that asking again and again does not make it pass.
 */
import { auditSize, wrongAtMost } from '../exactTests';
import type { Look } from './looks';
import type { Offer } from './offerFile';

/** What all audits together may err. */
const alphaOfAll = 0.05;

export interface AuditResult {
  /** 1 for the first. */
  readonly audit: number;
  readonly offer: string;
  readonly alpha: number;
  readonly drawn: number;
  readonly answered: number;
  /** Drawn labels that were not kept: what nobody could tell counts as wrong. */
  readonly wrong: number;
  readonly unreviewed: number;
  /** Of the labels that nobody had looked at, at most so many are wrong; null until all are answered. */
  readonly atMost: number | null;
  readonly passed: boolean | null;
}

/** The level of an audit. @param number 1 for the first */
export function alphaOf(number: number): number {
  return alphaOfAll / 2 ** number;
}

/** How many are drawn for the next audit. @param number 1 for the first */
export function nextAudit(
  number: number,
  unreviewed: number,
  target: number,
): { readonly n: number; readonly alpha: number } {
  const alpha = alphaOf(number);
  return { n: auditSize(unreviewed, target, alpha), alpha };
}

/** The audits that were begun, in order. Of one whose offer is lost nothing can be said. */
export function auditResults(
  looks: readonly Look[],
  offers: ReadonlyMap<string, Offer>,
  target: number,
): AuditResult[] {
  const answers = new Map<string, Look[]>();
  for (const look of looks) {
    const { queue, offer } = look.shown;
    if (queue !== 'audit' || offer === undefined) continue;
    answers.set(offer, [...(answers.get(offer) ?? []), look]);
  }
  return [...answers].flatMap(([id, own], k) => {
    const offer = offers.get(id);
    if (!offer) return [];
    const latest = new Map(own.map((look) => [look.item, look]));
    const wrong = [...latest.values()].filter(({ changed }) => changed !== false).length;
    const alpha = alphaOf(k + 1);
    const whole = latest.size >= offer.items.length;
    const atMost = whole ? wrongAtMost(wrong, offer.unreviewed, offer.items.length, alpha) : null;
    return [
      {
        audit: k + 1,
        offer: id,
        alpha,
        drawn: offer.items.length,
        answered: latest.size,
        wrong,
        unreviewed: offer.unreviewed,
        atMost,
        passed: atMost === null ? null : atMost < target * offer.unreviewed,
      },
    ];
  });
}
