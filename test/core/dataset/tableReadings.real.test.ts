/** Readings of VinDr-CXR's seventeen readers, where its table is at hand beside the checkout. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTargets } from '../../../src/core/labels/targets';
import { countSamples } from '../../../src/core/project/countSamples';
import { openProject } from '../../../src/core/project/project';
import { openReview } from '../../../src/core/review/openReview';

const vindr = path.resolve(import.meta.dirname, '../../../../shared/data/manifests/vinbigdata-train.csv.gz');
if (!existsSync(vindr)) console.warn('SKIPPED: no table of VinDr-CXR at ../shared/data/manifests');

let root: string;
beforeAll(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-vindr-'));
});
afterAll(() => fs.rm(root, { recursive: true, force: true }));

describe.skipIf(!existsSync(vindr))('VinDr-CXR', () => {
  const findings = [
    'Aortic enlargement', 'Atelectasis', 'Calcification', 'Cardiomegaly', 'Consolidation', 'ILD', 'Infiltration',
    'Lung Opacity', 'Nodule/Mass', 'Other lesion', 'Pleural effusion', 'Pleural thickening', 'Pneumothorax',
    'Pulmonary fibrosis',
  ]; // prettier-ignore
  const yaml = (more = '') => `dataset: {table: ${JSON.stringify(vindr)}, path: image_id}
labels: {task: multi-label, column: class_name, none: No finding, findings: ${JSON.stringify(findings)}, rows: readings, reader: rad_id${more}}`;

  test('its disagreements are disputed from the first minute, and the majority is the label', async () => {
    await fs.writeFile(path.join(root, 'overread.yaml'), `version: 1\n${yaml()}\n`);
    const opened = await openProject(root);
    const { dataset, labels, assignment } = opened;
    const catalog = await openReview(opened, undefined);
    const splits = ['train', 'validation', 'test'] as const;
    const query = { queue: 'disputed', splits, sort: 'path', descending: false };
    const { rows } = await catalog.query(query);
    expect(new Set(Array.from(rows, (row) => catalog.sampleOf(row))).size).toBe(3683);
    expect(rows).toHaveLength(10_099);
    expect(catalog.queueCounts(splits)).toMatchObject({ disputed: 10_099, edited: 0, all: 210_000 });
    expect(catalog.groups().reduce((sum, { edits }) => sum + edits, 0)).toBe(0);
    const counts = countSamples(opened, new Uint8Array(15_000).fill(1), 0);
    expect(counts).toMatchObject({ disputed: 10_099, edited: 0, masked: 0 });
    const thickening = findings.indexOf('Pleural thickening');
    const positives = (targets: Int32Array): number =>
      dataset.samples.filter((_, s) => targets[s * findings.length + thickening] === 1).length;
    expect(positives(buildTargets(dataset, labels).y)).toBe(882);
    expect(assignment.split).toHaveLength(15_000);
    catalog.close();
    // Without the disputes most of them would be gone.
    await fs.writeFile(path.join(root, 'overread.yaml'), `version: 1\n${yaml(', disputed: exclude')}\n`);
    const strict = await openProject(root);
    expect(positives(buildTargets(strict.dataset, strict.labels).y)).toBe(365);
  });
});
