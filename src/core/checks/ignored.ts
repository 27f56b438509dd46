/** What somebody has looked at and lets be (`check.ignore`). */
import type { ProjectConfig } from '../config/config';
import type { Check } from './model';

/** Whether a finding is let be: all of its code are, or one of its samples is named. */
export function isIgnored(
  { check }: Pick<ProjectConfig, 'check'>,
  { code, samples }: Pick<Check, 'code' | 'samples'>,
): boolean {
  return check.ignore.some(
    (one) => one.code === code && (one.sample === undefined || samples.includes(one.sample)),
  );
}
