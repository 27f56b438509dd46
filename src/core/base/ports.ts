/** The few services that core is handed instead of reaching for them: nothing here has state of its own. */

import type { Progress } from './report';

export type ReportProgress = (progress: Progress) => void;

/** A log for people who look for a fault. Never patient identifiers, never full paths. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
}

/** What every long operation of core accepts. */
export interface WorkOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
  readonly log?: Logger;
}
