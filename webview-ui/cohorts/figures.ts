/** Figures as the tables of the page show them. */
import type { Texts } from '../texts';

export function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

export function shortP(p: number | null): string {
  return p === null ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3);
}

export function times(lift: number | null): string {
  return lift === null ? '–' : `× ${lift.toFixed(2)}`;
}

/** Of a counted text with one and other. */
export function inNumber(texts: Texts<{ readonly one: string; readonly other: string }>, n: number): string {
  const { one, other } = texts as { readonly one?: string; readonly other: string };
  return (n === 1 ? (one ?? other) : other).replaceAll('{n}', String(n));
}
