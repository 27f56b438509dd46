// `npm run check:NAME`: a check of the sources. Where all that it may read is as it was when it passed, it would pass again,
// and says so instead of running: in this checkout or in another of this user; and what goes by one file and those that it imports looks
// at the files alone that are not as they were. With arguments of its own it always runs.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { cacheFolder } from './environment/cache.mjs';
import { runCommand } from './environment/process.mjs';
import { writeCounts } from './test/counts.mjs';
import { filesOf, fingerprint, passedChecks, programs } from './test/passedChecks.mjs';
import { keysAlone, keysWithImports, passedFiles } from './test/passedFiles.mjs';

const everything = /./;
const code = /\.([cm]?[jt]s|json)$/;
/** What is written for people or drawn for tests imports nothing, and Python none of ours. */
const exceptTexts = /^(?!(docs|python)\/|test\/golden\/values\/).*(?<!\.(md|py|png|svg))$/;
const program = (name, file) => path.join('node_modules', name, file);
const knip = program('knip', 'bin/knip.js');

/**
 * `reads`: the names of the files that a check goes by; `commands`: what looks at all of them. `byFile`: what is given the names of
 * files, those that `names` matches; `keys` tells whether a file is as it was, together with the files that `settings` matches, and
 * those whose text matches `everywhere`.
 */
const checks = {
  format: {
    reads: everything,
    commands: [],
    byFile: {
      command: [program('prettier', 'bin/prettier.cjs'), '--check', '--ignore-unknown'],
      names: everything,
      settings: /^\.(prettier|editorconfig)/,
      keys: keysAlone,
    },
  },
  lint: {
    reads: code,
    // A tenth of ESLint's time for all rules but six, which are left to it.
    commands: [[program('oxlint', 'bin/oxlint'), '-c', 'oxlint.config.mjs']],
    byFile: {
      command: [
        ...[program('eslint', 'bin/eslint.js'), '-c', 'scripts/lint/rest.config.mjs'],
        ...['--no-warn-ignored', '--pass-on-no-patterns'],
      ],
      names: /\.(ts|[cm]js)$/,
      settings: /^eslint\.config|^scripts\/lint\/|tsconfig[\w.]*\.json$|\.d\.[cm]?ts$/,
      everywhere: /\bdeclare (global|module)\b/,
      keys: keysWithImports,
    },
  },
  types: { reads: code, commands: [['scripts/types.mjs']] },
  unused: { reads: exceptTexts, commands: [[knip], [knip, '--production']] },
};

const [name, ...more] = process.argv.slice(2);
const { reads, commands, byFile } = checks[name];
const folder = path.join(cacheFolder(), 'checks');
const passed = passedChecks(path.join(folder, `${name}.json`));
const before = more.length === 0 ? fingerprint('.', reads) : undefined;
const since = before && passed.when(before);
if (since) {
  const note = `check:${name} passed on the same files and packages (${since})`;
  console.log(note);
  writeCounts({ passed: 1, failed: 0, skipped: 0, notes: [note] });
} else {
  for (const command of commands) await run([...command, ...more]);
  if (byFile && !before) await run([...byFile.command, '.', ...more]);
  const keys = byFile && before ? await checkFiles(byFile) : [];
  // What was edited meanwhile may have been read before or after.
  if (before && fingerprint('.', reads) === before) {
    if (keys.length > 0) passedFiles(path.join(folder, `${name}.files`)).note(keys);
    passed.note(before);
  }
}

async function run(command) {
  const { code: exitCode } = await runCommand(process.execPath, command, { show: true });
  if (exitCode !== 0) process.exit(exitCode);
}

/** Checks the files that are not as they were; gives their keys. */
async function checkFiles({ command, names, settings, everywhere, keys }) {
  const all = filesOf('.');
  const text = (file) => readFileSync(file, 'latin1');
  const common = all.filter(
    (file) => settings.test(file) || (everywhere && code.test(file) && everywhere.test(text(file))),
  );
  const shared = [programs('.'), ...command, ...common.map((file) => `${file}\n${text(file)}`)].join('\n');
  const checked = all.filter((file) => names.test(file));
  const passedBefore = passedFiles(path.join(folder, `${name}.files`));
  const left = [...keys('.', checked, shared)].filter(([, key]) => !passedBefore.has(key));
  console.log(`${checked.length - left.length} of ${checked.length} files passed before`);
  // A command line has an end.
  const batch = process.platform === 'win32' ? 300 : 4000;
  for (let at = 0; at < left.length; at += batch)
    await run([...command, ...left.slice(at, at + batch).map(([file]) => file)]);
  return left.map(([, key]) => key);
}
