/** Agreement of the readers of VinDr-CXR, where its table is at hand beside the checkout. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { readerAgreement } from '../../../src/core/evaluation/agreement';
import { initProject } from '../../../src/core/intake/init';
import { openProject } from '../../../src/core/project/project';
import { commandJson, runCommand } from '../../support/inProcess';

const vindr = path.resolve(import.meta.dirname, '../../../../shared/data/manifests/vinbigdata-train.csv.gz');
if (!existsSync(vindr)) console.warn('SKIPPED: no table of VinDr-CXR at ../shared/data/manifests');

it.skipIf(!existsSync(vindr))('of VinDr-CXR counts what is disputed, once', async () => {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-agreement-'));
  try {
    await initProject({ root, csv: vindr });
    const { labels } = await openProject(root);
    const all = readerAgreement(labels);
    expect(all).toHaveLength(14);
    expect(all.reduce((sum, { items, agreed }) => sum + items - agreed, 0)).toBe(10_099);
    const thickening = all.find(({ finding }) => finding === 'Pleural thickening');
    expect(thickening).toMatchObject({ items: 15_000, readers: 17, fleissItems: 15_000, fleissReadings: 3 });
    // By hand: 365 images with three positive readings, 517 with two, 1,099 with one.
    const observed = 1 - ((2 / 3) * (517 + 1099)) / 15_000;
    const share = (3 * 365 + 2 * 517 + 1099) / 45_000;
    const chance = share ** 2 + (1 - share) ** 2;
    expect(thickening?.fleiss).toBeCloseTo((observed - chance) / (1 - chance), 12);
    expect(await commandJson(['agreement', root])).toMatchObject({ findings: all });
    expect((await runCommand(['agreement', root])).stdout).toMatch(
      /Pleural thickening: 13,384 items agreed of 15000 \(89\.2 %\) by 17 readers; kappa 0\.\d{3}\n/,
    );
  } finally {
    await fs.rm(root, { recursive: true, force: true });
  }
});
