/** Bundles a program of this project for a test, as scripts/build.mjs does for users. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';

const project = path.join(import.meta.dirname, '../../..');

/**
 * @param entry path from the project's root
 * @returns the program; its folder is the caller's to remove. It lies inside the project, where `require` finds
 * the packages.
 */
export async function bundleProgram(entry: string): Promise<string> {
  const cache = path.join(project, 'node_modules', '.cache', 'overread');
  mkdirSync(cache, { recursive: true });
  const name = path.basename(entry, '.ts');
  const program = path.join(mkdtempSync(path.join(cache, `${name}-`)), `${name}.cjs`);
  await esbuild.build({
    entryPoints: [path.join(project, entry)],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'sharp', '@duckdb/*'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return program;
}
