/** kill -9 at every step of a write: what was acknowledged counts, half a line does not, and the next edit works. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendEdits } from '../../src/core/labels/log';
import { bundleProgram } from '../core/features/bundle';
import { readLabelEvents } from '../support/labelLog';

let tools: string;
let program: string;
let root: string;

beforeAll(async () => {
  tools = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-kill-steps-'));
  program = await bundleProgram('test/attack/killingEdit.ts');
});
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(tools, 'project-'));
});
afterAll(async () => {
  for (const folder of [tools, path.dirname(program)]) await fs.rm(folder, { recursive: true, force: true });
});

/** Edits in a process of its own; the ids that it acknowledged and whether it was killed. */
async function editUntil(sample: string, step: string) {
  const child = spawn(process.execPath, [program, root, sample, step], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { acknowledged: output.split(/\s+/).filter(Boolean), killed: signal === 'SIGKILL' };
}

describe('8 a kill at every step of a write', () => {
  it.each([
    { step: 'locked', counts: false },
    { step: 'opened', counts: false },
    { step: 'half written', counts: false },
    { step: 'written', counts: true },
    { step: 'synced', counts: true },
    { step: 'released', counts: true },
    { step: 'none', counts: true },
  ])('$step: nothing acknowledged is lost, no half line counts', async ({ step, counts }) => {
    const first = await editUntil('first', 'none');
    expect(first).toMatchObject({ killed: false, acknowledged: [expect.any(String)] });
    const second = await editUntil('second', step);
    expect(second.killed).toBe(step !== 'none');

    const { events } = await readLabelEvents(root);
    expect(events.map(({ sample }) => sample)).toEqual(counts ? ['first', 'second'] : ['first']);
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...first.acknowledged, ...second.acknowledged]));

    const started = performance.now();
    const edit = { op: 'set', sample: 'next', finding: 'class', value: 'normal' } as const;
    await appendEdits(root, { name: 'Ann', role: 'reader' }, [edit], () => null);
    // The lock of the killed process is broken at once; the bound is for a busy machine.
    expect((performance.now() - started) / 1000).toBeLessThan(4);
    const after = await readLabelEvents(root);
    expect(after.events.map(({ sample }) => sample).filter((sample) => sample !== 'second')).toEqual([
      'first',
      'next',
    ]);
    expect(after.problems.map(({ code }) => code)).toEqual(step === 'half written' ? ['OVR404'] : []);
    expect(await fs.readdir(path.join(root, 'labels'))).toEqual(['ann.jsonl']);
  });
});
