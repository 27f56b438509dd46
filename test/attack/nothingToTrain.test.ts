/** Why nothing could be trained: the reasons are counted and named, for people and for scripts. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/core/evaluation/comparison';
import type { ErrorReport, Problem } from '../../src/core/base/report';
import type { RunResult } from '../../src/core/runs/model';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned, readyImages } from '../support/readyProjects';

interface Failed {
  readonly error: ErrorReport;
  readonly problems: readonly Problem[];
}

const images = readyImages;
let folder: string;
let sound: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-nothing-'));
  sound = path.join(folder, 'sound');
  await readyFinetuned(sound);
  await fs.rm(path.join(sound, 'runs'), { recursive: true });
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

async function copy(name: string): Promise<string> {
  const root = path.join(folder, name);
  await fs.cp(sound, root, { recursive: true, preserveTimestamps: true });
  return root;
}

async function imagesOf(root: string): Promise<string[]> {
  const [, ...rows] = (await fs.readFile(path.join(root, 'samples.csv'), 'utf8')).trim().split('\n');
  return rows.map((row) => path.join(root, row.split(',')[0]!));
}

/** All images fail: the first two are no images, the others are gone. */
async function breakAll(root: string): Promise<void> {
  for (const [i, file] of (await imagesOf(root)).entries()) {
    if (i < 2) await fs.writeFile(file, 'no image');
    else await fs.rm(file);
  }
}

const counted =
  `${images} of ${images} images cannot be read: ` +
  `${images - 2} × OVR300 missing (rows 4, 5, 6, …), 2 × OVR301 cannot be decoded (rows 2, 3)`;

describe('8.12 every image fails', () => {
  let root: string;
  beforeAll(async () => {
    root = await copy('all');
    await breakAll(root);
  });

  const commands = (): readonly (readonly [string, readonly string[]])[] => [
    ['finetune', [root, ...quickModel]],
    ['features', [root, ...quickModel, '--out', path.join(folder, 'none.npy')]],
    ['compare', [root, '--architectures', 'tf_efficientnet_lite0:random:1', '--device', 'cpu']],
  ];

  it.each([0, 1, 2])('command %i ends with the reasons, counted, in its document', async (at) => {
    const [command, args] = commands()[at]!;
    const { error, problems } = await commandJson<Failed>([command, ...args], [3]);
    expect(error).toMatchObject({ code: 'OVR303', message: counted, place: { file: 'samples.csv', row: 2 } });
    expect(error.fix).toContain('dataset.images');
    const codes = problems.map(({ code }) => code);
    expect(codes.filter((code) => code === 'OVR300')).toHaveLength(images - 2);
    expect(codes.filter((code) => code === 'OVR301')).toHaveLength(2);
  });

  it('is said to people, and no empty file is left', async () => {
    const [command, args] = commands()[1]!;
    const { code, stderr } = await runCommand([command, ...args]);
    expect(code).toBe(3);
    expect(stderr).toContain(`error OVR303: ${counted}`);
    await expect(fs.access(path.join(folder, 'none.npy'))).rejects.toThrow();
    // Whether runs can be written is tried before the work, which may leave their folder.
    expect(await fs.readdir(path.join(root, 'runs')).catch(() => [])).toEqual([]);
  });
});

describe('8.12 the images of the training part fail', () => {
  it('the refusal of the fit names them', async () => {
    const root = await copy('training');
    // The split is frozen first.
    await commandJson(['finetune', root, ...quickModel]);
    await fs.rm(path.join(root, 'runs'), { recursive: true });
    const split = await fs.readFile(path.join(root, 'splits', 'split.csv'), 'utf8');
    for (const file of await imagesOf(root)) {
      const sample = path.relative(root, file);
      if (new RegExp(`${sample.replaceAll('.', '\\.')}.*train`).test(split)) await fs.rm(file);
    }
    const { error, problems } = await commandJson<Failed>(['finetune', root, ...quickModel], [3]);
    expect(error.code).toBe('OVR700');
    expect(error.message).toMatch(/images cannot be read: \d+ × OVR300 missing \(rows \d+, \d+, \d+, …\)/);
    expect(problems.some(({ code }) => code === 'OVR300')).toBe(true);
  });
});

describe('8.12 some images fail', () => {
  it('the summary counts them by their code and names the first rows', async () => {
    const root = await copy('some');
    const files = await imagesOf(root);
    await fs.writeFile(files[3]!, 'no image');
    await fs.rm(files[5]!);
    const summary =
      `2 of ${images} images cannot be read: ` +
      '1 × OVR300 missing (row 7), 1 × OVR301 cannot be decoded (row 5)';
    const result = await commandJson<RunResult>(['finetune', root, ...quickModel]);
    expect(result.counts.skipped).toBe(2);
    expect(result.problems).toContainEqual(
      expect.objectContaining({ code: 'OVR305', severity: 'warning', message: summary }),
    );
    const people = await runCommand(['finetune', root, ...quickModel]);
    expect(people.stderr).toContain(summary);
    const compared = await commandJson<Comparison>([
      'compare',
      root,
      '--architectures',
      'tf_efficientnet_lite0:random:1',
    ]);
    expect(compared.problems.filter(({ code }) => code === 'OVR305')).toHaveLength(1);
  });
});
