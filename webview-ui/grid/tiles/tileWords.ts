/** The words of a tile: what it shows, and what a screen reader says of it. */
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { ShownItem } from '../state/shown';
import { stateOf } from '../state/tileState';
import { figuresOf } from '../findings/words';

export interface TileWords {
  readonly label: string;
  /** The label before it was changed; empty: it was not. */
  readonly was: string;
  readonly model: string;
  readonly percent: string;
  /** What its marks say, which colour and shape alone would not. */
  readonly marks: readonly string[];
}

export function wordsOf(
  shown: ShownItem,
  formatter: Formatter,
  multiLabel: boolean,
  failed: boolean,
): TileWords {
  const { strings } = formatter;
  const { item, value } = shown;
  const isChanged = !shown.hidden && stateOf(shown) === 'changed' && item.given !== null;
  return {
    label:
      shown.hidden && !shown.pending ? strings.hidden : formatter.label(value, shown.previous, multiLabel),
    was: isChanged ? formatter.value(item.given, multiLabel) : '',
    model: shown.hidden
      ? strings.hidden
      : shown.predicted === null
        ? strings.noPrediction
        : formatter.value(shown.predicted, multiLabel),
    percent: percentOf(shown, formatter, multiLabel),
    marks: marksOf(shown, formatter, failed),
  };
}

/** How sure the model is; of a finding its probability beside the threshold. */
function percentOf({ item, confidence }: ShownItem, formatter: Formatter, multiLabel: boolean): string {
  if (multiLabel) return figuresOf(item, formatter);
  return confidence === null ? '' : formatter.percent(confidence);
}

/** `image.png. Label normal. Model pneumonia 99%. Model disagrees Edited` */
export function tileName(
  shown: ShownItem,
  words: TileWords,
  index: number,
  formatter: Formatter,
  showFinding: boolean,
): string {
  const { strings } = formatter;
  const { item } = shown;
  const model =
    words.percent === ''
      ? words.model
      : fill(strings.percentOf, { value: words.model, percent: words.percent });
  const base = fill(showFinding ? strings.tileNameFinding : strings.tileName, {
    name: formatter.imageName(item.path, index),
    finding: item.finding,
    label: words.label,
    model,
  });
  const verdict =
    shown.agrees === false ? [strings.markWrong] : shown.agrees === true ? [strings.markAgrees] : [];
  return [base, ...verdict, ...words.marks].join(' ');
}

function marksOf(shown: ShownItem, { strings }: Formatter, failed: boolean): readonly string[] {
  return [
    ...(shown.pending ? [strings.markPending] : failed ? [strings.markFailed] : []),
    ...(shown.disputed ? [strings.markDisputed] : []),
    ...(shown.excluded ? [strings.markExcluded] : []),
    ...(shown.edited && !shown.kept && !shown.excluded ? [strings.markEdited] : []),
    ...(shown.kept ? [strings.markKept] : []),
  ];
}
