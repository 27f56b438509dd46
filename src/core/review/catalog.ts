/**
 * Everything reviewers ask about the items of a project beside one run: lists in order, single items, counts.
 * Columns in memory answer; DuckDB is asked for users' SQL filters only. 112,120 images × 14 findings are 1.6
 * million items, of which any list is made in a fraction of a second.
 */
import { beforeAll, parseMoment } from '../labels/asOf';
import { type EffectiveLabels, itemFlags } from '../labels/effectiveLabels';
import type { AnswerTarget, EffectiveLabel, LabelEvent } from '../labels/model';
import type { Dataset, Finding, LabelValue, Sample, Split, SplitAssignment } from '../dataset/model';
import { uncertainValue } from '../config/model';
import { atOnce, type Pieces } from '../base/pieces';
import { present } from '../base/present';
import { ItemPredictions } from '../evaluation/itemPredictions';
import { Outcomes } from '../evaluation/outcomes';
import type { PredictionColumns } from '../evaluation/model';
import { countGroups } from './counts';
import { Filters } from './filters';
import type { FilterStarter } from './filterStarter';
import { type FilterLimits, filterLimits } from './filterLimits';
import type { Selection } from './filterTables';
import { imageOf } from './imageItem';
import { itemKey, parseItemKey } from './itemKey';
import type { ItemChecks } from '../checks/itemChecks';
import type { FoundSuspects, ItemSuspects } from '../suspects/itemSuspects';
import { ItemStates } from './itemStates';
import type {
  DatasetGroup,
  ItemKey,
  ItemQuery,
  ItemScore,
  QueueCounts,
  QueueInfo,
  RareFinding,
  ReviewItem,
  SortInfo,
} from './model';
import { describeQueues, errorQueue, everything, placeOf, type QueueRow, queueTable } from './queues';
import { describeScores, type ScoreRow, type ScoreSources, scoreTable } from './scores';
import { ranksOf } from './textRanks';
import { type QueryResult, needsPaths, selectItems } from './select';

export interface CatalogInput {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  /** The catalog brings them in step by `applyEvents`; nobody else applies events to them. */
  readonly labels: EffectiveLabels;
  readonly predictions: PredictionColumns | null;
  /** Those of a run that this one is compared with: queues of what was fixed and broken go by it. */
  readonly earlier?: PredictionColumns | null;
  /** Labels that are suspected by the run's predictions; without them their queue is empty. */
  readonly suspects?: ItemSuspects | null;
  /** What the last check found; without it its queue is empty. It goes by the same `labels`. */
  readonly checks?: ItemChecks | null;
  /** `labels_as_of` of the run: a time or event id. Without it every standing edit is since the run. */
  readonly labelsAsOf?: string;
  /** What there is to review, and what items are ordered by; tests add rows. */
  readonly queues?: readonly QueueRow[];
  readonly scores?: readonly ScoreRow[];
  /** For users' filters. */
  readonly limits?: Partial<FilterLimits>;
  /** With it users' filters run in a process of their own, which can be killed. */
  readonly filterStarter?: FilterStarter;
}

/** How often a list is made while labels change under it. */
const mostAttempts = 3;

export class Catalog {
  private readonly findingIndex: ReadonlyMap<string, number>;
  private readonly width: number;
  private readonly filters: Filters;
  private ranks: Int32Array | undefined;
  /** How often the labels of more than one item have changed. */
  private batches = 0;

  private readonly states: ItemStates;
  private readonly queues: readonly QueueRow[];
  private readonly scores: readonly ScoreRow[];

  private constructor(
    private readonly input: CatalogInput,
    private readonly predictions: ItemPredictions,
    private readonly earlier: ItemPredictions | null,
    outcomes: Outcomes,
  ) {
    const { dataset, assignment, labels, labelsAsOf, queues = queueTable, scores = scoreTable } = input;
    this.queues = queues;
    this.scores = scores;
    this.width = dataset.findings.length;
    this.findingIndex = new Map(dataset.findings.map((finding, f) => [finding.name, f]));
    this.states = new ItemStates({
      labels,
      predictions,
      outcomes,
      earlier,
      suspects: input.suspects ?? null,
      checks: input.checks ?? null,
      assignment,
      since: labelsAsOf === undefined ? beforeAll : parseMoment(labelsAsOf),
      queues,
      scores,
      pathRank: () => this.pathRank(),
    });
    this.filters = new Filters(
      { dataset, assignment, labels, predictions, states: this.states, scores, sources: this.scoreSources },
      { ...filterLimits, ...input.limits },
      input.filterStarter,
    );
  }

