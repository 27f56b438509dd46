/** What an event acts on: its sample and its finding, as the dataset numbers them. */
import { classFinding, type Dataset } from '../dataset/model';
import { none } from './batches';
import type { EventTable } from './eventTable';
import { grown } from './growing';

/** In place of a sample: it was not looked for yet. */
const notAsked = -2;
/** In place of a finding: the event acts on all of them. */
const everyFinding = -1;
/** In place of a finding: the event is about none that is known. */
export const unknownFinding = -2;

/** Answers for one table and one dataset. Each text of the table is looked up once. */
export class EventScope {
  /** Per text number: the sample of that id, `none` for no sample; `notAsked` before it turned up. */
  private sampleOfText = new Int32Array(0);
  /** Per text number: the finding of that name. */
  private readonly findingOfText: Record<number, number> = {};
  private readonly indexOfFinding: ReadonlyMap<string, number>;

  constructor(
    private readonly dataset: Dataset,
    private readonly table: EventTable,
    private readonly indexOfSample: ReadonlyMap<string, number>,
  ) {
    this.indexOfFinding = new Map(dataset.findings.map(({ name }, f) => [name, f]));
  }

  /** The index of the sample that an event names; `none` where the dataset does not have it. */
  sample(row: number): number {
    const text = this.table.sample(row);
    if (text >= this.sampleOfText.length) {
      this.sampleOfText = grown(this.sampleOfText, this.table.texts.count, notAsked);
    }
    if (this.sampleOfText[text] === notAsked) {
      this.sampleOfText[text] = this.indexOfSample.get(this.table.texts.text(text)) ?? none;
    }
    return this.sampleOfText[text]!;
  }

  /** The index of the finding that an event acts on, or `unknownFinding`; below 0 too where it acts on all. */
  finding(row: number): number {
    const finding = this.table.finding(row);
    if (finding !== none) {
      return (this.findingOfText[finding] ??=
        this.indexOfFinding.get(this.table.texts.text(finding)) ?? unknownFinding);
    }
    const op = this.table.op(row);
    if (op === 'exclude' || op === 'include') return everyFinding;
    if (this.dataset.task !== 'multi-class') return unknownFinding;
    return this.indexOfFinding.get(classFinding) ?? unknownFinding;
  }

  /** Whether an event acts on a finding. */
  acts(row: number, finding: number): boolean {
    const own = this.finding(row);
    return own === finding || own === everyFinding;
  }

  /** The findings that some events are about. */
  findings(rows: readonly number[]): readonly number[] {
    const { findings } = this.dataset;
    if (findings.length === 1) return [0];
    const found = new Set(rows.map((row) => this.finding(row)));
    return found.has(everyFinding) ? findings.map((_, f) => f) : [...found];
  }
}
