/** The backbone's self-test: features that say nothing, on a project whose cached features are made up. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mix32, SplitMix32 } from '../../../src/core/base/random';
import { backboneChecks } from '../../../src/core/checks/backbone/backboneChecks';
import { featureFaults } from '../../../src/core/checks/backbone/featureFaults';
import { probe } from '../../../src/core/checks/backbone/probe';
import { checkProject } from '../../../src/core/checks/check';
import type { Check } from '../../../src/core/checks/model';
import { openProject } from '../../../src/core/project/project';
import { cachedProject } from '../../support/cachedProject';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-backbone-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

/** Noise that is the same each time. */
const noise = (i: number, k: number): number => mix32(1 + i * 977 + k) / 2 ** 32;

/** What the self-test says of 120 images by these features; labels a and b in turn, as the view is. */
async function told(feature: (i: number, k: number) => number): Promise<readonly Check[]> {
  const root = path.join(folder, 'study');
  const env = await cachedProject(root, folder, 120, 16, { feature });
  const table = path.join(root, 'samples.csv');
  const [header = '', ...rows] = (await fs.readFile(table, 'utf8')).trim().split('\n');
  const withView = rows.map((row, i) => `${row},${i % 4 < 2 ? 'PA' : 'AP'}`);
  await fs.writeFile(table, `${[`${header},view`, ...withView].join('\n')}\n`);
  const project = await openProject(root);
  const cacheDir = env['OVERREAD_CACHE'] ?? '';
  const rows2 = [{ name: 'backbone', title: '', run: backboneChecks }];
  return (await checkProject(project, { cacheDir, env, rows: rows2 })).checks;
}

describe('the self-test of the backbone', () => {
  it('says nothing where features tell the labels, or the view alone', async () => {
    expect(await told((i, k) => noise(i, k) + (k === 3 ? i % 2 : 0))).toEqual([]);
    await fs.rm(path.join(folder, 'study'), { recursive: true });
    expect(await told((i, k) => noise(i, k) + (k === 3 && i % 4 < 2 ? 1 : 0))).toEqual([]);
  });

  it('names the columns and classes that a probe tells no better than shuffled ones', async () => {
    const checks = await told(noise);
    expect(checks).toMatchObject([{ code: 'OVR320', kind: 'backbone', severity: 'warning', samples: [] }]);
    expect(checks[0]?.message).toMatch(
      /better than chance \(.*view AP AUROC 0\.\d\d, shuffled up to 0\.\d\d/,
    );
    expect(checks[0]?.fixes).toHaveLength(2);
  });

  it('tells of features that are the same for all images, and of saturated ones', async () => {
    expect(await told(() => 0.5)).toMatchObject([
      {
        code: 'OVR320',
        severity: 'error',
        message: expect.stringMatching(/^100 % of the features .* the same/) as string,
      },
    ]);
    await fs.rm(path.join(folder, 'study'), { recursive: true });
    expect(await told((i, k) => (k < 12 ? Math.min(6, 5 + 40 * noise(i, k)) : noise(i, k)))).toMatchObject([
      {
        code: 'OVR320',
        severity: 'warning',
        message: expect.stringMatching(/^75 % .* saturated$/) as string,
      },
    ]);
  });
});

describe('features', () => {
  it('that are no numbers are named by their image, and count for nothing else', () => {
    const features = Float32Array.of(1, 2, NaN, 2, 3, 2, Infinity, 9, 8, 7);
    const present = Uint8Array.of(1, 1, 1, 1, 0);
    expect(featureFaults(features, 2, present)).toEqual({ broken: [1, 3], constant: 0.5, saturated: 0 });
    expect(featureFaults(features, 2, Uint8Array.of(1, 0, 0, 0, 0))).toEqual({
      broken: [],
      constant: 0,
      saturated: 0,
    });
  });
});

describe('a probe', () => {
  const random = new SplitMix32(2);
  const rows = Float32Array.from({ length: 400 * 6 }, () => random.normal());
  const half = Uint8Array.from({ length: 400 }, (_, i) => (i >> 1) % 2);

  it('tells groups that differ along one axis, in both halves, as well as the axis does', () => {
    const positive = Uint8Array.from({ length: 400 }, (_, i) => Number(rows[i * 6 + 2]! > 0));
    const found = probe({ rows, dim: 6, positive, half });
    expect(found?.auroc).toBeGreaterThan(0.95);
    expect(found?.shuffled).toBeLessThan(0.65);
  });

  it('is at chance on groups that have nothing to do with the features', () => {
    const found = probe({
      rows,
      dim: 6,
      positive: Uint8Array.from({ length: 400 }, (_, i) => Number(i % 3 === 0)),
      half,
    });
    expect(found?.auroc).toBeLessThan(found?.shuffled ?? 0);
    expect(found?.auroc).toBeGreaterThan(0.4);
  });

  it('is none where a half has no two images of a group', () => {
    const positive = Uint8Array.from({ length: 400 }, (_, i) => Number(i < 2));
    expect(probe({ rows, dim: 6, positive, half })).toBeNull();
  });
});