  /** Builds the columns. DuckDB is opened by the first query with a `where`. */
  static open(input: CatalogInput): Promise<Catalog> {
    return Promise.resolve(Catalog.of(input));
  }

  /** The same, synchronously. */
  static of(input: CatalogInput): Catalog {
    return atOnce(Catalog.building(input));
  }

  /**
   * The same in pieces. What the log gets between them is for the first `applyEvents`: nobody else may apply events to
   * `labels` meanwhile.
   */
  static *building(input: CatalogInput): Pieces<Catalog> {
    const { dataset, labels, assignment } = input;
    const predictions = new ItemPredictions(dataset, input.predictions);
    yield* predictions.filling();
    const earlier = input.earlier ? new ItemPredictions(dataset, input.earlier) : null;
    if (earlier) yield* earlier.filling();
    const outcomes = new Outcomes(labels, predictions, assignment, earlier);
    yield;
    const catalog = new Catalog(input, predictions, earlier, outcomes);
    yield;
    yield* catalog.states.counting();
    return catalog;
  }

  /** What there is to review, in the order in which it is listed. */
  get queueInfos(): readonly QueueInfo[] {
    const listed = this.queues.filter(({ needsComparison }) => needsComparison !== true || this.earlier);
    return describeQueues(listed, this.scores, this.input.dataset.task);
  }

  /** The orders that a list may have. */
  get sortInfos(): readonly SortInfo[] {
    return describeScores(this.scores);
  }

  /** Number of review items: samples × findings; item n is finding n % findings of sample ⌊n / findings⌋. */
  get items(): number {
    return this.input.labels.items;
  }

  /** The columns that `where` may name. */
  get filterColumnNames(): readonly string[] {
    return this.filters.columnNames;
  }

  /**
   * The items of a query in order, and the confusion counts of the same items without the query's queue,
   * `given` and `predicted`. `given` is the effective label; the empty text stands for none.
   * @throws OVR900, OVR901 for a `where` that is not one harmless expression, or fails, or takes too long
   */
  async query(query: ItemQuery): Promise<QueryResult> {
    return this.list(query, await this.select(query));
  }

  /**
   * What the query's `where` selects, undefined without one. It may take as long as the limit of filters; labels may
   * change meanwhile.
   * @throws OVR900, OVR901, OVR902; OVR803 when the catalog is closed meanwhile
   */
  select(query: ItemQuery): Promise<Selection | undefined> {
    const where = query.where?.trim() ?? '';
    return where === '' ? Promise.resolve(undefined) : this.filters.select(where);
  }

  /**
   * The rest of a query, on what its `where` has selected: a fraction of a second for millions of items.
   * @throws OVR903 for a queue or an order that there is not
   */
  list(query: ItemQuery, selection: Selection | undefined): QueryResult {
    return atOnce(this.listing(query, selection));
  }

  /**
   * The same in pieces. Labels may change between them: an item is listed as it stands when it is looked at, and where more
   * than one has changed the list is made again, so that no batch of edits is in it by half; of a third time it may be.
   */
  *listing(query: ItemQuery, selection: Selection | undefined): Pieces<QueryResult> {
    for (let attempt = 1; ; attempt++) {
      const { batches } = this;
      const found = yield* this.listingOnce(query, selection);
      if (batches === this.batches || attempt === mostAttempts) return found;
    }
  }

  private *listingOnce(query: ItemQuery, selection: Selection | undefined): Pieces<QueryResult> {
    const { assignment } = this.input;
    const queue = placeOf(this.queues, query.queue);
    const errors = placeOf(this.queues, errorQueue.id);
    // Paths are put in order once, for whoever asks first.
    if (needsPaths(this.scores, query)) yield* this.rankingPaths();
    return yield* selectItems(
      { ...this.scoreSources, states: this.states, assignment, scores: this.scores },
      query,
      { queue, errors, isAll: this.queues[queue] === everything },
      selection,
    );
  }

