/** Near duplicates of real ultrasound images beside those that a similarity transform maps onto each other (near_duplicates.csv). */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checksOf } from '../../support/checkedSets';
import { withoutXrays } from '../../support/xrays';

const data = path.resolve(import.meta.dirname, '../../../../shared/data/busi');
const without = existsSync(path.join(data, 'samples.csv'))
  ? await withoutXrays()
  : 'no images at ../shared/data/busi';
if (without !== null) console.warn(`Near duplicates of real images are not looked for: ${without}.`);

describe.skipIf(without !== null)('breast ultrasound', { timeout: 600_000 }, () => {
  it('has at least 0.98 of the known near duplicates among the findings, contradictions first, and no outlier', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-busi-'));
    try {
      const root = path.join(folder, 'study');
      const checks = await checksOf(root, path.join(data, 'samples.csv'), 'busi');
      const groups = checks
        .filter(
          ({ code, samples }) =>
            ['OVR310', 'OVR311', 'OVR312', 'OVR314'].includes(code) && samples.length > 1,
        )
        .map(({ samples }) => new Set(samples));
      const [, ...pairs] = (await fs.readFile(path.join(data, 'near_duplicates.csv'), 'utf8'))
        .trim()
        .split('\n');
      const found = pairs.filter((line) => {
        const [a = '', b = ''] = line.split(',');
        return groups.some((group) => group.has(a) && group.has(b));
      });
      expect(pairs.length).toBeGreaterThan(100);
      expect(found.length / pairs.length).toBeGreaterThanOrEqual(0.98);
      const kinds = checks.map(({ kind }) => kind);
      const contradictions = kinds.filter((kind) => kind === 'contradiction').length;
      expect(contradictions).toBeGreaterThanOrEqual(5);
      expect(kinds.slice(0, contradictions).every((kind) => kind === 'contradiction')).toBe(true);
      expect(checks.filter(({ code }) => ['OVR315', 'OVR320'].includes(code))).toEqual([]);
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
});
