// How the layers of the test run tell their counts: each writes one JSON file, named in OVERREAD_TEST_RESULTS.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const variable = 'OVERREAD_TEST_RESULTS';

/** Writes `{ passed, failed, skipped, failures?, notes?, parts? }` for the test run, when one is asking. */
export function writeCounts(counts) {
  const file = process.env[variable];
  if (file) writeFileSync(file, JSON.stringify(counts));
}

/** Vitest's reporters: what a person reads, and the file for the test run when one is asking. */
export function vitestReporters() {
  const file = process.env[variable];
  return file ? ['default', ['json', { outputFile: file }], new Unhandled(file)] : ['default'];
}

/** Notes that something was thrown outside of the tests, of which the JSON says nothing. */
class Unhandled {
  constructor(file) {
    this.file = file;
  }

  onTestRunEnd(_modules, errors) {
    if (errors.length > 0) writeFileSync(besideCounts(this.file), '');
  }
}

const besideCounts = (file) => `${file}.unhandled`;

/** The environment in which a layer writes its counts to `file`. Colours are for a terminal, which the layer does not see. */
export function countsEnvironment(file) {
  return { ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...process.env, [variable]: file };
}

/**
 * The counts of a layer that ended with `exitCode`: from its file, else one check that passed or failed. A layer
 * that failed without naming a failed test (a crash at the end) counts as one failure, and as one that `broke`. `parts`: the
 * files or suites that failed, with their tests that did, and how many passed and were skipped, where that is known.
 */
export function readCounts(file, exitCode, layer) {
  const counts = existsSync(file)
    ? parseCounts(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: exitCode === 0 ? 1 : 0, failed: 0, skipped: 0, failures: [], notes: [], parts: [] };
  if (exitCode !== 0 && counts.failed === 0) {
    counts.failed = 1;
    counts.failures.push(layer);
    counts.broke = true;
  }
  if (existsSync(besideCounts(file))) counts.broke = true;
  return counts;
}

function parseCounts(report) {
  if ('numTotalTests' in report) return vitestCounts(report);
  const { passed, failed, skipped, failures = [], notes = [], parts = [] } = report;
  return { passed, failed, skipped, failures, notes, parts };
}

function vitestCounts(report) {
  const parts = report.testResults
    .filter((file) => file.status === 'failed')
    .map(({ name, assertionResults }) => {
      const names = (wanted) =>
        assertionResults.filter(({ status }) => status === wanted).map((test) => test.fullName.trim());
      const tests = names('failed');
      // A file that throws while it loads, or before its tests, has none that failed.
      const passed = names('passed').length;
      // Tests that their file never came to are skipped as well.
      const skipped = assertionResults.length - passed - tests.length;
      return { part: name, tests: tests.length > 0 ? tests : [name], passed, skipped };
    });
  const failures = parts.flatMap(({ tests }) => tests);
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
    notes: [],
    parts,
  };
}
