// Bundles every program of the project: `node scripts/build.mjs [--watch] [--production]`.
import { readdirSync, existsSync } from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { nodeProgram } from './bundleSettings.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const page = { platform: 'browser', target: 'chrome130', format: 'esm', splitting: false };

/** Browser pages: every folder of webview-ui with a main.ts. */
const pages = readdirSync('webview-ui', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join('webview-ui', entry.name, 'main.ts')))
  .map((entry) => ({ in: `webview-ui/${entry.name}/main.ts`, out: `webview-${entry.name}`, ...page }));

const programs = [
  { in: 'src/cli/main.ts', out: 'cli', ...nodeProgram },
  { in: 'src/engine/main.ts', out: 'engine', ...nodeProgram },
  { in: 'src/extension/extension.ts', out: 'extension', ...nodeProgram },
  ...pages,
].filter((program) => existsSync(program.in));

for (const { in: entry, out, ...settings } of programs) {
  const options = {
    entryPoints: [{ in: entry, out }],
    outdir: 'dist',
    bundle: true,
    minify: production,
    sourcemap: !production,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    loader: { '.css': 'css' },
    ...settings,
  };
  if (watch) {
    await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
    continue;
  }
  const result = await esbuild.build(options);
  const bytes = Object.entries(result.metafile.outputs)
    .filter(([file]) => !file.endsWith('.map'))
    .reduce((sum, [, output]) => sum + output.bytes, 0);
  console.log(`built dist/${out} (${(bytes / 1024).toFixed(0)} kB)`);
}
