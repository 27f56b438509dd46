/** What the readers in the table say of each item, in numbers: readings that stand in no event. */
import { normaliseAnnotator } from './annotator';
import { none } from './batches';
import type { ValueCodes } from './valueCodes';
import type { EventTable } from './eventTable';
import type { Dataset } from '../dataset/model';

/** One reader's reading of one item. */
export interface Voice {
  /** A text number, as an event's annotator is: the same name is the same person. */
  readonly annotator: number;
  /** The code of the value. */
  readonly code: number;
}

export class TableVoices {
  /** Per sample where its readings begin; one more at the end. */
  private readonly start: Int32Array;
  private readonly annotators: Int32Array;
  /** Per reading the code of each finding; `none` where it says nothing. */
  private readonly codes: Int32Array;
  private readonly findings: number;

  private constructor({ samples, findings }: Dataset, table: EventTable, values: ValueCodes) {
    this.findings = findings.length;
    this.start = new Int32Array(samples.length + 1);
    let count = 0;
    for (const [s, { readings = [] }] of samples.entries()) {
      this.start[s] = count;
      count += readings.length;
    }
    this.start[samples.length] = count;
    this.annotators = new Int32Array(count);
    this.codes = new Int32Array(count * findings.length);
    const numbers = new Map<string, number>();
    let reading = 0;
    for (const { readings = [] } of samples) {
      for (const { reader, labels } of readings) {
        let number = numbers.get(reader);
        if (number === undefined) {
          number = table.texts.number(normaliseAnnotator(reader));
          numbers.set(reader, number);
        }
        this.annotators[reading] = number;
        for (let f = 0; f < findings.length; f++) {
          this.codes[reading * findings.length + f] = values.of(f, labels[f] ?? null);
        }
        reading++;
      }
    }
  }

  /** undefined where the table holds no readings. */
  static of(dataset: Dataset, table: EventTable, values: ValueCodes): TableVoices | undefined {
    const has = dataset.samples.some(({ readings }) => readings !== undefined);
    return has ? new TableVoices(dataset, table, values) : undefined;
  }

  /** The readings of an item, in the order of the table. */
  at(item: number): readonly Voice[] {
    const finding = item % this.findings;
    const sample = (item - finding) / this.findings;
    const voices: Voice[] = [];
    for (let reading = this.start[sample]!; reading < this.start[sample + 1]!; reading++) {
      const code = this.codes[reading * this.findings + finding]!;
      if (code !== none) voices.push({ annotator: this.annotators[reading]!, code });
    }
    return voices;
  }
}
