// Compiles the kernels of core (*.wat) into TypeScript that holds the WebAssembly in base64: `npm run kernels`. With
// --check it only says whether what is there is what the sources give.
import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import prettier from 'prettier';
import wabt from 'wabt';

const folders = ['images', 'neighbours'].map((room) => path.join('src', 'core', room, 'kernels'));
const { parseWat } = await wabt();

const sources = folders.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
for (const source of sources.filter((name) => name.endsWith('.wat'))) await compile(source);

/** @param {string} source path of the text */
async function compile(source) {
  const name = path.basename(source, '.wat');
  const module = parseWat(source, readFileSync(source, 'utf8'), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  const text = `/** ${name}.wat as WebAssembly, made by scripts/kernels.mjs. */
export const ${name}Kernel = '${Buffer.from(buffer).toString('base64')}';
`;
  const file = path.join(path.dirname(source), `${name}Kernel.ts`);
  const settings = { ...(await prettier.resolveConfig(file)), parser: 'typescript' };
  const made = await prettier.format(text, settings);
  if (existsSync(file) && readFileSync(file, 'utf8') === made) return;
  if (process.argv.includes('--check')) {
    console.error(`${file} is not what ${name}.wat gives: npm run kernels`);
    process.exitCode = 1;
  } else writeFileSync(file, made);
}
