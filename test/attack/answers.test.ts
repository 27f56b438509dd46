/** What an answer does to the list of errors, and that "uncertain" loses no label: by the commands themselves. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelEvent } from '../../src/core/labels/model';
import { quickModel } from '../support/cli';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

interface ErrorRow {
  readonly sample: string;
  readonly given: string;
}

let folder: string;
let project: string;
/** The errors of the first run: the first is confirmed, the second is uncertain, the third stays. */
let before: readonly ErrorRow[];
/** How the second run ended, and what is an error then. */
let refit: { readonly stdout: string; readonly errors: readonly string[] };
let confirmed: LabelEvent;
let uncertain: LabelEvent;

const errors = async (): Promise<ErrorRow[]> =>
  (await commandJson<{ errors: ErrorRow[] }>(['errors', project], [0, 1])).errors;
const answer = async (...args: readonly string[]): Promise<LabelEvent> => {
  const { events } = await commandJson<{ events: LabelEvent[] }>(['label', project, ...args]);
  return events[0]!;
};

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-answers-'));
  project = path.join(folder, 'sample');
  await readyFinetuned(project);
  before = await errors();
  confirmed = await answer(before[0]!.sample, before[0]!.given);
  uncertain = await answer(before[1]!.sample, 'uncertain');
  const { stdout } = await runCommand(['finetune', project, ...quickModel]);
  refit = { stdout, errors: (await errors()).map(({ sample }) => sample) };
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

describe('8 (section 4) a label that is given again', () => {
  it('is a confirmation: off the errors, also after the next fit', () => {
    const { sample, given } = before[0]!;
    expect(confirmed).toMatchObject({ op: 'keep', value: given, previous: given });
    expect(refit.errors).not.toContain(sample);
  });
});

describe('8 (section 4) uncertain in a multi-class project', () => {
  it('is a value that keeps the class in the event, and is neither trained nor measured on', async () => {
    const { sample, given } = before[1]!;
    expect(uncertain).toMatchObject({ op: 'set', value: 'uncertain', previous: given });
    expect(refit.stdout).toContain('1 image uncertain: neither trained nor measured on');
    expect(refit.errors).not.toContain(sample);
    const table = path.join(folder, 'labels.csv');
    await commandJson(['export', project, '--labels', table]);
    const row = (await fs.readFile(table, 'utf8')).split('\n').find((line) => line.startsWith(sample));
    expect(row).toContain('class,uncertain,');
  });

  it('is no name for a class', async () => {
    const file = path.join(project, 'overread.yaml');
    const text = await fs.readFile(file, 'utf8');
    await fs.writeFile(file, text.replace('classes: [', 'classes: [uncertain, '));
    const refused = await runCommand(['errors', project]);
    await fs.writeFile(file, text);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/OVR102.*can be no class/s);
  });
});
