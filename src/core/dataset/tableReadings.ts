/** Tables with a row for each reader: what every reader says of an image, and what they say together. */
import { counted } from '../base/counted';
import { shownValue } from '../base/visibleText';
import { uncertainValue } from '../config/model';
import type { TextTable } from '../table/table';
import type { Dataset, Finding, LabelValue, Sample, TableReading, Task } from './model';
import type { ProblemList } from './problemList';
import { unionOf } from './repeatedRows';

/** The rows of one reader on one image. */
interface OwnRows {
  labels: readonly LabelValue[];
  conflict: boolean;
  readonly firstRow: number;
}

/** Readings as they are collected, row by row. */
export class TableReadings {
  private readonly bySample = new Map<string, Map<string, OwnRows>>();
  /** One shared array for each combination of values: 15,000 images of three readers have a few hundred. */
  private readonly shared = new Map<string, readonly LabelValue[]>();

  constructor(
    private readonly task: Task,
    private readonly findings: readonly Finding[],
  ) {}

  /** Notes what a row says. Several rows of one reader on one image are one reading: all that they name. */
  add(sample: string, reader: string, row: number, given: readonly LabelValue[]): void {
    let readers = this.bySample.get(sample);
    if (!readers) this.bySample.set(sample, (readers = new Map<string, OwnRows>()));
    const own = readers.get(reader);
    if (!own) {
      readers.set(reader, { labels: given, conflict: false, firstRow: row });
      return;
    }
    const united = given.map((value, f) => unionOf(this.task, own.labels[f] ?? null, value));
    own.labels = united.map(({ value }) => value);
    own.conflict ||= united.some(({ conflict }) => conflict);
  }

  /** The samples, each with its readings, and with what more of its readers say than anything else as its given label. */
  applyTo(samples: readonly Sample[]): readonly Sample[] {
    return samples.map((sample) => {
      const readings = [...(this.bySample.get(sample.id) ?? [])].map(([reader, own]) => ({
        reader,
        labels: this.share(this.asRead(own)),
      }));
      const given = this.findings.map((_, f) =>
        together(
          this.task,
          readings.map(({ labels }) => labels[f] ?? null),
        ),
      );
      return { ...sample, readings, given: this.share(given) };
    });
  }

  /** One problem for readers whose own rows exclude each other. */
  report(faults: ProblemList, table: TextTable, field: string): void {
    const conflicts = [...this.bySample].flatMap(([sample, readers]) =>
      [...readers.values()].filter(({ conflict }) => conflict).map(({ firstRow }) => ({ sample, firstRow })),
    );
    const [first] = conflicts;
    if (!first) return;
    faults.add('error', 'OVR203', () => ({
      message: `${counted(conflicts.length, 'reading')} of one reader in rows that contradict each other, such as of "${shownValue(first.sample)}"`,
      place: { file: table.file, row: first.firstRow, field },
      expected: 'one class for each image and reader',
      fix: 'Such a reading says nothing. Keep the row that is right.',
    }));
  }

  /** What does not mention a finding says of it what `labels.unmentioned` says; nothing where that is masked. */
  private asRead({ labels, conflict }: OwnRows): readonly LabelValue[] {
    if (this.task === 'multi-class') return conflict ? [null] : labels;
    return labels.map((value, f) => {
      const unmentioned = this.findings[f]?.unmentioned ?? 'masked';
      if (value !== null || unmentioned === 'masked') return value;
      return unmentioned === 'positive' ? '1' : '0';
    });
  }

  private share(labels: readonly LabelValue[]): readonly LabelValue[] {
    const key = JSON.stringify(labels);
    const known = this.shared.get(key);
    if (!known) this.shared.set(key, labels);
    return known ?? labels;
  }
}

/** The value that more readers give than any other; without one no class, or `uncertain` for a finding. */
function together(task: Task, values: readonly LabelValue[]): LabelValue {
  const votes = new Map<LabelValue, number>();
  for (const value of values) if (value !== null) votes.set(value, (votes.get(value) ?? 0) + 1);
  if (votes.size === 0) return null;
  const most = Math.max(...votes.values());
  const leading = [...votes.keys()].filter((value) => votes.get(value) === most);
  return leading.length === 1 ? (leading[0] ?? null) : task === 'multi-class' ? null : uncertainValue;
}

/** Whether readings of a finding differ. */
function differ(readings: readonly TableReading[], finding: number): boolean {
  const values = readings.map(({ labels }) => labels[finding] ?? null).filter((value) => value !== null);
  return values.some((value) => value !== values[0]);
}

/** Who read how many images, and on how many they disagree: lines for people; none where no readings are in the table. */
export function describeReadings({ task, findings, samples }: Dataset): string[] {
  const readers = new Set<string>();
  const perImage = new Map<number, number>();
  let images = 0;
  let items = 0;
  for (const { readings = [] } of samples) {
    for (const { reader } of readings) readers.add(reader);
    perImage.set(readings.length, (perImage.get(readings.length) ?? 0) + 1);
    const disputed = findings.filter((_, f) => differ(readings, f)).length;
    items += disputed;
    if (disputed > 0) images++;
  }
  if (readers.size === 0) return [];
  const numbers = [...perImage.keys()].sort((a, b) => a - b);
  const each =
    numbers.length === 1
      ? `${numbers[0] ?? 0} for each image`
      : `${numbers[0] ?? 0} to ${numbers.at(-1) ?? 0} for each image`;
  const of = task === 'multi-label' ? `, ${counted(items, 'finding')} in all` : '';
  return [`${counted(readers.size, 'reader')}, ${each}; they disagree on ${counted(images, 'image')}${of}`];
}
