/** Images that stand in several rows of a table: what their rows say together, and where they contradict each other. */
import { shownValue } from '../base/visibleText';
import type { ProjectConfig } from '../config/config';
import { uncertainValue } from '../config/model';
import type { TextTable } from '../table/table';
import type { LabelValue, Sample, Task } from './model';
import type { ProblemList } from './problemList';

interface Repeated {
  readonly given: readonly LabelValue[];
  readonly rows: readonly number[];
  readonly conflict: boolean;
}

/** The strongest of what several rows say of a finding: present, uncertain, absent, nothing. */
const strength: readonly LabelValue[] = [null, '0', uncertainValue, '1'];

interface Together {
  readonly value: LabelValue;
  readonly conflict: boolean;
}

/** What two rows say together when each is a part of the whole; two classes are none, and contradict each other. */
export function unionOf(task: Task, a: LabelValue, b: LabelValue): Together {
  if (a === b || a === null || b === null) return { value: a ?? b, conflict: false };
  if (task === 'multi-class') return { value: null, conflict: true };
  return { value: strength[Math.max(strength.indexOf(a), strength.indexOf(b))] ?? null, conflict: false };
}

/** Rows that name a sample that was read before. */
export class RepeatedRows {
  private readonly repeated = new Map<string, Repeated>();
  private readonly task: Task;
  private readonly rule: ProjectConfig['labels']['rows'];

  constructor({ labels }: Pick<ProjectConfig, 'labels'>) {
    this.task = labels.task;
    this.rule = labels.rows;
  }

  /** Notes that a row names a sample again, and what it says of it. */
  add(sample: Sample, row: number, given: readonly LabelValue[]): void {
    const before = this.repeated.get(sample.id) ?? {
      given: sample.given,
      rows: [sample.row],
      conflict: false,
    };
    const values = given.map((value, f) => this.together(before.given[f] ?? null, value));
    this.repeated.set(sample.id, {
      given: values.map(({ value }) => value),
      rows: [...before.rows, row],
      conflict: before.conflict || values.some(({ conflict }) => conflict),
    });
  }

  private together(a: LabelValue, b: LabelValue): Together {
    const united = unionOf(this.task, a, b);
    const isConflict =
      this.task === 'multi-label' && this.rule === 'one' && a !== b && a !== null && b !== null;
    return isConflict ? { value: uncertainValue, conflict: true } : united;
  }

  /** The samples, each with what all of its rows say. */
  applyTo(samples: readonly Sample[]): readonly Sample[] {
    if (this.repeated.size === 0) return samples;
    return samples.map((sample) => {
      const repeated = this.repeated.get(sample.id);
      // What contradicts itself once stays without a label, whatever a third row says.
      const given = repeated?.conflict === true ? this.withoutConflicts(sample, repeated) : repeated?.given;
      return given ? { ...sample, given } : sample;
    });
  }

  private withoutConflicts(sample: Sample, repeated: Repeated): readonly LabelValue[] {
    return this.task === 'multi-class' ? sample.given.map(() => null) : repeated.given;
  }

  /** One problem for repetitions, one for contradictions, each with its count and its first rows. */
  report(faults: ProblemList, table: TextTable, field: string): void {
    const all = [...this.repeated];
    const conflicts = all.filter(([, { conflict }]) => conflict);
    const same = all.filter(([, { conflict }]) => !conflict);
    if (conflicts.length > 0) {
      const outcome =
        this.task === 'multi-class' ? 'They count as unlabelled' : 'What is in dispute counts as uncertain';
      faults.add('error', 'OVR203', () => ({
        message: `${images(conflicts.length)} in rows that contradict each other: ${firstOf(conflicts)}`,
        place: { file: table.file, row: conflicts[0]?.[1].rows[1] ?? 0, field },
        expected: 'one row per sample, or rows that agree',
        fix: `${outcome}. Keep the row that is right, or set dataset.id to a column that tells the rows apart.`,
      }));
    }
    if (same.length > 0 && this.rule === 'one') {
      const rows = same.reduce((sum, [, repeated]) => sum + repeated.rows.length - 1, 0);
      faults.add('warning', 'OVR203', () => ({
        message: `${images(same.length)} in several rows that say the same of ${same.length === 1 ? 'it' : 'them'}: ${firstOf(same)}`,
        place: { file: table.file, row: same[0]?.[1].rows[1] ?? 0, field },
        expected: 'one row per sample',
        fix: `${rows} ${rows === 1 ? 'row is' : 'rows are'} left out. Delete what is double, or set dataset.id to a column that tells the rows apart.`,
      }));
    }
  }
}

const images = (count: number): string => (count === 1 ? '1 image stands' : `${count} images stand`);

function firstOf(repeated: readonly (readonly [string, Repeated])[]): string {
  const shown = repeated.slice(0, 3).map(([id, { rows }]) => `rows ${listed(rows)} are "${shownValue(id)}"`);
  return `${shown.join('; ')}${repeated.length > 3 ? '; …' : ''}`;
}

const listed = (rows: readonly number[]): string =>
  rows.length > 5
    ? `${rows.slice(0, 5).join(', ')}, …`
    : `${rows.slice(0, -1).join(', ')} and ${String(rows.at(-1))}`;

/**
 * Columns whose cells differ between rows of one image: boxes, readers. They say something of the row, not of it.
 * @param idOf the sample that a row names
 */
export function columnsThatVary(table: TextTable, idOf: (row: number) => string): ReadonlySet<string> {
  const first = new Map<string, number>();
  let same = table.names.map((name, c) => ({ name, cells: table.columns[c] ?? [] }));
  const varying = new Set<string>();
  for (let row = 0; row < table.rowCount; row++) {
    const before = first.get(idOf(row));
    if (before === undefined) {
      first.set(idOf(row), row);
      continue;
    }
    const differs = same.filter(({ cells }) => cells[row] !== cells[before]);
    if (differs.length === 0) continue;
    for (const { name } of differs) varying.add(name);
    same = same.filter(({ name }) => !varying.has(name));
  }
  return varying;
}
