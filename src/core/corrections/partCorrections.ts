/** Two models on one part, scored by the labels before and by those now. */
import type { IntervalOptions } from '../evaluation/intervals';
import { metricInputs } from '../evaluation/measure';
import type { MetricsInput } from '../evaluation/metrics';
import type { PredictionColumns } from '../evaluation/model';
import { differencesOf } from '../evaluation/partDifference';
import type { PartDifference } from '../evaluation/runDifference';
import type { Targets } from '../labels/model';
import type { Project } from '../project/project';
import type { PartCorrections, ReadAgain } from './model';
import type { MetricPart } from './parts';
import { itemsOf, randomSample, readBlind, samplesOf, type AnswersSince } from './readAgain';
import { sentenceOf } from './answer';

export interface TwoModels {
  readonly targets: { readonly before: Targets; readonly now: Targets };
  readonly predictions: { readonly before: PredictionColumns; readonly after: PredictionColumns };
  readonly answers: AnswersSince;
  readonly intervals: IntervalOptions;
}

/** @throws OVR002 cancelled */
export async function partCorrections(
  project: Project,
  models: TwoModels,
  part: MetricPart,
): Promise<PartCorrections> {
  const { targets, predictions, answers, intervals } = models;
  const both = inBoth(targets.before, targets.now);
  const inputs = {
    before: metricInputs(project, both.before, predictions.before)[part],
    after: metricInputs(project, both.now, predictions.after)[part],
  };
  const stride = both.now.y.length / project.dataset.samples.length;
  const items = itemsOf(inputs.after.rows, stride).filter((item) => both.now.y[item]! >= 0);
  const changed = items.filter((item) => both.before.y[item] !== both.now.y[item]).length;
  const blind = readBlind(answers, items).length;
  const sample = await randomSample(project, answers, items);
  const how = howRead(items.length, changed, blind, sample.length);
  const score = (by: Targets, rows: Int32Array): Promise<PartDifference> => {
    const input = (one: MetricsInput): MetricsInput => ({ ...one, targets: by, rows });
    return differencesOf(input(inputs.before), input(inputs.after), intervals);
  };
  const byBefore = await score(both.before, inputs.after.rows);
  const byNow = changed === 0 ? byBefore : await score(both.now, inputs.after.rows);
  const drawn = new Set(sample);
  const onSample = how === 'sample' ? await score(onlyOf(both.now, drawn), samplesOf(sample, stride)) : null;
  const about = { part, items: items.length, changed, blind, sample: sample.length, how };
  return {
    part,
    images: byBefore.samples,
    patients: byBefore.patients,
    changed,
    read_blind: blind,
    read_again: how,
    by_labels_before: byBefore,
    by_labels_now: byNow,
    on_sample: onSample,
    counts: how === 'sample' ? 'on_sample' : how === 'chosen' ? 'by_labels_before' : 'by_labels_now',
    sentence: sentenceOf(about),
  };
}

function howRead(items: number, changed: number, blind: number, sample: number): ReadAgain {
  if (changed === 0) return 'unchanged';
  if (blind === items) return 'all';
  return sample > 0 ? 'sample' : 'chosen';
}

/** Both versions with only those items that have a label in both. */
function inBoth(before: Targets, now: Targets): { readonly before: Targets; readonly now: Targets } {
  const known = (own: Targets, other: Targets): Targets => ({
    ...own,
    y: own.y.map((target, item) => (other.y[item]! >= 0 ? target : -1)),
  });
  return { before: known(before, now), now: known(now, before) };
}

function onlyOf(targets: Targets, items: ReadonlySet<number>): Targets {
  return { ...targets, y: targets.y.map((target, item) => (items.has(item) ? target : -1)) };
}
