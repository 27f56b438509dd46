/** What `training.deep` sets does what its definition says: a plain loop of PyTorch's own parts ends at the same network. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeepSettings } from '../../src/core/trainers/torch/model';
import { writeFindingsTable } from '../support/findingsTable';
import { quickDeep, workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

let place: Workplace;
let findings: Workplace;

beforeAll(async () => {
  const weights = 'C: 0.01\n  class_weights: true';
  place = await workplace(30, weights);
  findings = await workplace(30, weights);
  await withFindings(findings.root);
});
afterAll(async () => {
  await place.remove();
  await findings.remove();
});

const common = { ...quickDeep, learning_rate: 0.003, layer_decay: 0.7, weight_decay: 0.05, warmup: 0.2 };
/** The last two keep their pictures in the format that is asked for. */
const cases: readonly (readonly [string, () => Workplace, Partial<DeepSettings>])[] = [
  [
    'findings with unknown labels, as CheXNet weighs them',
    () => findings,
    { ...common, label_smoothing: 0.1 },
  ],
  [
    'AdamW, smoothed labels, a moving average, channels last',
    () => place,
    { ...common, label_smoothing: 0.1, ema: 0.9, channels_last: true },
  ],
  [
    'SGD, a batch in three pieces, channels first',
    () => place,
    { ...common, optimizer: 'sgd', accumulate: 3, channels_last: false },
  ],
];

describe('a deep training', () => {
  it.each(cases)('is that of a plain loop: %s', async (title, at, deep) => {
    const name = title.replace(/\W+/g, '-');
    const told = path.join(at().root, `formats-${name}.json`);
    const look = [path.resolve('test/torch/memoryFormat.py'), told];
    const { apart, moved } = await besidePlainLoop(at(), name, deep, look);
    expect(moved).toBeGreaterThan(1e-3);
    expect(apart).toBeLessThan(moved / 500);
    if (deep.channels_last === undefined) return;
    const { last, first } = JSON.parse(await fs.readFile(told, 'utf8')) as Record<'last' | 'first', number>;
    expect(last + first).toBeGreaterThan(50);
    // Maps of one pixel are both, and count as neither.
    expect(deep.channels_last ? first : last).toBe(0);
  });

  // bf16 keeps 8 bits of a number, fp16 11.
  it.each([
    ['fp16', 10],
    ['bf16', 3],
  ] as const)('in %s ends near the one in single precision', async (precision, within) => {
    const deep = { ...common, epochs: 1, optimizer: 'sgd', precision } as const;
    const { apart, moved } = await besidePlainLoop(place, precision, deep);
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThan(moved / within);
  });
});

/**
 * Trains, and runs the plain loop on the same job: the largest difference of a tensor between both networks, and from
 * the network that training started from.
 * @param script what Python runs first, with its arguments
 */
async function besidePlainLoop(
  at: Workplace,
  name: string,
  deep: Partial<DeepSettings>,
  script: readonly string[] = [],
): Promise<{ apart: number; moved: number }> {
  // The job's folder is cleared once its run is written: this Python leaves a copy of it.
  const warm = await warmPython();
  const python = path.join(at.root, 'python.sh');
  const keep = 'if [ "$3" = train ]; then cp -al "$4" "$4.kept"; fi';
  const program = [warm, ...script].map((word) => `"${word}"`).join(' ');
  await fs.writeFile(python, `#!/bin/sh\n${program} "$@" || exit\n${keep}\n`, { mode: 0o755 });
  await at.train(name, { layers: 'last-block', deep, python });
  const text = execFileSync(warm, ['test/torch/plainLoop.py', at.file(name, '../train.kept')], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: path.resolve('python') },
  });
  return JSON.parse(text) as { apart: number; moved: number };
}

/** Makes a sample's project one of two findings, some of them unknown. */
async function withFindings(root: string): Promise<void> {
  await writeFindingsTable(root);
  const file = path.join(root, 'overread.yaml');
  const text = await fs.readFile(file, 'utf8');
  await fs.writeFile(
    file,
    text
      .replace('table: samples.csv', 'table: findings.csv')
      .replace('path: path', 'path: Path')
      .replace('group: patient_id', 'group: patient')
      .replace(
        /labels:\n( {2}.*\n)+/,
        'labels:\n  task: multi-label\n  findings: [Opacity, Support Devices]\n  unmentioned: masked\n',
      ),
  );
}
