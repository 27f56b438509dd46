// `npm run check:NAME`: a check of the sources. Where all that it may read is as it was when it passed, it would pass again,
// and says so instead of running: in this checkout or in another of this user. With arguments of its own it always runs.
import * as path from 'node:path';
import { cacheFolder } from './environment/cache.mjs';
import { runCommand } from './environment/process.mjs';
import { writeCounts } from './test/counts.mjs';
import { fingerprint, passedChecks } from './test/passedChecks.mjs';

const everything = /./;
const code = /\.([cm]?[jt]s|json)$/;
const program = (name, file) => path.join('node_modules', name, file);
const knip = program('knip', 'bin/knip.js');

/** `reads`: the names of the files that a check goes by. */
const checks = {
  format: {
    reads: everything,
    commands: [
      [
        program('prettier', 'bin/prettier.cjs'),
        ...['--check', '.', '--cache', '--cache-strategy', 'content'],
        ...['--cache-location', 'node_modules/.cache/prettier/checked'],
      ],
    ],
  },
  lint: {
    reads: code,
    // A tenth of ESLint's time for all rules but six, which are left to it.
    commands: [
      [program('oxlint', 'bin/oxlint'), '-c', 'oxlint.config.mjs'],
      [program('eslint', 'bin/eslint.js'), '-c', 'scripts/lint/rest.config.mjs', '.'],
    ],
  },
  types: { reads: code, commands: [['scripts/types.mjs']] },
  unused: { reads: everything, commands: [[knip], [knip, '--production']] },
};

const [name, ...more] = process.argv.slice(2);
const { reads, commands } = checks[name];
const passed = passedChecks(path.join(cacheFolder(), 'checks', `${name}.json`));
const before = more.length === 0 ? fingerprint('.', reads) : undefined;
const since = before && passed.when(before);
if (since) {
  const note = `check:${name} passed on the same files and packages (${since})`;
  console.log(note);
  writeCounts({ passed: 1, failed: 0, skipped: 0, notes: [note] });
} else {
  for (const command of commands) {
    const { code: exitCode } = await runCommand(process.execPath, [...command, ...more], { show: true });
    if (exitCode !== 0) process.exit(exitCode);
  }
  // What was edited meanwhile may have been read before or after.
  if (before && fingerprint('.', reads) === before) passed.note(before);
}
