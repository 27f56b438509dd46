/** `overread compare` from arguments to files. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/core/evaluation/comparison';
import { runCommand } from '../support/inProcess';
import { readySample } from '../support/readyProjects';

let folder: string;
let root: string;
const offline = (): Readonly<Record<string, string>> => ({
  HF_HUB_OFFLINE: '1',
  HF_HOME: folder,
  OVERREAD_CACHE: path.join(folder, 'cache'),
});

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cli-compare-'));
  root = path.join(folder, 'sample');
  await readySample(root, 60);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const lite = 'tf_efficientnet_lite0:random';

describe('overread compare', () => {
  it('prints one table and writes its folder; a network that fails is counted and ends it with 1', async () => {
    const chart = path.join(folder, 'chart.svg');
    const arguments_ = ['compare', root, '--device', 'cpu', '--svg', chart, '--name', 'both'];
    const result = await runCommand(
      [...arguments_, '--architectures', `${lite}:1,densenet121,${lite}:2`],
      offline(),
    );
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('2 networks on Synthetic sample');
    expect(result.stdout).toMatch(/tf_efficientnet_lite0\.random-1 \(random\) +0\.\d{3}/);
    expect(result.stdout).toMatch(/3\.37 M +0\.397? +1280/);
    expect(result.stdout).toContain('Not compared: densenet121.');
    expect(result.stdout).toContain('2 compared, 1 could not be compared');
    expect(result.stderr).toMatch(/overread\.yaml:1:1: error OVR501/);
    const [made] = await fs.readdir(path.join(root, 'comparisons'));
    expect(made).toMatch(/Z-both$/);
    expect(await fs.readFile(chart, 'utf8')).toBe(
      await fs.readFile(path.join(root, 'comparisons', made!, 'compare.svg'), 'utf8'),
    );
    expect(await fs.readdir(root)).not.toContain('runs');
  });

  it('--json prints compare.json and nothing else; --progress=json names the stages', async () => {
    const args = ['--architectures', `${lite}:1`, '--truncations', 'stem', '--device', 'cpu'];
    const result = await runCommand(['compare', root, ...args, '--json', '--progress=json'], offline());
    expect(result.code).toBe(0);
    const document = JSON.parse(result.stdout) as Comparison & { dir: string };
    const { dir, ...comparison } = document;
    expect(comparison).toEqual(JSON.parse(await fs.readFile(path.join(dir, 'compare.json'), 'utf8')));
    expect(comparison.models.map(({ label, random }) => [label, random])).toEqual([
      ['stem (random)', true],
      ['whole network (random)', true],
    ]);
    const stages = result.stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { stage: string; message?: string });
    expect(new Set(stages.map(({ stage }) => stage))).toEqual(
      new Set(['read', 'features', 'train', 'intervals', 'write']),
    );
    expect(stages.find(({ stage }) => stage === 'train')!.message).toContain('1 of 2: stem');
  });

  it.each([
    [[], 2, 'OVR001'],
    [['--architectures', 'densenet12'], 2, 'OVR500'],
    [['--architectures', lite, '--truncations', 'nowhere'], 2, 'OVR505'],
    [['--architectures', 'densenet121'], 4, 'OVR501'],
  ])('%s is refused', async (more, code, error) => {
    const result = await runCommand(['compare', root, ...more], offline());
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(error);
  });
});
