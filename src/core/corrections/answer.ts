/** The answer in sentences: which labels count and why, and what the difference is. */
import { counted } from '../base/counted';
import type { FigureDifference } from '../evaluation/runDifference';
import type { PartCorrections, ReadAgain } from './model';
import { partNames, type MetricPart } from './parts';

export interface ReadCounts {
  readonly part: MetricPart;
  readonly items: number;
  readonly changed: number;
  readonly blind: number;
  readonly sample: number;
  readonly how: ReadAgain;
}

/** Why corrected labels of a part count, or do not. */
export function sentenceOf({ part, items, changed, blind, sample, how }: ReadCounts): string {
  const name = partNames[part];
  switch (how) {
    case 'unchanged':
      return `No label of the ${name} changed, so both models are scored by the same labels.`;
    case 'all':
      return `All ${counted(items, 'label')} of the ${name} were read again blind, so the corrected labels count.`;
    case 'sample':
      return `A random sample of ${counted(sample, 'label')} of the ${name}, drawn before anybody read there, was read again blind; its corrected labels count, scored alone.`;
    case 'chosen':
      return `${counted(changed, 'label')} of ${items} changed in the ${name}, where ${blind} were read again blind and nobody drew them at random: its corrected labels do not count, those from before do.`;
  }
}

/** What the last part, which took no part in the fits, says. */
export function answerOf(parts: readonly PartCorrections[]): string {
  const last = parts.at(-1);
  if (!last) return 'There is nothing to compare.';
  const { part, counts, sentence } = last;
  const scored = last[counts];
  if (!scored || scored.samples === 0)
    return `The ${partNames[part]} has no image with a label in both versions. ${sentence}`;
  const auroc = scored.auroc_macro.difference.value === null ? undefined : scored.auroc_macro;
  const [figure, difference] = auroc ? (['AUROC', auroc] as const) : (['accuracy', scored.accuracy] as const);
  return `${verdict(figure, difference)} on ${counted(scored.samples, 'image')} of ${counted(scored.patients, 'patient')} of the ${partNames[part]}. ${sentence}`;
}

function verdict(figure: string, { before, after, difference }: FigureDifference): string {
  const { value, low, high } = difference;
  const from = `${figure} ${short(before.value)} trained on the labels before, ${short(after.value)} on those now`;
  if (value === null) return `${figure} is not defined`;
  if (low === null || high === null) return `Too few patients for an interval: ${from}`;
  const how =
    low > 0 ? 'The corrections helped' : high < 0 ? 'The corrections harmed' : 'No difference is shown';
  return `${how}: ${from}, a difference of ${signed(value)} (95 % by patient: ${signed(low)} to ${signed(high)})`;
}

function short(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(3)}`;
}
