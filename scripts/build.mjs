// Bundles every program of the project: `node scripts/build.mjs [--watch] [--production] [--outdir dist]`.
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { nodeProgram } from './bundleSettings.mjs';
import { builtBefore } from './builtBefore.mjs';

const { values } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    production: { type: 'boolean', default: false },
    outdir: { type: 'string', default: 'dist' },
  },
});

// `npm test` has built for all its layers, some of which are running these programs.
if (process.env.OVERREAD_BUILT && !values.watch && !values.production && values.outdir === 'dist') {
  console.log('built before');
  process.exit(0);
}

const before = builtBefore(values.outdir, JSON.stringify(values));
if (!values.watch && before.isSame()) {
  console.log(`built before into ${values.outdir}, of the same files`);
  process.exit(0);
}

const page = { platform: 'browser', target: 'chrome130', format: 'esm', splitting: false, limit: 1500 };

/** Browser pages: every folder of webview-ui with a main.ts. */
const pages = readdirSync('webview-ui', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join('webview-ui', entry.name, 'main.ts')))
  .map((entry) => ({ in: `webview-ui/${entry.name}/main.ts`, out: `webview-${entry.name}`, ...page }));

/** `limit`: the most kilobytes of the minified program; what is loaded at start-up is kept small. */
const programs = [
  { in: 'src/cli/main.ts', out: 'cli', limit: 100, ...nodeProgram },
  { in: 'src/cli/work.ts', out: 'cliWork', limit: 4000, ...nodeProgram },
  { in: 'src/cli/job.ts', out: 'job', limit: 400, ...nodeProgram },
  { in: 'src/engine/main.ts', out: 'engine', limit: 4000, ...nodeProgram },
  // A thread of the CLI: both lie in one folder, and so does a package that holds the CLI alone.
  { in: 'src/core/inference/inferenceWorker.ts', out: 'inferenceWorker', limit: 1000, ...nodeProgram },
  // Threads of the CLI: images become the network's input there.
  { in: 'src/core/features/preparationWorker.ts', out: 'preparationWorker', limit: 1000, ...nodeProgram },
  // Threads of the CLI and of the engine's pictures: compressed DICOM frames are decoded there.
  { in: 'src/core/dicom/codecWorker.ts', out: 'dicomCodecs', limit: 250, ...nodeProgram },
  // A process of the engine and of the CLI: filters run there.
  { in: 'src/core/review/filterProgram.ts', out: 'filters', limit: 1000, ...nodeProgram },
  // A process of the engine: images are read and decoded there.
  { in: 'src/engine/picturesProgram.ts', out: 'pictures', limit: 1000, ...nodeProgram },
  // A process of the engine: the last layer follows the labels there.
  { in: 'src/engine/live/liveProgram.ts', out: 'live', limit: 4000, ...nodeProgram },
  // A process of the engine: which images look alike is known there.
  { in: 'src/engine/similar/similarProgram.ts', out: 'similar', limit: 4000, ...nodeProgram },
  // A process of the engine: cohorts, shortcuts, corrections and the map are computed there.
  { in: 'src/engine/looking/lookingProgram.ts', out: 'looking', limit: 4000, ...nodeProgram },
  // A process of the engine: runs are looked at there, and patients resampled.
  { in: 'src/engine/analysis/analysisProgram.ts', out: 'analysis', limit: 1500, ...nodeProgram },
  { in: 'src/extension/extension.ts', out: 'extension', limit: 600, ...nodeProgram },
  ...pages,
].filter((program) => existsSync(program.in));

// A watch returns before it has built anything.
mkdirSync(values.outdir, { recursive: true });
// Programs of the same settings are built together: what they share is read and parsed once.
for (const { settings, members } of bySettings(programs)) {
  const options = {
    entryPoints: members.map(({ in: entry, out }) => ({ in: entry, out })),
    outdir: values.outdir,
    bundle: true,
    minify: values.production,
    sourcemap: !values.production,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    loader: { '.css': 'css' },
    ...settings,
  };
  if (values.watch) {
    await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
    continue;
  }
  // esbuild has printed what is wrong; a stack of this script would only hide it.
  const result = await esbuild.build(options).catch(() => process.exit(1));
  for (const { out, limit } of members) {
    const bytes = Object.entries(result.metafile.outputs)
      .filter(([file]) => ['.js', '.css'].some((ending) => path.basename(file) === `${out}${ending}`))
      .reduce((sum, [, output]) => sum + output.bytes, 0);
    console.log(`built ${path.join(values.outdir, out)} (${(bytes / 1024).toFixed(0)} kB)`);
    if (values.production && bytes > limit * 1024) {
      console.error(`${out} is above its limit of ${limit} kB.`);
      process.exitCode = 1;
    }
  }
}
// The codecs' WebAssembly, beside the programs that open it (src/core/dicom/wasm.ts).
const resolvePackage = createRequire(import.meta.url).resolve;
const codecs = {
  'charls.wasm': '@cornerstonejs/codec-charls/decodewasm',
  'openjpeg.wasm': '@cornerstonejs/codec-openjpeg/decodewasm',
  'openjph.wasm': '@cornerstonejs/codec-openjph/wasm',
  'libjpeg-turbo.wasm': '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
  'dcmjs.wasm': 'dcmjs-codecs/build/dcmjs-native-codecs.wasm',
};
for (const [name, file] of Object.entries(codecs)) {
  copyFileSync(resolvePackage(file), path.join(values.outdir, name));
}
writeFileSync(path.join(values.outdir, 'dicomTags.json'), JSON.stringify(dicomTags()));

// The package that trains with PyTorch: plain files, run by the Python that the user names.
cpSync('python/overread_torch', path.join(values.outdir, 'python', 'overread_torch'), {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});

// npm sets the bit where it installs the package; a checkout needs it for `npx overread`.
if (!values.watch) chmodSync(path.join(values.outdir, 'cli.js'), 0o755);

if (!values.watch && process.exitCode === undefined) before.note();

/** The keywords of PS3.6 by tag (`00100010`), for whoever shows a file's elements. */
function dicomTags() {
  const { data } = createRequire(import.meta.url)('dcmjs');
  return Object.fromEntries(
    Object.values(data.DicomMetaDictionary.nameMap)
      .map(({ tag, name }) => [tag.replaceAll(/[(),]/g, '').toLowerCase(), name.replace(/^RETIRED_/, '')])
      .filter(([tag]) => /^[0-9a-f]{8}$/.test(tag)),
  );
}

/** Programs in groups of equal settings. */
function bySettings(all) {
  const groups = new Map();
  for (const { in: entry, out, limit, ...settings } of all) {
    const key = JSON.stringify(settings);
    if (!groups.has(key)) groups.set(key, { settings, members: [] });
    groups.get(key).members.push({ in: entry, out, limit });
  }
  return [...groups.values()];
}
