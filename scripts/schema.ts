// Writes schemas/overread.schema.json and docs/configuration.md from the schema in src/core/config:
// `node scripts/runTs.mjs scripts/schema.ts`. A test fails while they differ from their source.
import { writeFileSync } from 'node:fs';
import { renderAll } from './schema/render';

void (async () => {
  for (const { file, text } of await renderAll()) {
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
})();
