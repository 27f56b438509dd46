/** Patterns come with a project: one that tries again and again opens in time, one that cannot be used is named. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';

let folder: string;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-patterns-'));
  engine = forkEngine();
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

async function project(name: string, pattern: string, patient: (row: number) => string): Promise<string> {
  const root = path.join(folder, name);
  await fs.mkdir(root);
  await fs.writeFile(
    path.join(root, 'overread.yaml'),
    `version: 1\nname: ${name}\ndataset: { table: t.csv, path: path, group: { column: patient, pattern: '${pattern}' } }\nlabels: { task: multi-class, column: label, classes: [Normal, Opacity] }\n`,
  );
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${i}.png,${patient(i)},${i % 2 ? 'Normal' : 'Opacity'}`,
  );
  await fs.writeFile(path.join(root, 't.csv'), `path,patient,label\n${rows.join('\n')}\n`);
  return root;
}

describe('8.6 patterns of a project', () => {
  it.each([
    ['nested repetitions', '^((a+)+)+$', (i: number) => `${'a'.repeat(60)}${i % 50}!`],
    ['repetitions side by side', '(\\d*)*(\\d*)+\\d*x', (i: number) => '1'.repeat(500 + i)],
  ])('%s open in time', async (name, pattern, patient) => {
    const root = await project(name.replaceAll(' ', '-'), pattern, patient);
    const { samples } = await engine.rpc.call('openProject', root);
    expect(samples).toBe(200);
    // That it was answered is what is shown: patterns that go back take longer than anybody lives.
  });

  it('groups are what they are in JavaScript', async () => {
    const root = await project('plain', 'p(\\d+)-', (i) => `p${i % 7}-${i}`);
    expect((await engine.rpc.call('openProject', root)).problems).not.toContainEqual(
      expect.objectContaining({ code: 'OVR210' }),
    );
    const list = await engine.rpc.call('query', root, {
      queue: 'all',
      splits: [],
      sort: 'path',
      descending: false,
      where: '"group" = \'3\'',
    });
    expect(list.total).toBe(Array.from({ length: 200 }, (_, i) => i).filter((i) => i % 7 === 3).length);
  });

  it.each([
    ['(?=a)b', 'looks ahead or behind'],
    ['(a)\\1', 'refers back to a group'],
    ['(', 'regular expression'],
  ])('%s is a fault of the configuration that says why', async (pattern, why) => {
    const root = await project(`fault-${String(why.length)}`, pattern, () => 'a');
    await expect(engine.rpc.call('openProject', root)).rejects.toMatchObject({
      code: 'OVR102',
      message: expect.stringContaining(why) as string,
    });
  });
});
