/** Figures as short text, the same in terminals, files, charts and pages. */
import type { Estimate } from '../core/evaluation/model';

/** `0.771 (0.738–0.802)`, without the interval where there is none, and a dash where the figure is undefined. */
export function formatEstimate(estimate: Estimate): string {
  return withInterval(estimate, (value) => value.toFixed(3));
}

/** `-0.012 (-0.020 to -0.003)`: signs are kept, so a dash between the ends would be read as one. */
export function formatDifference(estimate: Estimate): string {
  return withInterval(estimate, signed, ' to ');
}

function withInterval(
  { value, low, high }: Estimate,
  format: (value: number) => string,
  between = '–',
): string {
  if (value === null) return '–';
  return low === null || high === null
    ? format(value)
    : `${format(value)} (${format(low)}${between}${format(high)})`;
}

function signed(value: number): string {
  const text = value.toFixed(3);
  if (Number(text) === 0) return '0.000';
  return value > 0 ? `+${text}` : text;
}

/** `6.95 M`, `928`, `12.4 k`: three digits that count, and the unit. */
export function formatCount(value: number | null): string {
  if (value === null) return '–';
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (value >= size) return `${trimmed(value / size)} ${unit}`;
  }
  return String(value);
}

/** Three digits that count. */
function trimmed(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** 10⁹ multiply-accumulates. */
export function formatGmacs(value: number | null): string {
  if (value === null) return '–';
  return value < 0.9995 ? value.toFixed(3) : value.toFixed(2);
}
