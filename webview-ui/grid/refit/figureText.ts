/** The sentence of a refit: which figure, before and after, and how sure that is. */
import type { FigureDifference, RefitAnswer } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';

/** Macro AUROC, or accuracy where that is not defined. */
export function figureText(formatter: Formatter, { difference, number }: RefitAnswer): string {
  const texts = formatter.strings.refit;
  const { auroc_macro, accuracy } = difference.out_of_fold;
  const isDefined = auroc_macro.difference.value !== null;
  const figures = isDefined ? auroc_macro : accuracy;
  return fill(texts.figure, {
    n: formatter.count(number),
    figure: isDefined ? texts.auroc : texts.accuracy,
    before: decimal(formatter, figures.before.value),
    after: decimal(formatter, figures.after.value),
    difference: differenceText(formatter, figures.difference),
  });
}

function differenceText(formatter: Formatter, { value, low, high }: FigureDifference['difference']): string {
  const difference = signed(formatter, value);
  if (low === null || high === null) return difference;
  const { interval } = formatter.strings.refit;
  return fill(interval, { difference, low: signed(formatter, low), high: signed(formatter, high) });
}

function signed(formatter: Formatter, value: number | null): string {
  return value !== null && value > 0 ? `+${decimal(formatter, value)}` : decimal(formatter, value);
}

function decimal(formatter: Formatter, value: number | null): string {
  return value === null ? '–' : formatter.decimal(value);
}
