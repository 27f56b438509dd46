/** What one edit applies to: an image, or with study-level labels every image of a study; and the events of each. */
import { none } from './batches';
import { grown } from './growing';
import type { Sample } from '../dataset/model';
import { present } from '../base/present';

export class Units {
  /** The unit of each sample: the index of its first sample. */
  private readonly unitOf: Int32Array | undefined;
  private readonly members = new Map<number, number[]>();
  /** Per unit: its last row; each row names the one before it. */
  private readonly lastRow: Int32Array;
  private previousRow = new Int32Array(0);

  constructor(samples: readonly Sample[], unit: 'image' | 'study') {
    this.lastRow = new Int32Array(samples.length).fill(none);
    this.unitOf = unit === 'study' ? this.groupByStudy(samples) : undefined;
  }

  of(sample: number): number {
    return this.unitOf ? this.unitOf[sample]! : sample;
  }

  /** The samples of a unit, ascending. */
  samples(unit: number): readonly number[] {
    return this.members.get(unit) ?? [unit];
  }

  /** Units that have events, in ascending order. */
  *withRows(): Generator<number> {
    for (let unit = 0; unit < this.lastRow.length; unit++) if (this.lastRow[unit] !== none) yield unit;
  }

  add(unit: number, row: number): void {
    if (row >= this.previousRow.length) this.previousRow = grown(this.previousRow, row + 1);
    this.previousRow[row] = this.lastRow[unit]!;
    this.lastRow[unit] = row;
  }

  /** The rows of a unit, in the order in which they came. */
  rows(unit: number): number[] {
    const rows: number[] = [];
    for (let row = this.lastRow[unit]!; row !== none; row = this.previousRow[row]!) rows.push(row);
    return rows.reverse();
  }

  private groupByStudy(samples: readonly Sample[]): Int32Array {
    const unitOfStudy = new Map<string, number>();
    return Int32Array.from(samples, (sample, i) => {
      if (sample.study === null) return i;
      // Study names need not be unique beyond the patient (CheXpert's "study1").
      const key = JSON.stringify([sample.group, sample.study]);
      const unit = unitOfStudy.get(key);
      if (unit === undefined) {
        unitOfStudy.set(key, i);
        this.members.set(i, [i]);
        return i;
      }
      present(this.members.get(unit), 'the unit').push(i);
      return unit;
    });
  }
}
