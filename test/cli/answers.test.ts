/** `accept`, `keep`, `uncertain`, `exclude` and `include` on several samples: one batch, the answers of the page. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelEvent } from '../../src/core/labels/model';
import { quickModel } from '../support/cli';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFeatures, readyFinetuned, readySample } from '../support/readyProjects';

interface ErrorRow {
  readonly sample: string;
  readonly finding: string;
  readonly given: string | null;
  readonly predicted: string;
}

let folder: string;
let root: string;
let engine: ForkedEngine;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cli-answers-'));
  root = path.join(folder, 'sample');
  await readyFinetuned(root, 60);
  engine = forkEngine();
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const errorsOf = async (dir: string): Promise<readonly ErrorRow[]> =>
  (await commandJson<{ errors: ErrorRow[] }>(['errors', dir], [0, 1])).errors;
const answer = async (...args: readonly string[]): Promise<LabelEvent[]> =>
  (await commandJson<{ events: LabelEvent[] }>(args)).events;
/** Without what differs from one edit to the next. */
const bare = ({ op, sample, finding, value, previous, run }: LabelEvent) => ({
  op,
  sample,
  ...(finding === undefined ? {} : { finding }),
  ...(value === undefined ? {} : { value }),
  ...(previous === undefined ? {} : { previous }),
  run,
});

describe('answers at the command line, multi-class', () => {
  it.each(['accept', 'keep', 'uncertain', 'exclude'] as const)(
    '%s writes for many samples what the page writes, as one batch that one undo takes back',
    async (op) => {
      const errors = (await errorsOf(root)).slice(0, 3);
      const samples = errors.map(({ sample }) => sample);
      const events = await answer(op, root, ...samples, '--reason', 'seen');
      expect(new Set(events.map(({ batch }) => batch)).size).toBe(1);
      expect(events.every(({ reason }) => reason === 'seen')).toBe(true);
      await commandJson(['undo', root]);
      // As the host does it: what the command line wrote is read again.
      await engine.rpc.call('openProject', root);
      const query = { queue: 'errors', splits: [], sort: 'loss', descending: true } as const;
      const { list } = await engine.rpc.call('query', root, query);
      const keys = samples.map((sample) => `class/${encodeURIComponent(sample)}`);
      const { batch, items } = await engine.rpc.call('answer', root, { op, items: keys, list });
      const file = await fs.readFile(path.join(root, 'labels', 'test-reader.jsonl'), 'utf8');
      const inPage = file
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LabelEvent)
        .filter((event) => event.batch === batch);
      expect(events.map(bare)).toEqual(inPage.map(bare));
      expect(items.map(({ sample }) => sample)).toEqual(samples);
      if (op === 'accept') expect(items.map(({ value }) => value)).toEqual(errors.map((e) => e.predicted));
      await engine.rpc.call('undo', root);
    },
  );

  it('writes nothing when one of the samples does not exist, and says which', async () => {
    const [error] = await errorsOf(root);
    for (const op of ['accept', 'keep', 'uncertain', 'exclude', 'include']) {
      const refused = await runCommand([op, root, error!.sample, 'nowhere.png']);
      expect(refused.code).toBe(3);
      expect(refused.stderr).toMatch(/OVR400.*nowhere\.png/s);
    }
    const [again] = await errorsOf(root);
    expect(again).toEqual(error);
  });

  it('accept says what it needs: a run, and one that has the sample', async () => {
    const bareProject = path.join(folder, 'bare');
    await readySample(bareProject, 60);
    const [row] = (await fs.readFile(path.join(bareProject, 'samples.csv'), 'utf8')).split('\n').slice(1);
    const refused = await runCommand(['accept', bareProject, row!.split(',')[0]!]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('OVR800');
  });
});

describe('answers at the command line, several findings', () => {
  let project: string;
  let samples: readonly string[];
  beforeAll(async () => {
    project = path.join(folder, 'findings');
    await readyFeatures(project, 60);
    // The phantoms with two findings of their own.
    const table = path.join(project, 'samples.csv');
    const [header, ...rows] = (await fs.readFile(table, 'utf8')).trimEnd().split('\n');
    const lines = rows.map((row, i) => `${row},${i % 2},${i % 3 === 0 ? 1 : 0}`);
    await fs.writeFile(table, `${[`${header!},Mass,Edema`, ...lines].join('\n')}\n`);
    const file = path.join(project, 'overread.yaml');
    const text = await fs.readFile(file, 'utf8');
    const findings = text
      .replace('task: multi-class', 'task: multi-label')
      .replace(/^ {2}column: .*\n/m, '')
      .replace(/^ {2}classes: .*/m, '  findings: [Mass, Edema]');
    await fs.writeFile(file, findings);
    await commandJson(['finetune', project, ...quickModel]);
    samples = (await errorsOf(project)).filter(({ finding }) => finding === 'Mass').map((e) => e.sample);
  });

  it('name the finding, which may also stand last', async () => {
    const [one, two] = samples;
    for (const op of ['accept', 'keep', 'uncertain']) {
      const refused = await runCommand([op, project, one!]);
      expect(refused.code).toBe(3);
      expect(refused.stderr).toMatch(/OVR401.*Mass, Edema/s);
      const unknown = await runCommand([op, project, one!, '--finding', 'Masss']);
      expect(unknown.stderr).toMatch(/OVR401.*Mass/s);
    }
    const accepted = await answer('accept', project, one!, two!, '--finding', 'Mass');
    expect(accepted.map(({ op, sample, finding }) => [op, sample, finding])).toEqual([
      ['set', one, 'Mass'],
      ['set', two, 'Mass'],
    ]);
    await commandJson(['undo', project]);
    const [uncertain] = await answer('uncertain', project, one!, '--finding', 'Mass');
    expect(uncertain).toMatchObject({ op: 'set', value: 'uncertain', finding: 'Mass' });
    const [kept] = await answer('keep', project, two!, 'Mass');
    expect(kept).toMatchObject({ op: 'keep', finding: 'Mass' });
    expect(await answer('exclude', project, one!)).toMatchObject([{ op: 'exclude', sample: one }]);
    const [include] = await answer('include', project, one!, '--finding', 'Edema');
    expect(include).toMatchObject({ op: 'include', finding: 'Edema' });
  });
});
