// Brings the generated parts of docs/models.md in step with the architectures and the literature:
// `node scripts/runTs.mjs scripts/models.ts`. A test fails while they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { modelsPage, renderModelsPage } from './models/render';

void (async () => {
  writeFileSync(modelsPage, await renderModelsPage(readFileSync(modelsPage, 'utf8')));
  console.log(`wrote ${modelsPage}`);
})();
