// How the layers of the test run tell their counts: each writes one JSON file, named in OVERREAD_TEST_RESULTS.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const variable = 'OVERREAD_TEST_RESULTS';

/** Writes `{ passed, failed, skipped, failures?, notes? }` for the test run, when one is asking. */
export function writeCounts(counts) {
  const file = process.env[variable];
  if (file) writeFileSync(file, JSON.stringify(counts));
}

/** Vitest's reporters: what a person reads, and the file for the test run when one is asking. */
export function vitestReporters() {
  const file = process.env[variable];
  return file ? ['default', ['json', { outputFile: file }]] : ['default'];
}

/** The environment in which a layer writes its counts to `file`. Colours are for a terminal, which the layer does not see. */
export function countsEnvironment(file) {
  return { ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...process.env, [variable]: file };
}

/**
 * The counts of a layer that ended with `exitCode`: from its file, else one check that passed or failed. A layer
 * that failed without naming a failed test (a file that does not load, a crash at the end) counts as one failure.
 */
export function readCounts(file, exitCode, layer) {
  const counts = existsSync(file)
    ? parseCounts(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: exitCode === 0 ? 1 : 0, failed: 0, skipped: 0, failures: [], notes: [] };
  if (exitCode !== 0 && counts.failed === 0) {
    counts.failed = 1;
    counts.failures.push(layer);
  }
  return counts;
}

function parseCounts(report) {
  if ('numTotalTests' in report) return vitestCounts(report);
  const { passed, failed, skipped, failures = [], notes = [] } = report;
  return { passed, failed, skipped, failures, notes };
}

function vitestCounts(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  // A file that throws while it loads has no tests to fail.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [
      ...tests.filter((test) => test.status === 'failed').map((test) => test.fullName.trim()),
      ...broken.map((file) => file.name),
    ],
    notes: [],
  };
}
