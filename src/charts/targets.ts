/** Targets of operating points in words. */
import type { OperatingTarget } from '../core/config/model';

/** `Youden`, `sensitivity 95 %`, `threshold 0.31`. */
export function describeTarget(target: OperatingTarget): string {
  if (target === 'youden') return 'Youden';
  if ('threshold' in target) return `threshold ${String(target.threshold)}`;
  const percent = (share: number): string => `${String(Number((100 * share).toFixed(2)))} %`;
  return 'sensitivity' in target
    ? `sensitivity ${percent(target.sensitivity)}`
    : `specificity ${percent(target.specificity)}`;
}
