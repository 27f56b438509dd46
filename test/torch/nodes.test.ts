/** Two machines that meet by rendezvous, both of them this one: the second is started by the line that the first says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as os from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/network';
import { testPython, workplace, type Workplace } from './training';

let place: Workplace;

beforeAll(async () => {
  place = await workplace(60);
});
afterAll(() => place.remove());

it('the last layer by two nodes is that of one process', async () => {
  const one = await place.train('one', { layers: 'last', outOfFold: true });
  const rendezvous = `127.0.0.1:${String(await freePort())}`;
  const others: Promise<unknown[]>[] = [];
  const said: string[] = [];
  const info = (text: string): void => {
    said.push(text);
    const command = /^Start on each other machine: (.+)$/.exec(text)?.[1];
    if (command === undefined) return;
    // As a person does who copies it: nothing of this process but what any shell has.
    const env = { PATH: process.env['PATH'], HOME: os.homedir(), OMP_WAIT_POLICY: 'PASSIVE' };
    others.push(once(spawn('/bin/sh', ['-c', command], { stdio: 'ignore', env }), 'exit'));
  };
  const two = await place.train(
    'two nodes',
    {
      ...{ layers: 'last', outOfFold: true, python: testPython() },
      target: { kind: 'torchrun', processes: 1, nodes: 2, rendezvous },
    },
    { log: { info, warn: info } },
  );
  expect(others).toHaveLength(1);
  expect(await others[0]).toEqual([0, null]);
  for (const part of ['out_of_fold', 'validation'] as const) {
    expect(two.metrics[part].samples).toBeGreaterThan(5);
    expect(two.metrics[part].log_loss.value).toBeCloseTo(one.metrics[part].log_loss.value!, 3);
  }
});
