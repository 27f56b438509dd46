// What every bundle of a Node program shares, for the products (build.mjs) and for scripts and tests (runTs.mjs).

/**
 * Packages with native code: they stay in node_modules and are required from there. Of DuckDB the bindings alone: to look for the 150
 * files of `@duckdb/node-api` would take a fifth of a program's start.
 */
export const nativePackages = ['onnxruntime-node', 'sharp', '@duckdb/node-bindings'];

/** esbuild settings of a program that runs on Node 20 or later, in VS Code's extension host or alone. */
export const nodeProgram = {
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // `vscode` is the editor's.
  external: ['vscode', ...nativePackages],
  // core is written as ES modules; bundles are CommonJS because the extension host loads that everywhere.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};