  /** One item as it stands now. */
  item(row: number): ReviewItem {
    const { labels } = this.input;
    const { predictions, states } = this;
    const finding = row % this.width;
    const index = this.sampleOf(row);
    const sample = this.sampleAt(row);
    const { name } = this.findingAt(row);
    const label = labels.at(index, finding);
    const predicted = predictions.predictedName(row);
    const suggested = this.input.suspects?.suggested(row);
    const flags = labels.flags[row]!;
    const checks = this.input.checks?.of(row) ?? [];
    return {
      key: itemKey(sample.id, name),
      sample: sample.id,
      finding: name,
      hidden: false,
      path: sample.path,
      split: this.splitOf(row),
      group: sample.group,
      given: label.given,
      value: label.value,
      ...(label.value === uncertainValue ? { previous: certainLabel(label) } : {}),
      source: label.source,
      predicted,
      ...(suggested === undefined ? {} : { suggested }),
      ...(checks.length === 0 ? {} : { checks }),
      confidence: orNull(predicted === null ? NaN : predictions.confidence(row)),
      p: orNull(predictions.p[row]!),
      threshold: predicted === null ? null : (predictions.thresholds[finding] ?? null),
      loss: orNull(states.loss[row]!),
      outOfFold: predictions.outOfFold(index),
      seen: predictions.seen(index),
      wrong: states.wrong[row] === 1,
      edited: (flags & itemFlags.edited) !== 0,
      kept: label.kept,
      excluded: label.excluded,
      disputed: label.source === 'disputed',
      tooRare: states.tooRare(row),
    };
  }

  /** The key of an item, without building the item. */
  key(row: number): ItemKey {
    return itemKey(this.sampleAt(row).id, this.findingAt(row).name);
  }

  /** The number of the item with this key, or undefined. */
  itemNumber(key: ItemKey): number | undefined {
    const parts = parseItemKey(key);
    return parts && this.rowsOf(parts.sample, parts.finding)[0];
  }

  /** The item of a sample and finding, or all items of the sample; empty for unknown ones. */
  rowsOf(sampleId: string, finding?: string): number[] {
    const sample = this.input.labels.index(sampleId);
    if (sample === undefined) return [];
    if (finding === undefined) return Array.from({ length: this.width }, (_, f) => sample * this.width + f);
    const f = this.findingIndex.get(finding);
    return f === undefined ? [] : [sample * this.width + f];
  }

  /** Index of the item's sample in the dataset. */
  sampleOf(row: number): number {
    return Math.floor(row / this.width);
  }

  /** The part of the split that the item's sample is in. */
  splitOf(row: number): Split {
    return present(this.input.assignment.split[this.sampleOf(row)], 'the part of the sample');
  }

  /** What an answer on an item is about: the item, and what the model says of it. @param queue that it was shown in */
  answerTarget(row: number, queue?: string): AnswerTarget & { readonly predicted: string | null } {
    const suggests = this.queues.find(({ id }) => id === queue)?.suggests === true;
    const suggested = suggests ? this.input.suspects?.suggested(row) : undefined;
    return {
      sample: this.sampleAt(row).id,
      finding: this.findingAt(row).name,
      predicted: suggested ?? this.predictions.predictedName(row),
    };
  }

  /** What the run that this one is compared with predicts; null without one, or without a prediction. */
  predictedBefore(row: number): string | null {
    return this.earlier?.predictedName(row) ?? null;
  }

  /** Cross entropy of the effective label now, nats; null without a prediction or a label. */
  loss(row: number): number | null {
    return orNull(this.states.loss[row]!);
  }

  /** Calibrated probability of each output for the item's sample; empty without a prediction. */
  probabilities(row: number): readonly { readonly name: string; readonly p: number }[] {
    return this.predictions.probabilities(this.sampleOf(row));
  }

  /** The scores of an item that a person is shown beside it; those that it does not have are left out. */
  scoresOf(row: number): readonly ItemScore[] {
    return this.scores
      .filter(({ detail }) => detail)
      .map(({ id, title, format, of }) => ({ id, title, format, value: of(this.scoreSources)(row) }))
      .filter(({ value }) => !Number.isNaN(value));
  }

