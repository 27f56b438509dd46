/** `layers: last` by PyTorch is the problem that the native trainer solves: same figures, by one process and by two machines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as os from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetune } from '../../src/core/runs/finetune';
import type { RunResult } from '../../src/core/runs/model';
import { freePort } from '../support/network';
import { quickNetwork, workplace, type Workplace } from './training';
import { trainingByWarmPython } from './warmPython';

let place: Workplace;
let native: RunResult;

beforeAll(async () => {
  place = await workplace(60);
  native = await finetune(place.root, { ...place.options, ...quickNetwork, name: 'native' });
});
afterAll(() => place.remove());

describe('the last layer by PyTorch', () => {
  it('reaches the native log loss to 1e-3 by one process', async () => {
    const { python, options } = await trainingByWarmPython(place);
    const run = await place.train('one', { layers: 'last', outOfFold: true, python }, options);
    expectNative(run);
    expect(run.trainer).toBe('torch');
  });

  it('and by two machines that meet by rendezvous, both of them this one', async () => {
    const { python, options } = await trainingByWarmPython(place);
    const rendezvous = `127.0.0.1:${String(await freePort())}`;
    let other: Promise<readonly Ended[]> | undefined;
    const info = (line: string): void => {
      const command = /^Start on each other machine: (.+)$/.exec(line)?.[1];
      if (command !== undefined) other = untilItTrains(command);
    };
    const run = await place.train(
      'two nodes',
      {
        ...{ layers: 'last', outOfFold: true, python },
        target: { kind: 'torchrun', processes: 1, nodes: 2, rendezvous },
      },
      { ...options, log: { info, warn: info } },
    );
    expect((await other)?.at(-1)).toMatchObject({ code: 0 });
    expectNative(run);
  });
});

function expectNative(run: RunResult): void {
  for (const part of ['out_of_fold', 'validation'] as const) {
    const [own, theirs] = [run.metrics[part], native.metrics[part]];
    expect(own.samples).toBe(theirs.samples);
    expect(own.samples).toBeGreaterThan(5);
    expect(Math.abs(own.log_loss.value! - theirs.log_loss.value!)).toBeLessThan(1e-3);
  }
}

interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

/** Starts the second machine as a person does who copies the line, and does so again where it could not meet the first. */
async function untilItTrains(command: string): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  while (ended.length < 3 && ended.at(-1)?.code !== 0) {
    // Nothing of this process but what any shell has: what torchrun starts there is the plain Python.
    const env = { PATH: process.env['PATH'], HOME: os.homedir(), OMP_WAIT_POLICY: 'PASSIVE' };
    const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'], env });
    const [errors, [code]] = await Promise.all([
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    ended.push({ code, errors });
    if (code !== 0) console.warn(`The second machine ended with ${String(code)}: ${errors}`);
  }
  return ended;
}
