/** What is said of a finding: its label, its probability beside the threshold, its state; on a chip, in a list, aloud. */
import type { ItemList, ReviewItem } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import { isByImage, listsFindings } from '../state/queries';
import { shownItem, type ShownItem } from '../state/shown';
import { stateOf, type TileState } from '../state/tileState';
import type { GridState } from '../state/model';

/** `0.71 / 0.42`: a probability and the one from which on the finding is called present. Empty without a prediction. */
export function figuresOf({ p, threshold, tooRare }: ReviewItem, formatter: Formatter): string {
  if (p === null) return '';
  const own = formatter.probability(p);
  // A finding that is too rare to judge has no threshold of its own making.
  if (threshold === null || tooRare) return own;
  return fill(formatter.strings.findings.figures, { p: own, threshold: formatter.probability(threshold) });
}

/** The same in words, for who points at it. */
export function figuresTitle({ p, threshold, tooRare }: ReviewItem, formatter: Formatter): string {
  if (p === null) return '';
  const { figuresTitle: both, tooRareTitle } = formatter.strings.findings;
  return fill(tooRare || threshold === null ? tooRareTitle : both, {
    p: formatter.probability(p),
    threshold: formatter.probability(threshold ?? 0),
  });
}

/** The signs of a label, which its words stand beside in tooltips and for screen readers. */
export function signOf({ hidden, value, pending }: ShownItem): string {
  if (hidden && !pending) return '·';
  return value === '1' ? '+' : value === '0' || value === null ? '−' : '?';
}

/** A finding of an image, as it is shown. */
export interface ShownFinding {
  readonly item: ReviewItem;
  readonly shown: ShownItem;
  readonly state: TileState;
  readonly label: string;
  readonly figures: string;
  /** All of it in one sentence. */
  readonly sentence: string;
}

export function shownFinding(item: ReviewItem, state: GridState, formatter: Formatter): ShownFinding {
  const { findings, hidden } = formatter.strings;
  const shown = shownItem(item, state);
  const now = stateOf(shown, state.failed.has(item.key));
  const isHidden = shown.hidden && !shown.pending;
  const label = isHidden ? hidden : formatter.label(shown.value, shown.previous, true);
  const figures = figuresOf(item, formatter);
  const plain = fill(figures === '' ? findings.chipPlain : findings.chip, {
    finding: item.finding,
    label,
    figures,
  });
  const sentence =
    now === 'open' ? plain : fill(findings.state, { chip: plain, state: findings.states[now] });
  return { item, shown, state: now, label, figures, sentence };
}

/** `120 images · 311 findings`; of a list by item its places alone. */
export function listedInWords(formatter: Formatter, state: GridState, { total, items }: ItemList): string {
  if (!isByImage(state)) return formatter.units(total, listsFindings(state));
  return fill(formatter.strings.findings.listed, {
    images: formatter.units(total, false),
    findings: formatter.units(items, true),
  });
}

/** `Effusion 0.71 / 0.42`: what the keys of Read mode are for. */
export function findingInWords(item: ReviewItem, state: GridState, formatter: Formatter): string {
  const { shown, figures } = shownFinding(item, state, formatter);
  return shown.hidden || figures === '' ? item.finding : `${item.finding} ${figures}`;
}
