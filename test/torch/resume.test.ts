/** A training that is killed or cancelled goes on from its checkpoint, to the last bit as if nothing had happened. */
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/base/files';
import type { TorchRequest } from '../../src/core/trainers/torch/model';
import { workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

/** Dropout, augmentation and a moving average: all that draws numbers or has a state. */
const deep = { epochs: 3, batch: 8, patience: 2, ema: 0.9, checkpoint_minutes: 0, learning_rate: 0.01 };
let request: Partial<TorchRequest>;
let place: Workplace;

beforeAll(async () => {
  place = await workplace(30);
  request = { layers: 'all', deep, python: await warmPython() };
});
afterAll(() => place.remove());

describe('a training by PyTorch', () => {
  it('resumes to the same network after it was killed in each of its phases, and after a cancellation', async () => {
    const whole = await place.train('whole', request);
    for (const phase of ['inner', 'final']) {
      const broken = place.train('killed', request).catch((error: unknown) => error);
      await reached('killed', phase);
      kill('killed');
      expect(await broken).toMatchObject({ code: 'OVR706' });
    }
    const cancel = new AbortController();
    const cancelled = place
      .train('killed', request, { signal: cancel.signal })
      .catch((error: unknown) => error);
    await reached('killed', 'final', 2);
    cancel.abort();
    expect(await cancelled).toMatchObject({ code: 'OVR002' });
    const again = await place.train('killed', request);
    expect(linesOf('killed').filter(({ stage }) => stage === 'resumed').length).toBeGreaterThan(1);
    expect(await hashOf(again.dir)).toBe(await hashOf(whole.dir));
    expect(again.metrics.validation).toEqual(whole.metrics.validation);
  });

  it('is not gone on with when labels or settings have changed', async () => {
    const cancel = new AbortController();
    const first = place.train('changed', request, { signal: cancel.signal }).catch((error: unknown) => error);
    await reached('changed', 'inner');
    cancel.abort();
    await first;
    const other = { ...request, deep: { ...deep, epochs: 4 } };
    await expect(place.train('changed', other)).rejects.toMatchObject({ code: 'OVR705' });
  });
});

interface Line {
  readonly stage: string;
  readonly phase?: string;
  readonly pid?: number;
}

function linesOf(name: string): Line[] {
  try {
    const text = readFileSync(place.file(name, 'progress.jsonl'), 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  } catch {
    return [];
  }
}

/** Waits until an epoch or a step of a phase was told, so many times. */
async function reached(name: string, phase: string, times = 1): Promise<void> {
  const seen = () => linesOf(name).filter((line) => line.phase === phase).length;
  const before = times === 1 ? 0 : seen();
  while (seen() < before + 1) await sleep(20);
}

/** Kills the Python that works in a folder. */
function kill(name: string): void {
  const pid = linesOf(name).findLast((line) => line.stage === 'device')?.pid;
  if (pid === undefined) throw new Error('The training has not told its process');
  process.kill(pid, 'SIGKILL');
}

async function hashOf(dir: string): Promise<string> {
  return sha256(await fs.readFile(`${dir}/weights.safetensors`));
}
