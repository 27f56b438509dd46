// Writes what the tables in src/extension/manifest decide into package.json and package.nls.json, and the table of keys
// into docs/review.md: `npm run manifest`. A test fails while they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { renderKeyTable } from './manifest/keyTable';
import { renderManifest } from './manifest/render';

const made = {
  ...renderManifest(readFileSync('package.json', 'utf8')),
  'docs/review.md': renderKeyTable(readFileSync('docs/review.md', 'utf8')),
};
for (const [file, text] of Object.entries(made)) {
  if (readFileSync(file, 'utf8') === text) continue;
  writeFileSync(file, text);
  console.log(`wrote ${file}`);
}
