// A test that drives a browser or an editor can fail because the machine was busy elsewhere. Its file is run once more by
// itself, after its layer: what passes then counts as passed, and is named in the report, so that nobody overlooks it.

/** More of them than this have not failed by chance. */
const most = 6;

/**
 * Runs what failed of a layer once more. Nothing is run again where the layer itself broke: where it hung, crashed, or threw
 * outside of its tests.
 * @param again gives for a part of the layer (a file, a suite) the arguments and variables that run it alone
 * @param result `{ passed, failed, skipped, failures, parts, broke }`, of which `parts` says for each part that failed which
 *   of its tests did, and how many passed and were skipped where that is known
 * @param run runs the layer's command with these; gives the same fields, and the exit code as `code`
 * @returns the result, with what passed the second time in `flaky`
 */
export async function runAgain(again, result, run, print) {
  const { parts } = result;
  if (result.broke || parts.length === 0 || parts.length > most) return { ...result, flaky: [] };
  const flaky = [];
  const failures = [...result.failures];
  let { passed, failed, skipped } = result;
  for (const { part, tests, passed: before, skipped: left = 0 } of parts) {
    print(`\n... once more by itself: ${part}\n`);
    const { code, broke, ...second } = await run(again(part));
    if (code !== 0 || broke || second.failed > 0 || second.passed < (before ?? 0) + tests.length) continue;
    flaky.push(...tests);
    for (const test of tests) failures.splice(failures.indexOf(test), 1);
    failed -= tests.length;
    passed += before === undefined ? tests.length : second.passed - before;
    skipped += before === undefined ? 0 : second.skipped - left;
  }
  return { ...result, passed, failed, skipped, failures, flaky };
}

/** Runs a file of vitest, as a layer of npm. */
export function fileAlone(layer) {
  return (file) => ({ arguments: ['run', '--silent', layer, '--', file] });
}

/** Runs a suite of the extension host, which looks for it by the beginning of its tests' titles. */
export function suiteAlone(suite) {
  const title = suite.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  return { environment: { OVERREAD_HOST_GREP: `^${title} ` } };
}
