// Runs a TypeScript program of the repository: `node scripts/runTs.mjs bench/features.ts [arguments]`.
// Node 20 reads no TypeScript, so the file is bundled first. The bundle lies in node_modules/.cache: out of the
// source tree, yet where `require` finds the packages. Source maps are on, so stack traces name the .ts lines.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { nodeProgram } from './bundleSettings.mjs';

/** Tools that look for their own files beside themselves and so cannot be bundled. */
const unbundled = ['playwright-core', 'esbuild', 'mocha', 'vitest', '@vscode/vsce', '@vscode/test-electron'];

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [entry, ...programArguments] = process.argv.slice(2);
if (entry === undefined) {
  console.error('usage: node scripts/runTs.mjs FILE.ts [arguments]');
  process.exit(2);
}

const cache = path.join(root, 'node_modules', '.cache', 'overread');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(path.join(cache, 'run-'));
const remove = () => rmSync(folder, { recursive: true, force: true });
const bundle = path.join(folder, `${path.basename(entry).replace(/\.[cm]?tsx?$/, '')}.cjs`);

try {
  await esbuild.build({
    ...nodeProgram,
    entryPoints: [path.resolve(entry)],
    outfile: bundle,
    bundle: true,
    sourcemap: 'linked',
    logLevel: 'warning',
    external: [...nodeProgram.external, ...unbundled],
  });
} catch {
  // esbuild has printed what is wrong.
  remove();
  process.exit(1);
}

const child = spawn(
  process.execPath,
  [...process.execArgv, '--enable-source-maps', bundle, ...programArguments],
  {
    stdio: 'inherit',
  },
);
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of signals) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the child too; a second one would read as "stop at once".
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => {
  remove();
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  remove();
  if (signal === null) process.exit(code ?? 1);
  for (const name of signals) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});
