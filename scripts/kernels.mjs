// Compiles src/core/images/kernels/*.wat into TypeScript that holds the WebAssembly in base64: `npm run kernels`. With
// --check it only says whether what is there is what the sources give.
import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import prettier from 'prettier';
import wabt from 'wabt';

const folder = path.join('src', 'core', 'images', 'kernels');
const { parseWat } = await wabt();

for (const source of readdirSync(folder).filter((name) => name.endsWith('.wat'))) {
  const name = path.basename(source, '.wat');
  const module = parseWat(source, readFileSync(path.join(folder, source), 'utf8'), { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  const text = `/** ${source} as WebAssembly, made by scripts/kernels.mjs. */
export const ${name}Kernel = '${Buffer.from(buffer).toString('base64')}';
`;
  const file = path.join(folder, `${name}Kernel.ts`);
  const settings = { ...(await prettier.resolveConfig(file)), parser: 'typescript' };
  const made = await prettier.format(text, settings);
  if (existsSync(file) && readFileSync(file, 'utf8') === made) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file} is not what ${source} gives: npm run kernels`);
    process.exitCode = 1;
  } else writeFileSync(file, made);
}