  /**
   * Takes in what the label log got, and events that are handed over, and returns the items that may be another now,
   * ascending. Cost: those items alone.
   */
  applyEvents(events: Iterable<LabelEvent> = []): readonly number[] {
    return atOnce(this.applyingEvents(events));
  }

  /** The same in pieces. Between them a batch stands by half: whoever asks for more than an item waits for the last. */
  *applyingEvents(events: Iterable<LabelEvent> = []): Pieces<readonly number[]> {
    const changed = yield* this.input.labels.applying(events);
    const touched = yield* this.states.updating(changed);
    yield;
    if (touched.length > 1) this.batches++;
    this.filters.invalidate(touched);
    return touched;
  }

  /**
   * Takes over what was found of labels, of the items from one to another, the end left out. Cost: those that were suspected
   * or are now, and a look at the others.
   */
  takeSuspects(found: FoundSuspects, from: number, to: number): void {
    const touched: number[] = [];
    this.input.suspects?.take(found, from, to, (item, change) => {
      this.states.suspect(item, change);
      touched.push(item);
    });
    this.filters.invalidate(touched);
  }

  /** The items of images that a check found together with those of these items, these too; in no order, in pieces. */
  *checkedTogether(rows: ArrayLike<number>): Pieces<readonly number[]> {
    const { checks } = this.input;
    return checks ? yield* checks.mates(rows) : [];
  }

  /** Items per queue, of these parts: of the parts that the project's review lists, unless asked otherwise. */
  queueCounts(splits: ItemQuery['splits']): QueueCounts {
    return Object.fromEntries(this.queues.map(({ id }, place) => [id, this.states.total(place, splits)]));
  }

  /** Items of every part whose label changed since the run; all edited ones without a run. */
  editedSinceRun(): number {
    return this.states.editedSinceRun;
  }

  /** The image of a sample, by its index, with some of its items; what is said of one finding says nothing. */
  image(sample: number, items: Int32Array): ReviewItem {
    const item = this.item(sample * this.width);
    const findings = Array.from(items, (row) => this.item(row));
    return imageOf(item, findings);
  }

  /** Findings that are too rare to judge, with the patients that have them. */
  rareFindings(): RareFinding[] {
    return this.states.rareFindings();
  }

  /** split → class (or finding) with counts. */
  groups(): DatasetGroup[] {
    return atOnce(this.counting());
  }

  /** The same in pieces. Of labels that change between them each item counts once. */
  counting(): Pieces<DatasetGroup[]> {
    const { labels, assignment } = this.input;
    return countGroups(labels, this.states, assignment, placeOf(this.queues, errorQueue.id));
  }

  close(): void {
    this.filters.close();
  }

  private sampleAt(row: number): Sample {
    return present(this.input.dataset.samples[this.sampleOf(row)], 'the sample');
  }

  private findingAt(row: number): Finding {
    return present(this.input.dataset.findings[row % this.width], 'the finding');
  }

  private get scoreSources(): ScoreSources {
    const { labels } = this.input;
    return {
      labels,
      predictions: this.predictions,
      states: this.states,
      suspects: this.input.suspects ?? null,
      checks: this.input.checks ?? null,
      pathRank: () => this.pathRank(),
    };
  }

  /** Rank of each sample's path, by UTF-16 code units; equal paths have equal ranks. Made once. */
  private pathRank(): Int32Array {
    return this.ranks ?? atOnce(this.rankingPaths());
  }

  private *rankingPaths(): Pieces<Int32Array> {
    return (this.ranks ??= yield* ranksOf(this.input.dataset.samples.map(({ path }) => path)));
  }
}

/** What stood before somebody could not tell; the given label where nobody knows. */
function certainLabel({ readings, given }: EffectiveLabel): LabelValue {
  const before = readings
    .filter(({ value, previous }) => value === uncertainValue && previous !== undefined)
    .map(({ previous }) => previous ?? null)
    .filter((value) => value !== uncertainValue);
  return before.at(-1) ?? (given === uncertainValue ? null : given);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
