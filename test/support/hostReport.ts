/** How a run of the extension-host suites ends: counts for a person and for `npm test`, and the exit code. */
import { writeFileSync } from 'node:fs';
import type { HostCounts } from './hostSuites';

/** A run that could not take place, and why; `npm test` prints the reason at its end. */
export interface HostSkip {
  readonly skippedBecause: string;
}

/** Runs the suites and reports them. A thrown error is one failure. */
export async function reportHostCounts(runSuites: () => Promise<HostCounts | HostSkip>): Promise<void> {
  let counts: HostCounts & { notes?: readonly string[] };
  try {
    const outcome = await runSuites();
    counts =
      'skippedBecause' in outcome
        ? { passed: 0, failed: 0, skipped: 1, failures: [], notes: [outcome.skippedBecause] }
        : outcome;
  } catch (error) {
    console.error(error);
    counts = {
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: [error instanceof Error ? error.message : String(error)],
    };
  }
  for (const note of counts.notes ?? []) console.log(note);
  console.log(
    `${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(counts.skipped)} skipped`,
  );
  const file = process.env['OVERREAD_TEST_RESULTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
