/** `overread evaluate`: the model of a run on another project's images, as a run of that project. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/core/runs/model';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned, readySample } from '../support/readyProjects';
import { runPredictions } from '../support/runPredictions';

type Evaluated = RunResult & {
  readonly minimums: readonly { readonly name: string; readonly met: boolean }[];
};

let folder: string;
let trained: string;
let other: string;
/** Images of `other` that are byte for byte in the training part of `trained`. */
let known: readonly string[];
let result: Evaluated;

beforeAll(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-evaluate-')));
  trained = path.join(folder, 'trained');
  other = path.join(folder, 'other');
  const { dir } = await readyFinetuned(trained);
  // Another site: other films under the same names, but for three that went from hand to hand.
  await readySample(other, 60);
  const training = (await runPredictions(dir, ['sample', 'split']))
    .filter(([, part]) => part === 'train')
    .map(([sample]) => String(sample));
  for (const file of await fs.readdir(path.join(other, 'images'))) {
    const at = path.join(other, 'images', file);
    // One byte behind the picture: another content, the same film.
    await fs.appendFile(at, 'x');
  }
  known = training.slice(0, 3);
  for (const sample of known) await fs.copyFile(path.join(trained, sample), path.join(other, sample));
  const args = ['evaluate', trained, '--on', other, '--min', 'auroc=0', '--min', 'accuracy=1'];
  result = await commandJson<Evaluated>(args, [1]);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** What predictions.parquet of the run says of each image. */
async function rows(): Promise<
  { sample: string; given: string; predicted: string; seen: boolean; p: number }[]
> {
  const read = await runPredictions(result.dir, ['sample', 'given', 'predicted', 'seen', '"p_Opacity"']);
  return read.map(([sample, given, predicted, seen, p]) => ({
    sample: String(sample),
    given: String(given),
    predicted: String(predicted),
    seen: seen === true,
    p: Number(p),
  }));
}

describe('overread evaluate', () => {
  it('makes a run of the other project, measured on all of its images as one', async () => {
    expect(result.trainer).toBe('evaluated');
    expect(path.dirname(path.dirname(result.dir))).toBe(other);
    const measured = (await rows()).filter(({ seen }) => !seen);
    const { all } = result.metrics;
    expect(all?.samples).toBe(measured.length);
    const right = measured.filter(({ given, predicted }) => given === predicted).length;
    expect(all?.accuracy.value).toBeCloseTo(right / measured.length, 12);
    // AUROC by its definition: the share of pairs in the right order, ties half.
    const positives = measured.filter(({ given }) => given === 'Opacity');
    const negatives = measured.filter(({ given }) => given !== 'Opacity');
    let wins = 0;
    for (const a of positives) for (const b of negatives) wins += a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0;
    const auroc = all?.outputs.find(({ name }) => name === 'Opacity')?.auroc.value;
    expect(auroc).toBeCloseTo(wins / (positives.length * negatives.length), 12);
  });

  it('says which images were in the training, and counts them nowhere', async () => {
    expect(known).toHaveLength(3);
    expect((await rows()).filter(({ seen }) => seen).map(({ sample }) => sample)).toEqual([...known]);
    expect(result.problems).toContainEqual(
      expect.objectContaining({
        code: 'OVR808',
        message: expect.stringMatching(/^3 of 60 images were in the training/) as string,
      }),
    );
    const { errors } = await commandJson<{ errors: { sample: string }[] }>(
      ['errors', other, '--run', result.run],
      [0, 1],
    );
    expect(errors.filter(({ sample }) => known.includes(sample))).toEqual([]);
  });

  it('has intervals, and ends with 1 below a minimum', async () => {
    expect(result.minimums.map(({ name, met }) => [name, met])).toEqual([
      ['auroc', true],
      ['accuracy', false],
    ]);
    const file = JSON.parse(await fs.readFile(path.join(result.dir, 'metrics.json'), 'utf8')) as {
      all: { accuracy: { low: number | null } };
    };
    expect(file.all.accuracy.low).toBeTypeOf('number');
    const met = await runCommand(['evaluate', trained, '--on', other, '--min', 'auroc=0', '--name', 'again']);
    expect(met.code).toBe(0);
    expect(met.stdout).toMatch(/^met: auroc 0\.\d+/m);
    await fs.rm(path.join(other, 'runs', path.basename(met.stdout.match(/^Run (\S+):/m)?.[1] ?? '')), {
      recursive: true,
    });
  });

  it('counts the look at the test part, and lists one figure everywhere', async () => {
    const looks = await fs.readFile(path.join(other, 'splits', 'test-looks.jsonl'), 'utf8');
    expect(looks).toContain('"what":"overread evaluate"');
    const listed = await runCommand(['runs', other]);
    expect(listed.stdout).toContain(result.metrics.all?.accuracy.value?.toFixed(3));
  });

  it('is not shown by itself; shown, it is reviewed and explained as any run', async () => {
    const hidden = await runCommand(['errors', other]);
    expect(hidden.stderr).toContain('OVR800');
    await commandJson(['runs', 'use', other, result.run]);
    const { errors } = await commandJson<{ errors: { sample: string }[] }>(['errors', other], [0, 1]);
    expect(errors).toHaveLength(result.counts.errors);
    const map = await commandJson<{ values: number[] }>([
      'explain',
      other,
      errors[0]?.sample ?? '',
      '--quick',
    ]);
    expect(map.values.length).toBeGreaterThan(1);
    const exported = await runCommand(['export', other, '--run', result.run]);
    expect([exported.code, exported.stderr]).toEqual([2, expect.stringContaining('another project')]);
    const onward = await runCommand(['evaluate', other, '--run', result.run, '--on', trained]);
    expect([onward.code, onward.stderr]).toEqual([2, expect.stringContaining('OVR804')]);
  });

  it('refuses projects that do not fit, with what to do', async () => {
    const same = await runCommand(['evaluate', trained, '--on', trained]);
    expect([same.code, same.stderr]).toEqual([2, expect.stringContaining('the project that trained it')]);
    const yaml = path.join(other, 'overread.yaml');
    const text = await fs.readFile(yaml, 'utf8');
    await fs.writeFile(yaml, text.replace('[Normal, Opacity,', '[Normal, Opacities,'));
    const names = await runCommand(['evaluate', trained, '--on', other]);
    await fs.writeFile(yaml, text);
    expect([names.code, names.stderr]).toEqual([3, expect.stringContaining('Did you mean "Opacity"?')]);
  });
});
