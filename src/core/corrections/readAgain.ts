/** Which labels of a part were read again, and whether what was read may be scored on. */
import type { Project } from '../project/project';
import { readShown } from '../labels/shown';
import type { Shown } from '../labels/model';
import { readOffer } from '../suspects/learned/offerFile';
import type { LabelVersion } from './labelsBefore';

/** The answers since a version of the labels: one row of the log for each item, the latest that stands. */
export interface AnswersSince {
  /** Row of the log of each answered item. */
  readonly rows: ReadonlyMap<number, number>;
  readonly shown: ReadonlyMap<number, Shown>;
}

export async function answersSince(
  { log, labels }: Pick<Project, 'labels' | 'log'>,
  { holds }: LabelVersion,
): Promise<AnswersSince> {
  const rows = new Map<number, number>();
  for (const item of labels.historyItems()) {
    const since = labels.answerRows(item).filter((row) => !holds(row));
    const latest = since.toSorted((a, b) => log.table.compare(a, b)).at(-1);
    if (latest !== undefined) rows.set(item, latest);
  }
  return { rows, shown: await readShown(log, [...rows.values()]) };
}

/** Of these items, those that were answered without anything of the model or the label in sight. */
export function readBlind({ rows, shown }: AnswersSince, items: readonly number[]): number[] {
  return items.filter((item) => {
    const row = rows.get(item);
    return row !== undefined && shown.get(row)?.blind === true;
  });
}

/**
 * A random sample of a part that was drawn before anybody read there, and answered whole: the items of audits
 * (`overread suspects --audit`), which are drawn uniformly from what nobody has looked at. Empty where some of it is missing:
 * an answer from before the draw, an item without a blind answer, the offer itself.
 */
export async function randomSample(
  { root, log, labels, dataset }: Pick<Project, 'dataset' | 'labels' | 'log' | 'root'>,
  answers: AnswersSince,
  items: readonly number[],
): Promise<number[]> {
  const blind = new Set(readBlind(answers, items));
  const offers = new Set<string>();
  for (const item of blind) {
    const { queue, offer } = answers.shown.get(answers.rows.get(item) ?? -1) ?? {};
    if (queue === 'audit' && offer !== undefined) offers.add(offer);
  }
  const own = new Set(items);
  for (const id of [...offers].sort()) {
    const offer = await readOffer(root, id);
    if (!offer) continue;
    const sample = offer.items.flatMap(({ sample: name, finding }) => {
      const index = labels.index(name);
      const f = dataset.findings.findIndex((one) => one.name === finding);
      const item = index === undefined || f < 0 ? -1 : index * dataset.findings.length + f;
      return own.has(item) ? [item] : [];
    });
    const drawn = Date.parse(offer.created);
    const wasUntouched = items.every((item) => {
      const [first] = labels.answerRows(item).toSorted((a, b) => log.table.compare(a, b));
      return first === undefined || log.table.time(first) >= drawn;
    });
    if (sample.length > 0 && wasUntouched && sample.every((item) => blind.has(item))) return sample;
  }
  return [];
}

/** The items of some samples. */
export function itemsOf(samples: Iterable<number>, findings: number): number[] {
  return [...samples].flatMap((sample) => Array.from({ length: findings }, (_, f) => sample * findings + f));
}

/** The samples of some items, each once. */
export function samplesOf(items: readonly number[], findings: number): Int32Array {
  return Int32Array.from(new Set(items.map((item) => Math.floor(item / findings))));
}
