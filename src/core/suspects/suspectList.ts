/** Suspects as they are told: the likeliest first, each with what it is suspected to be and why. */
import type { LabelValue } from '../dataset/model';
import type { PredictionColumns } from '../evaluation/model';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { outputsOf } from '../labels/targets';
import { isAnswered, type Contradiction } from './contradictions';
import { labelText as textOf } from './labelText';

/** One label that is probably wrong, as `--json` prints it. */
export interface Suspect {
  readonly sample: string;
  readonly finding: string;
  /** The label that stands. */
  readonly label: LabelValue;
  /** The likeliest other value. */
  readonly suggested: string;
  /** High is suspect; of contradictions 1. */
  readonly score: number;
  readonly why: string;
  /** Of every value, by a model that did not see the patient; empty where there is none. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The probability from which on the finding is called present; null in multi-class, or without a model. */
  readonly threshold: number | null;
}

/** What a list is made of. */
export interface SuspectSources {
  readonly labels: EffectiveLabels;
  readonly predictions: PredictionColumns | null;
  readonly contradictions: readonly Contradiction[];
  /** By item, high is suspect, NaN for none. */
  readonly score: (item: number) => number;
  /** Whether an item is asked for. */
  readonly isWanted: (item: number) => boolean;
  /** Why an item is suspected, after what the model says of it. */
  readonly why: (item: number, probabilities: Readonly<Record<string, number>>) => string;
}

/** Contradictions, then by score; equals in the order of the table. Answered items are left out. */
export function listSuspects(sources: SuspectSources, isSuspect: (item: number) => boolean): Suspect[] {
  const { labels, isWanted, score } = sources;
  const contradicted = sources.contradictions.filter(({ item }) => isWanted(item));
  const first = new Map(contradicted.map((found) => [found.item, found]));
  const items: number[] = [];
  for (let item = 0; item < labels.items; item++) {
    if (first.has(item) || isAnswered(labels, item) || !isWanted(item)) continue;
    if (isSuspect(item) && !Number.isNaN(score(item))) items.push(item);
  }
  items.sort((a, b) => score(b) - score(a) || a - b);
  return [
    ...contradicted.map((found) => contradictionOf(sources, found)),
    ...items.map((item) => suspectOf(sources, item)),
  ];
}

function suspectOf(sources: SuspectSources, item: number): Suspect {
  const probabilities = probabilitiesOf(sources, item);
  return {
    ...itemOf(sources, item),
    suggested: otherValue(sources, item, probabilities),
    score: sources.score(item),
    why: sources.why(item, probabilities),
    probabilities,
  };
}

function contradictionOf(sources: SuspectSources, { item, other, registered }: Contradiction): Suspect {
  const { labels } = sources;
  const shown = textOf(labels, other);
  return {
    ...itemOf(sources, item),
    suggested: shown,
    score: 1,
    why: registered
      ? `an image that registers onto it is "${shown}": ${labels.sampleId(other)}`
      : `the same image is "${shown}" as ${labels.sampleId(other)}`,
    probabilities: probabilitiesOf(sources, item),
  };
}

function itemOf(
  { labels, predictions }: SuspectSources,
  item: number,
): Pick<Suspect, 'sample' | 'finding' | 'label' | 'threshold'> {
  const { findings } = labels.dataset;
  const output = predictions?.outputs.indexOf(findings[item % findings.length]?.name ?? '') ?? -1;
  return {
    // Of classes there are none.
    threshold: predictions?.thresholds[output] ?? null,
    sample: labels.sampleId(item),
    finding: findings[item % findings.length]?.name ?? '',
    label: labels.valueAt(item),
  };
}

/** The likeliest value but the one that stands; of a finding the opposite. */
function otherValue(
  { labels }: SuspectSources,
  item: number,
  probabilities: Readonly<Record<string, number>>,
): string {
  const now = textOf(labels, item);
  if (labels.dataset.task === 'multi-label') return now === '1' ? '0' : '1';
  const others = Object.entries(probabilities).filter(([name]) => name !== now);
  const [best] = others.sort(([, a], [, b]) => b - a);
  return best?.[0] ?? outputsOf(labels.dataset).find((name) => name !== now) ?? '';
}

/** The probability of every value of an item. */
function probabilitiesOf(
  { labels, predictions }: SuspectSources,
  item: number,
): Readonly<Record<string, number>> {
  if (!predictions) return {};
  const { task, findings } = labels.dataset;
  const { outputs, probabilities } = predictions;
  const sample = Math.floor(item / findings.length);
  if (task === 'multi-class') {
    const own = outputs.map((name, k) => [name, probabilities[sample * outputs.length + k]!] as const);
    return own.some(([, p]) => Number.isNaN(p)) ? {} : Object.fromEntries(own);
  }
  const output = outputs.indexOf(findings[item % findings.length]?.name ?? '');
  const p = output < 0 ? NaN : probabilities[sample * outputs.length + output]!;
  return Number.isNaN(p) ? {} : { '1': p, '0': 1 - p };
}
