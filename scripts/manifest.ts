// Writes what the tables in src/extension/manifest decide into package.json and package.nls.json:
// `npm run manifest`. A test fails while they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { renderManifest } from './manifest/render';

for (const [file, text] of Object.entries(renderManifest(readFileSync('package.json', 'utf8')))) {
  if (readFileSync(file, 'utf8') === text) continue;
  writeFileSync(file, text);
  console.log(`wrote ${file}`);
}
