/** A run as its page asks the built engine for it: the same as the command line's, in a process of its own. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunAnalysis } from '../../src/core/evaluation/runAnalysis';
import { forkEngine, type ForkedEngine } from '../support/forkedEngine';
import { commandJson } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

let folder: string;
let root: string;
let run: string;
let engine: ForkedEngine;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-run-page-'));
  root = path.join(folder, 'sample');
  ({ run } = await readyFinetuned(root, 120));
  engine = forkEngine();
  await engine.rpc.call('openProject', root);
});
afterAll(async () => {
  await engine.kill();
  await fs.rm(folder, { recursive: true, force: true });
});

const looks = async (): Promise<number> =>
  (await fs.readFile(path.join(root, 'splits', 'test-looks.jsonl'), 'utf8').catch(() => '')).split('\n')
    .length - 1;

describe('a run that is looked at', () => {
  it('is what the command line says of it, with bands and without', async () => {
    const plain = await engine.rpc.call('analyseRun', root, run, false);
    const {
      figures: _figures,
      problems: _problems,
      ...told
    } = await commandJson<RunAnalysis & { figures: unknown; problems: unknown }>([
      'metrics',
      root,
      '--no-bands',
    ]);
    expect(JSON.parse(JSON.stringify(plain))).toEqual(told);
    const banded = await engine.rpc.call('runBands', root, run, false);
    const [byCommand] = (await commandJson<RunAnalysis>(['metrics', root])).parts;
    expect(banded.parts[0]).toEqual(byCommand);
    expect(banded.bands).toBe(true);
    expect(await looks()).toBe(0);
  });

  it('a threshold comes to what the command line says, and names the images that change side', async () => {
    const name = 'Opacity';
    const thresholds = await engine.rpc.call('runThresholds', root, run, false, name);
    expect(thresholds.length).toBeGreaterThan(50);
    expect([...thresholds].sort((a, b) => b - a)).toEqual(thresholds);
    const threshold = thresholds[10]!;
    const tried = await engine.rpc.call('tryTarget', root, run, false, name, { threshold });
    const { at_threshold: at } = await commandJson<{ at_threshold: { figures: unknown } }>([
      ...['metrics', root, '--no-bands', '--output', name, '--threshold', String(threshold)],
    ]);
    expect(tried.point.figures).toEqual(at.figures);
    const changed = await engine.rpc.call('changedSides', root, run, false, name, threshold);
    expect(changed).toHaveLength(tried.called + tried.dropped);
    expect(new Set(changed).size).toBe(changed.length);
    // Each is called now and would not be, or the other way round: by what the review says of it.
    const summary = await engine.rpc.call('openProject', root);
    const splits = ['train', 'validation'] as const;
    const query = { queue: 'all', splits, samples: changed, sort: 'path', descending: false } as const;
    const { list, total } = await engine.rpc.call('query', root, query);
    expect(total).toBe(changed.length);
    for (const item of await engine.rpc.call('items', list, 0, total)) {
      const { probabilities } = await engine.rpc.call('detail', root, item.key);
      const p = probabilities.find((one) => one.name === name)!.p;
      expect(item.predicted === name).toBe(p < threshold);
    }
    expect(summary.blind).toBe(false);
  });

  it('edits are answered while patients are resampled', async () => {
    const bands = engine.rpc.call('runBands', root, run, false);
    const started = performance.now();
    await engine.rpc.call('followLabels', root);
    const answered = performance.now() - started;
    const whole = await bands.then(() => performance.now() - started);
    expect(answered).toBeLessThan(whole);
  });

  it('a target goes into the text of overread.yaml, whose comments stay', async () => {
    const text =
      '# mine\nversion: 1\nlabels:\n  classes: [a, b] # two\noperating_points: # targets\n  a: youden # kept\n';
    const after = await engine.rpc.call('keepTarget', text, 'b', { sensitivity: 0.95 });
    expect(after).toContain('# mine');
    expect(after).toContain('# two');
    expect(after).toContain('a: youden # kept');
    expect(after).toMatch(/b:\s*\n?\s*\{?\s*sensitivity: 0\.95/);
    await expect(engine.rpc.call('keepTarget', text, 'c', 'youden')).rejects.toMatchObject({
      code: 'OVR102',
    });
  });

  it('a target goes out of the text again, and the section with its last one', async () => {
    const text =
      '# mine\nversion: 1\nlabels:\n  classes: [a, b] # two\noperating_points: # targets\n  a: youden # kept\n  b: {sensitivity: 0.9}\n';
    const one = await engine.rpc.call('keepTarget', text, 'b', null);
    expect(one).toBe(text.replace('  b: {sensitivity: 0.9}\n', ''));
    const none = await engine.rpc.call('keepTarget', one, 'a', null);
    expect(none).toBe('# mine\nversion: 1\nlabels:\n  classes: [a, b] # two\n');
    expect(await engine.rpc.call('keepTarget', none, 'a', null)).toBe(none);
  });

  it('a guarantee is that of the command line, spends the test part, and is refused after that', async () => {
    const copy = path.join(folder, 'copy');
    await fs.cp(root, copy, { recursive: true });
    expect(await looks()).toBe(0);
    await engine.rpc.call('openProject', copy);
    expect(await engine.rpc.call('whyNoGuarantee', copy, run, false)).toBeNull();
    const asked = { output: 'Opacity', figure: 'npv', atLeast: 0.5, confidence: 0.9 } as const;
    const given = await engine.rpc.call('guarantee', copy, run, asked);
    const spent = await fs.readFile(path.join(copy, 'splits', 'test-looks.jsonl'), 'utf8');
    expect(spent).toContain('guarantee: npv of Opacity');
    expect(await engine.rpc.call('whyNoGuarantee', copy, run, false)).toMatch(/looked at once/);
    const again = await engine.rpc.call('guarantee', copy, run, asked);
    expect(again.given).toMatchObject({ why: expect.stringMatching(/looked at once/) as string });
    const other = path.join(folder, 'other');
    await fs.cp(root, other, { recursive: true });
    const { guarantee } = await commandJson<{ guarantee: unknown }>([
      ...[
        'metrics',
        other,
        '--no-bands',
        '--output',
        'Opacity',
        '--guarantee',
        'npv=0.5',
        '--confidence',
        '0.9',
      ],
    ]);
    expect(JSON.parse(JSON.stringify(given))).toEqual(guarantee);
  });

  it('the test part is shown where it is asked for, and the look is counted', async () => {
    // What was asked before about the other parts is answered all the same.
    const [, analysis, why] = await Promise.all([
      engine.rpc.call('runBands', root, run, false),
      engine.rpc.call('analyseRun', root, run, true),
      engine.rpc.call('whyNoGuarantee', root, run, true),
    ]);
    expect(why).toMatch(/looked at/);
    expect(analysis.parts.map(({ part }) => part)).toEqual(['out_of_fold', 'validation', 'test']);
    expect(await looks()).toBe(1);
    await engine.rpc.call('runBands', root, run, true);
    expect(await looks()).toBe(1);
  });

  it('a blind reader is told no image; a run that is gone is said to be', async () => {
    await engine.rpc.call('openProject', root, true);
    expect(await engine.rpc.call('changedSides', root, run, false, 'Opacity', 0.01)).toEqual([]);
    await engine.rpc.call('openProject', root, null);
    await expect(engine.rpc.call('analyseRun', root, 'gone', false)).rejects.toMatchObject({
      code: 'OVR801',
    });
  });
});
