// What must hold for a VSIX before anybody installs it.
import { statSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runOrThrow } from '../environment/process.mjs';
import { extractArchive, listArchive } from './archive.mjs';
import { filesOf } from './packages.mjs';

/** The most that a VSIX may weigh, in bytes. */
export const sizeLimit = 90e6;

/** Throws when the archive holds anything but the staged files, lacks one, or is too large. Gives its files. */
export async function checkContents(vsix, stage) {
  const own = new Set(['[Content_Types].xml', 'extension.vsixmanifest']);
  const files = await listArchive(vsix);
  const packed = new Set(files.map(({ name }) => name).filter((name) => !own.has(name)));
  const expected = new Set(
    filesOf(stage)
      .filter((name) => name !== '.vscodeignore')
      .map((name) => `extension/${renamedByVsce(name)}`),
  );
  const strangers = [...packed].filter((name) => !expected.has(name));
  const lacking = [...expected].filter((name) => !packed.has(name));
  const leaks = [...packed].filter((name) => /\.(map|ts|tsx)$|(^|\/)(test|bench|src)\//.test(name));
  const complaints = [
    ...strangers.map((name) => `holds ${name}, which was not staged`),
    ...lacking.map((name) => `lacks ${name}`),
    ...leaks.map((name) => `holds ${name}, which no program reads`),
  ];
  const { size } = statSync(vsix);
  if (size > sizeLimit)
    complaints.push(`weighs ${megabytes(size)}, above the limit of ${megabytes(sizeLimit)}`);
  if (complaints.length > 0) throw new Error(`${vsix} is wrong: it ${complaints.join('; it ')}.`);
  return files;
}

/** Unpacks the VSIX far from any node_modules and lets each native library do one piece of real work. */
export async function smokeTest(vsix) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-vsix-'));
  try {
    await extractArchive(vsix, folder);
    const program = path.join(folder, 'extension', 'dist', 'smoke.cjs');
    writeFileSync(program, smokeProgram);
    const env = { ...process.env };
    delete env.NODE_PATH;
    console.log(
      (await runOrThrow(process.execPath, [program], { cwd: folder, env, timeoutMs: 120_000 })).trim(),
    );
    await decodeDicom(path.join(folder, 'extension', 'dist', 'cli.js'), folder, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets the packed command line decode DICOM of each codec: their WebAssembly and their thread lie beside it. */
export async function decodeDicom(cli, folder, env = process.env) {
  const fixtures = path.resolve('test', 'golden', 'values', 'dicom', 'own');
  for (const name of ['jpegls-12', 'j2k-12', 'htj2k-12', 'jpeg-lossless-1']) {
    const out = path.join(folder, `${name}.npy`);
    const image = path.join(fixtures, `${name}.dcm`);
    await runOrThrow(process.execPath, [cli, 'image', image, '--as', 'stored', '--out', out], {
      cwd: folder,
      env,
      timeoutMs: 60_000,
    });
    // 45 × 66 samples of 16 bit behind the header.
    if (statSync(out).size !== 128 + 2 * 45 * 66)
      throw new Error(`${name} was decoded to ${statSync(out).size} bytes`);
  }
}

/** `12.3 MB`. */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function renamedByVsce(name) {
  return { 'README.md': 'readme.md', 'CHANGELOG.md': 'changelog.md', LICENSE: 'LICENSE.txt' }[name] ?? name;
}

const smokeProgram = `
(async () => {
  const sharp = require('sharp');
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).png().toBuffer();
  const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  if (data[0] !== 255 || data[1] !== 0) throw new Error('sharp decoded ' + data[0]);
  const duckdb = require('@duckdb/node-bindings');
  const connection = await duckdb.connect(await duckdb.open(':memory:'));
  const chunk = await duckdb.fetch_chunk(await duckdb.query(connection, 'SELECT 40 + 2'));
  const answer = Buffer.from(duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 0), 4)).readInt32LE();
  if (answer !== 42) throw new Error('DuckDB answered ' + answer);
  const ort = require('onnxruntime-node');
  const backends = ort.listSupportedBackends().map(({ name }) => name);
  if (!backends.includes('cpu')) throw new Error('ONNX Runtime offers ' + backends);
  for (const name of ['sharp', '@duckdb/node-bindings', 'onnxruntime-node']) {
    if (!require.resolve(name).startsWith(__dirname)) throw new Error(name + ' came from ' + require.resolve(name));
  }
  console.log('natives from the VSIX work: sharp ' + sharp.versions.sharp + ', DuckDB, ONNX Runtime (' + backends + ')');
})().catch((error) => { console.error(error); process.exit(1); });
`;
