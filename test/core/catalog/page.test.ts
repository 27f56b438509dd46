import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { modelsPage, renderModelsPage } from '../../../scripts/models/render';
import { architectureNames } from '../../../src/core/networks';
import { sources } from '../../../src/core/catalog/sources';

it('docs/models.md equals its source', async () => {
  const page = await fs.readFile(path.resolve(import.meta.dirname, '../../..', modelsPage), 'utf8');
  // On a difference: node scripts/runTs.mjs scripts/models.ts
  expect(await renderModelsPage(page)).toBe(page);
  for (const name of architectureNames) expect(page).toContain(`\`${name}\``);
  for (const { url } of Object.values(sources)) expect(page).toContain(url);
});

it('a page without a place for a part is refused', async () => {
  await expect(renderModelsPage('# Architectures')).rejects.toThrow('no place for its part');
});
