/** What one reader's independent looks did to given labels, from the label log. */
import { uncertainValue } from '../../config/model';
import { labelOps } from '../../labels/eventTable';
import { readShown } from '../../labels/shown';
import type { Shown } from '../../labels/model';
import type { Project } from '../../project/project';
import { givenTargets } from './givenTargets';

/** One answer of the reader that stands. */
export interface Look {
  readonly item: number;
  /** The given label as a target: a class, or 1 and 0. */
  readonly label: number;
  /** What the reader says it is. */
  readonly value: string | null;
  /** null where the reader could not tell, or left it out: that says neither. */
  readonly changed: boolean | null;
  /** Whether something of the model was shown before the answer. */
  readonly independent: boolean;
  /** The reader had answered the item before. */
  readonly again: boolean;
  /** Of the event: the offer that it came from, how, and with which propensity. */
  readonly shown: Shown;
}

/** Who has answered anything, the most answers first. */
export function readersOf({ log }: Pick<Project, 'log'>): string[] {
  const { table } = log;
  const counts = new Map<number, number>();
  for (let row = 0; row < table.count; row++) {
    const name = table.annotator(row);
    if (!table.isReversal(row)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => table.texts.text(name));
}

/**
 * The standing answers of a reader in the order in which they were given. Items without a given label say nothing of it and
 * are left out.
 */
export async function looksOf(project: Project, reader: string): Promise<Look[]> {
  const { log, labels, dataset } = project;
  const { table } = log;
  const rows = standingRows(project, reader);
  const shown = await readShown(log, rows);
  const findings = new Map(dataset.findings.map(({ name }, f) => [name, f]));
  const targets = givenTargets(labels);
  const seen = new Set<number>();
  return rows.flatMap((row): Look[] => {
    const event = table.event(row);
    const sample = labels.index(event.sample);
    const finding = findings.get(event.finding ?? dataset.findings[0]?.name ?? '');
    if (sample === undefined || finding === undefined) return [];
    const item = sample * dataset.findings.length + finding;
    const label = targets[item] ?? -1;
    if (label < 0) return [];
    const again = seen.has(item);
    seen.add(item);
    const given = dataset.samples[sample]?.given[finding] ?? null;
    const value = event.value === undefined ? (event.previous ?? given) : event.value;
    const answers = event.op === 'set' || event.op === 'keep';
    const told = shown.get(row) ?? {};
    return [
      {
        item,
        label,
        value,
        changed: answers && value !== uncertainValue ? differs(value, given) : null,
        independent: told.blind === true || told.suggestion === undefined,
        again,
        shown: told,
      },
    ];
  });
}

/** Whether a look was at a label that chance offered: each of its stratum had the same probability. */
export function isRandomDraw({ shown, independent, again }: Look): boolean {
  const { offer, propensity, queue } = shown;
  return (
    offer !== undefined &&
    independent &&
    !again &&
    queue !== 'repeat' &&
    propensity !== undefined &&
    propensity < 1
  );
}

/** A finding that is not mentioned, and one that is absent, are the same answer. */
function differs(value: string | null, given: string | null): boolean {
  const plain = (text: string | null): string | null => (text === '0' ? null : text);
  return plain(value) !== plain(given);
}

function standingRows({ log }: Project, reader: string): number[] {
  const { table } = log;
  const name = table.texts.find(reader);
  const rows: number[] = [];
  for (let row = 0; row < table.count; row++) {
    if (table.annotator(row) !== name || table.isReversal(row) || table.isSuperseded(row)) continue;
    if (table.isUndone(table.batch(row)) || !labelOps.includes(table.op(row))) continue;
    if (table.op(row) !== 'include') rows.push(row);
  }
  return rows.sort((a, b) => table.compare(a, b));
}
