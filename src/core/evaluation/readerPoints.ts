/** Readers beside the model on a ROC curve: each against what the others say of the same images. */
import type { EffectiveLabels } from '../labels/effectiveLabels';
import type { Reading } from '../labels/model';
import { uncertainValue } from '../config/model';
import type { Finding } from '../dataset/model';
import { meaningOf } from '../dataset/prevalence';
import type { ReaderPoint } from './runAnalysis';

/** Whether a reading says that the output is there; null where it says neither. */
type Says = (value: string) => boolean | null;

/**
 * Truth is an adjudication of somebody else, else what most of the other readers say; without either, or in a tie, the
 * image does not count. Nobody is measured against his own word.
 * @param rows samples of the part
 * @returns for each output, readers with at least one positive and one negative image, by name
 */
export function readerPoints(
  labels: EffectiveLabels,
  outputs: readonly string[],
  rows: Int32Array,
): ReaderPoint[][] {
  const { dataset } = labels;
  const isMultiClass = dataset.task === 'multi-class';
  return outputs.map((name, o) => {
    const finding = isMultiClass ? 0 : o;
    const says = isMultiClass ? saysClass(name) : saysFinding(dataset.findings[finding]);
    const counts = new Map<string, { positives: number; right: number; negatives: number; wrong: number }>();
    for (const row of rows) {
      const { readings } = labels.at(row, finding);
      if (readings.length < 2) continue;
      for (const own of readings) {
        const said = own.value === null ? null : says(own.value);
        const truth = truthOfOthers(readings, own, says);
        if (own.role === 'adjudicator' || said === null || truth === null) continue;
        const count = counts.get(own.annotator) ?? { positives: 0, right: 0, negatives: 0, wrong: 0 };
        counts.set(own.annotator, count);
        if (truth) {
          count.positives++;
          if (said) count.right++;
        } else {
          count.negatives++;
          if (said) count.wrong++;
        }
      }
    }
    return [...counts]
      .filter(([, { positives, negatives }]) => positives > 0 && negatives > 0)
      .map(([reader, { positives, right, negatives, wrong }]) => ({
        reader,
        positives,
        true_positives: right,
        negatives,
        false_positives: wrong,
      }))
      .sort((a, b) => (a.reader < b.reader ? -1 : 1));
  });
}

function saysClass(name: string): Says {
  return (value) => (value === uncertainValue ? null : value === name);
}

function saysFinding(finding: Finding | undefined): Says {
  return (value) => {
    const meaning = finding ? meaningOf(finding, value) : 'masked';
    return meaning === 'masked' ? null : meaning === 'positive';
  };
}

function truthOfOthers(readings: readonly Reading[], own: Reading, says: Says): boolean | null {
  const others = readings.filter((reading) => reading !== own);
  const said = (some: readonly Reading[]): (boolean | null)[] =>
    some.map(({ value }) => (value === null ? null : says(value)));
  const [adjudicated = null] = said(others.filter(({ role }) => role === 'adjudicator')).slice(-1);
  if (adjudicated !== null) return adjudicated;
  const votes = said(others);
  const balance =
    votes.filter((vote) => vote === true).length - votes.filter((vote) => vote === false).length;
  return balance === 0 ? null : balance > 0;
}
