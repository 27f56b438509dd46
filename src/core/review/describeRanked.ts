/** A run that has just been made, as lines for a terminal. */
import { counted } from '../base/counted';
import type { RunResult } from '../runs/model';
import { countedErrors } from './queues';

/** The name of weights, with a word for those that were trained on nothing. */
export function markRandom(name: string, random: boolean): string {
  return random ? `${name} (random weights)` : name;
}

/** @param learnt what was trained, such as `last layer` */
export function describeRanked(
  ranked: RunResult,
  task: 'multi-class' | 'multi-label',
  learnt: string,
): readonly string[] {
  const { counts, timings } = ranked;
  const half = ranked.precision === 'fp16' ? ' in half precision' : '';
  const weights = markRandom(ranked.weights ?? ranked.trainer, ranked.random_weights);
  return [
    `Run ${ranked.run}`,
    `  ${weights} on ${ranked.device ?? 'no device'}${half}, ${counted(counts.samples, 'image')}`,
    `  ${countedErrors(task, counts.errors)} to review, after ${timings.total_s.toFixed(2)} s ` +
      `(features ${timings.features_s.toFixed(2)} s, ${counted(timings.cached, 'image')} from the cache; ` +
      `${learnt} ${timings.train_s.toFixed(2)} s)`,
  ];
}
