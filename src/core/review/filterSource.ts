/** What filters are made of, read from the columns in memory and given as plain data: it travels to another process. */
import type { Dataset, SplitAssignment } from '../dataset/model';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { type MetadataColumn, metadataFilterColumns } from './filterColumns';
import { typedMetadata } from './filterValues';
import type { ItemStates } from './itemStates';
import { scoreOf, type ScoreRow, type ScoreSources } from './scores';
import type { ItemPredictions } from '../evaluation/itemPredictions';

export interface FilterSources {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly labels: EffectiveLabels;
  readonly predictions: ItemPredictions;
  readonly states: ItemStates;
  readonly scores: readonly ScoreRow[];
  /** What scores are made of. */
  readonly sources: ScoreSources;
}

/** What stays as it is while the catalog is open. */
export interface FilterSchema {
  readonly samples: number;
  readonly findings: readonly string[];
  readonly metadata: readonly MetadataColumn[];
}

/** The names behind the codes of items, by finding. Labels may bring new ones. */
export interface FilterNames {
  readonly labels: readonly (readonly string[])[];
  readonly predictions: readonly (readonly string[])[];
}

/** A column of the samples, null where a cell is empty. */
export interface SampleColumn {
  readonly type: 'text' | 'whole' | 'number' | 'flag' | 'date';
  readonly values: readonly (string | number | boolean | null)[];
}

/** One number per item; NaN for none. */
export type ItemNumbers = Int32Array | Float64Array;

/** New numbers of the items whose labels changed. */
export interface ItemChanges {
  readonly items: Int32Array;
  readonly columns: Readonly<Record<string, ItemNumbers>>;
}

/** Where the tables of filters get their columns when a filter first names them. */
export interface FilterSource {
  readonly schema: FilterSchema;
  sampleColumn(name: string): Promise<SampleColumn>;
  /** @param raw the stored column of an item, as `itemColumn` names it */
  itemNumbers(raw: string): Promise<ItemNumbers>;
}

/** The columns of a catalog. They are read as they stand when they are asked for. */
export class CatalogFilterSource implements FilterSource {
  readonly schema: FilterSchema;
  /** The item columns that were given out since `forget`. */
  readonly given = new Set<string>();

  constructor(private readonly sources: FilterSources) {
    const { dataset } = sources;
    this.schema = {
      samples: dataset.samples.length,
      findings: dataset.findings.map(({ name }) => name),
      metadata: metadataFilterColumns(dataset),
    };
  }

  get names(): FilterNames {
    return { labels: this.sources.labels.values, predictions: this.sources.predictions.names };
  }

  sampleColumn(name: string): Promise<SampleColumn> {
    return Promise.resolve(this.readSamples(name));
  }

  itemNumbers(raw: string): Promise<ItemNumbers> {
    this.given.add(raw);
    return Promise.resolve(this.readItems(raw, undefined));
  }

  /** The columns that were given out, as they stand now for these items. */
  changesOf(items: Int32Array): ItemChanges {
    const columns = [...this.given].map((raw) => [raw, this.readItems(raw, items)] as const);
    return { items, columns: Object.fromEntries(columns) };
  }

  /** @param items all of them where none are named */
  private readItems(raw: string, items: Int32Array | undefined): ItemNumbers {
    const { labels, predictions, states, scores } = this.sources;
    const count = items?.length ?? labels.items;
    // Plain loops: `from` takes three times as long for 1.6 million.
    const whole = (values: Int32Array | Int16Array | Uint16Array | Uint8Array): Int32Array => {
      const read = new Int32Array(count);
      for (let k = 0; k < count; k++) read[k] = values[items ? items[k]! : k]!;
      return read;
    };
    const numbers = (of: (item: number) => number): Float64Array => {
      const read = new Float64Array(count);
      for (let k = 0; k < count; k++) read[k] = of(items ? items[k]! : k);
      return read;
    };
    switch (raw) {
      case 'given_code':
        return whole(labels.givenCodes);
      case 'value_code':
        return whole(labels.codes);
      case 'predicted_code':
        return whole(predictions.predicted);
      case 'wrong':
        return whole(states.wrong);
      case 'flags':
        return whole(labels.flags);
      default:
        return numbers(scoreOf(scores, raw).of(this.sources.sources));
    }
  }

  private readSamples(name: string): SampleColumn {
    const { dataset, assignment, predictions } = this.sources;
    const { samples } = dataset;
    const source = this.schema.metadata.find((column) => column.name === name)?.source;
    if (source !== undefined) return typedMetadata(dataset, source);
    switch (name) {
      case 'out_of_fold':
        return { type: 'flag', values: samples.map((_, i) => predictions.outOfFold(i)) };
      case 'seen':
        return { type: 'flag', values: samples.map((_, i) => predictions.seen(i)) };
      case 'split':
        return { type: 'text', values: assignment.split };
      case 'sample':
        return { type: 'text', values: samples.map(({ id }) => id) };
      case 'path':
        return { type: 'text', values: samples.map(({ path }) => path) };
      case 'group':
        return { type: 'text', values: samples.map(({ group }) => group) };
      case 'study':
        return { type: 'text', values: samples.map(({ study }) => study) };
      default:
        throw new Error(`No sample column ${name}`);
    }
  }
}
