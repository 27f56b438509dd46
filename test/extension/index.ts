/** Runs inside the extension host: every suite beside this file, with Mocha; results go to a file. */
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';
import type { FailedSuite } from '../support/hostSuites';

/** Called by VS Code; the same for the server's extension host and for Electron's. */
export async function run(): Promise<void> {
  const results = process.env['OVERREAD_HOST_RESULTS'];
  if (results === undefined) throw new Error('OVERREAD_HOST_RESULTS names no file.');
  // The base reporter prints nothing: the extension host's log is where nobody looks.
  const mocha = new Mocha({ ui: 'tdd', timeout: 300_000, reporter: Mocha.reporters.Base });
  const grep = process.env['OVERREAD_HOST_GREP'];
  if (grep !== undefined) mocha.grep(grep);
  mocha.addFile(path.join(__dirname, 'suites.js'));
  // The runner shows these lines as they come, so a test that hangs has a name.
  const say = (line: string): void => appendFileSync(`${results}.log`, `${line}\n`);
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[], parts: [] as FailedSuite[] };
  try {
    await new Promise<void>((resolve) => {
      const runner = mocha.run(() => resolve());
      runner.on('test', (test) => say(`  … ${test.fullTitle()}`));
      runner.on('pass', (test) => {
        counts.passed += 1;
        say(`  ✓ ${test.fullTitle()} (${String(test.duration ?? 0)} ms)`);
      });
      runner.on('pending', (test) => {
        counts.skipped += 1;
        say(`  - ${test.fullTitle()}`);
      });
      runner.on('fail', (test, error: unknown) => {
        counts.failed += 1;
        counts.failures.push(test.fullTitle());
        noteFailure(counts.parts, test);
        const { stack, message } = error instanceof Error ? error : new Error(String(error));
        say(`  ✗ ${test.fullTitle()}\n${stack ?? message}`);
      });
    });
  } catch (error) {
    // A suite that does not load is one failure, not silence.
    counts.failed += 1;
    counts.failures.push('loading the suites');
    say(`  ✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  writeFileSync(`${results}.part`, JSON.stringify(counts));
  renameSync(`${results}.part`, results);
  if (counts.failed > 0) throw new Error(`${String(counts.failed)} tests failed.`);
}

/** The outermost suite of a test (or hook) that failed: what `npm test` runs once more. */
function noteFailure(parts: FailedSuite[], test: Mocha.Runnable): void {
  let suite = test.parent;
  while (suite?.parent && !suite.parent.root) suite = suite.parent;
  const part = suite?.fullTitle() ?? '';
  const known = parts.find((one) => one.part === part);
  if (known) known.tests.push(test.fullTitle());
  else parts.push({ part, tests: [test.fullTitle()] });
}
