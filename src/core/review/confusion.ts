/** Counts of [effective label][predicted] over items of one or several findings. */
import type { EffectiveLabels } from '../labels/effectiveLabels';
import type { ConfusionCounts } from './model';
import type { ItemPredictions } from '../evaluation/itemPredictions';

/** The text that stands for "no value" in `given` filters and confusion labels. */
export const noValue = '';

export class ConfusionCounter {
  private readonly labels: string[];
  private readonly predicted: string[];
  /** Rows before this are always shown: the configured values. Later ones only where something was counted. */
  private readonly configured: number;
  /** By finding: row of each value code (+ 1), column of each prediction. */
  private readonly rowOf: Int32Array[] = [];
  private readonly columnOf: Int32Array[] = [];
  private readonly cells: Uint32Array;

  /** Counts items of the findings first … last - 1. */
  constructor(labels: EffectiveLabels, predictions: ItemPredictions, first: number, last: number) {
    const { findings } = labels.dataset;
    const rows = new Map<string, number>();
    const columns = new Map<string, number>();
    const place = (places: Map<string, number>, name: string): number => {
      const known = places.get(name);
      if (known !== undefined) return known;
      places.set(name, places.size);
      return places.size - 1;
    };
    for (const { values } of findings.slice(first, last)) for (const value of values) place(rows, value);
    this.configured = rows.size;
    for (let f = first; f < last; f++) {
      // Values that are no longer configured, and no value, come after all that are.
      this.rowOf[f] = Int32Array.from([noValue, ...(labels.values[f] ?? [])], (value) => place(rows, value));
      this.columnOf[f] = Int32Array.from(predictions.names[f] ?? [], (name) => place(columns, name));
    }
    this.labels = [...rows.keys()];
    this.predicted = [...columns.keys()];
    this.cells = new Uint32Array(rows.size * columns.size);
  }

  /** @param code of the effective label, -1 for none; `predicted` is a code of `ItemPredictions` */
  add(finding: number, code: number, predicted: number): void {
    const row = this.rowOf[finding]![code + 1]!;
    this.cells[row * this.predicted.length + this.columnOf[finding]![predicted]!]!++;
  }

  counts(): ConfusionCounts {
    const width = this.predicted.length;
    const all = this.labels.map((label, row) => ({
      label,
      counts: Array.from(this.cells.subarray(row * width, (row + 1) * width)),
    }));
    const shown = all.filter(({ counts }, row) => row < this.configured || counts.some((count) => count > 0));
    return {
      labels: shown.map(({ label }) => label),
      predicted: this.predicted,
      counts: shown.map(({ counts }) => counts),
    };
  }
}
