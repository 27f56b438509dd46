/** The loop on the X-rays from the command line: init, finetune, errors, twenty labels, finetune. */
import { strict as assert } from 'node:assert';
import type { RunResult } from '../../src/core/runs/model';
import { runCli, runJson } from '../support/cli';
import { labelEvents } from '../support/project';
import type { Steps } from '../support/steps';

interface ErrorRow {
  readonly sample: string;
  readonly given: string;
  readonly predicted: string;
  readonly loss: number;
  readonly split: string;
}

const relabelled = 20;

/** Adds the steps and their figures; `project` is a folder that does not exist yet. */
export async function reviewCxrByCommand(steps: Steps, table: string, project: string): Promise<void> {
  let first: RunResult;
  let errors: readonly ErrorRow[];

  await steps.step('command: init --csv guesses label, patient and images', async () => {
    const { code, stdout, stderr } = await runCli(['init', project, '--csv', table]);
    assert.equal(code, 0, stderr);
    assert.match(stdout + stderr, /patient_id/);
    return 'the project is made';
  });

  await steps.step('command: finetune with pretrained weights', async () => {
    first = await runJson<RunResult>(['finetune', project]);
    assert.equal(first.counts.samples, 690);
    assert.equal(first.counts.skipped, 0);
    assert.doesNotMatch(first.weights ?? '', /random/);
    steps.figures['command_first'] = figuresOf(first);
    // Three classes: 0.33 by chance. The figures themselves are compared with the field's in bench:sklearn.
    assert.ok((first.metrics.out_of_fold.balanced_accuracy.value ?? 0) > 0.5, 'worse than a bad model');
    return `${first.weights}, out-of-fold accuracy ${percent(first.metrics.out_of_fold.accuracy.value)}`;
  });

  await steps.step('command: errors, worst first', async () => {
    ({ errors } = await runJson<{ errors: readonly ErrorRow[] }>(['errors', project], [1]));
    assert.equal(errors.length, first.counts.errors);
    assert.ok(errors.every(({ split }) => split === 'train' || split === 'validation'));
    assert.ok(
      errors.every(({ loss }, at) => at === 0 || loss <= errors[at - 1]!.loss),
      'not ranked by loss',
    );
    assert.ok(errors.every(({ given, predicted }) => given !== predicted));
    return `${String(errors.length)} errors`;
  });

  await steps.step('command: label twenty of them', async () => {
    const start = performance.now();
    for (const { sample, predicted } of errors.slice(0, relabelled)) {
      const { code, stderr } = await runCli([
        'label',
        project,
        sample,
        predicted,
        '--reason',
        'end-to-end test',
      ]);
      assert.equal(code, 0, stderr);
    }
    const events = labelEvents(project);
    assert.equal(events.length, relabelled);
    assert.ok(events.every(({ op, annotator }) => op === 'set' && annotator === 'Test Reader'));
    steps.figures['command_label_s_each'] = (performance.now() - start) / 1000 / relabelled;
    return `${String(events.length)} events on disk`;
  });

  await steps.step('command: finetune again from the cache', async () => {
    const second = await runJson<RunResult>(['finetune', project]);
    steps.figures['command_second'] = figuresOf(second);
    assert.equal(second.timings.cached, 690);
    assert.equal(second.counts.edited, relabelled);
    const { errors: left } = await runJson<{ errors: readonly ErrorRow[] }>(['errors', project], [1]);
    const answered = new Set(errors.slice(0, relabelled).map(({ sample }) => sample));
    const stillWrong = left.filter(({ sample }) => answered.has(sample)).length;
    assert.ok(stillWrong < relabelled / 2, `${String(stillWrong)} relabelled images are still wrong`);
    return `${second.timings.total_s.toFixed(2)} s to the ranked errors; ${String(left.length)} errors left`;
  });
}

/** What a run tells about its quality and speed. */
function figuresOf(run: RunResult): Record<string, unknown> {
  const { out_of_fold: outOfFold, validation } = run.metrics;
  const part = (metrics: typeof outOfFold | null): Record<string, unknown> | null =>
    metrics && {
      accuracy: metrics.accuracy,
      balanced_accuracy: metrics.balanced_accuracy,
      auroc_macro: metrics.auroc_macro,
      log_loss: metrics.log_loss,
    };
  return {
    weights: run.weights,
    device: run.device,
    counts: run.counts,
    timings: run.timings,
    out_of_fold: part(outOfFold),
    validation: part(validation),
  };
}

function percent(share: number | null): string {
  return share === null ? 'unknown' : `${(100 * share).toFixed(1)} %`;
}
