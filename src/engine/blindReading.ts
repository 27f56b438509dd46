/**
 * What leaves the engine of the items of one project. While the reading is blind, an item that this reader has not
 * answered leaves as its picture and the columns that `review.blind_columns` allows, and nothing else: no label, no
 * prediction, no path, no figure that moves with them; samples have names that say nothing, and lists an order that
 * says nothing. The editor and its pages cannot show what they never get.
 */
import { everything } from '../core/review/queues';
import { OverreadError } from '../core/base/errors';
import { atOnce, type Pieces } from '../core/base/pieces';
import type { Dataset } from '../core/dataset/model';
import { imageOf } from '../core/review/imageItem';
import { imageKey, itemKey, parseItemKey } from '../core/review/itemKey';
import { sortingByKey } from '../core/review/ranking';
import type { QueryResult } from '../core/review/select';
import type {
  DatasetGroup,
  ItemDetail,
  ItemKey,
  ItemQuery,
  LabelChange,
  QueueCounts,
  RareFinding,
  ReviewItem,
  Thumbnail,
} from '../protocol/engineApi';
import { Handles } from './handles';
import { present } from '../core/base/present';
import type { LiveProject } from './liveProject';
import type { Looks, Reader } from './looks';
import type { OfferedItems } from './offeredItems';

/** What is said of a picture that cannot be shown; why would name its file. */
const unreadable = 'This image cannot be shown';

export class BlindReading {
  /** What the person chose in the editor; null: what the project says. */
  chosen: boolean | null = null;
  /** Of each table that they were made for. */
  private readonly handles = new WeakMap<Dataset, Handles>();
  private isNamed = false;

  constructor(
    private readonly project: LiveProject,
    private readonly reader: Reader,
    private readonly looks: Looks,
    private readonly offered: OfferedItems,
  ) {}

  get on(): boolean {
    return this.chosen ?? this.project.config.review.blind;
  }

  /** The item as it may be seen now. What is told of it more than its picture counts as a look. */
  item(row: number): ReviewItem {
    const { catalog } = this.project;
    if (!this.on) {
      this.looks.note(row);
      return catalog.item(row);
    }
    if (!this.isHidden(row)) this.looks.note(row);
    return this.seen(row);
  }

  /** The same in a blind reading, without a look. */
  private seen(row: number): ReviewItem {
    // What a check found names other images, and what they say.
    const { checks: _, ...item } = this.project.catalog.item(row);
    const sample = this.nameOf(row);
    const key = itemKey(sample, item.finding);
    if (this.isHidden(row)) return hiddenItem(key, sample, item.finding);
    // The path is of all findings of the image: it waits for the last of them.
    if (!this.isSampleOpen(row)) return { ...item, key, sample, path: '', group: '', split: null };
    return { ...item, key, sample };
  }

  /**
   * An image of a list by image. Which of its findings are in doubt tells what the model says of all of them, so it counts
   * as a look at each, and a blind reader is not told.
   * @param items of the image that the list is about
   */
  image(sample: number, items: Int32Array): ReviewItem {
    const { catalog, dataset } = this.project;
    const first = sample * dataset.findings.length;
    if (this.on) {
      const item = this.isSampleOpen(first) ? this.seen(first) : hiddenItem('', this.nameOf(first), '');
      return imageOf(item, []);
    }
    for (let row = first; row < first + dataset.findings.length; row++) this.looks.note(row);
    return catalog.image(sample, items);
  }

  /** What a page may call an image. */
  imageKey(sample: number): ItemKey {
    const { dataset } = this.project;
    return imageKey(this.on ? this.names.of(sample) : (dataset.samples[sample]?.id ?? ''));
  }

  /** The index of the sample with an image's key, or undefined for a key that is none. */
  imageNumber(key: ItemKey): number | undefined {
    const parts = parseItemKey(key);
    return parts?.finding === '' ? this.project.labels.index(this.idOf(parts.sample)) : undefined;
  }

  /** The place of a finding among those of an image; undefined for none. */
  findingNumber(name: string | undefined): number | undefined {
    const place = this.project.dataset.findings.findIndex((finding) => finding.name === name);
    return place < 0 ? undefined : place;
  }

  key(row: number): ItemKey {
    const { catalog, dataset } = this.project;
    if (!this.on) return catalog.key(row);
    const { findings } = dataset;
    return itemKey(this.nameOf(row), findings[row % findings.length]?.name ?? '');
  }

  /** The item with a key that was given to a page, or undefined. */
  itemNumber(key: ItemKey): number | undefined {
    const { catalog } = this.project;
    const parts = parseItemKey(key);
    return parts && catalog.rowsOf(this.idOf(parts.sample), parts.finding)[0];
  }

  /** The id of the sample that a page calls so. */
  idOf(sample: string): string {
    const known = this.made?.sample(sample);
    return (known === undefined ? undefined : this.project.dataset.samples[known]?.id) ?? sample;
  }

  /** What a page may call the sample with this id. */
  nameOfSample(id: string): string {
    const index = this.project.labels.index(id);
    return this.on && index !== undefined ? this.names.of(index) : id;
  }

  /** True while nothing but the picture of the sample may be shown. */
  isSampleHidden(id: string): boolean {
    const [first] = this.project.catalog.rowsOf(id);
    return this.on && first !== undefined && !this.isSampleOpen(first);
  }

  /** Whether a heat map of the sample may be shown: it tells what the model says of the output. */
  mayExplain(id: string, output: string): boolean {
    const { catalog, dataset } = this.project;
    const rows = catalog.rowsOf(id, dataset.task === 'multi-label' ? output : undefined);
    return !this.on || rows.every((row) => !this.isHidden(row));
  }

  /** @param sample the page's own name of it */
  thumbnail(thumbnail: Thumbnail, sample: string): Thumbnail {
    if ('file' in thumbnail) return { ...thumbnail, sample };
    return { sample, error: this.isSampleHidden(thumbnail.sample) ? unreadable : thumbnail.error };
  }

  /** The query that may be asked: no queue, filter or order that tells of labels or predictions. */
  query(query: ItemQuery): ItemQuery {
    const samples = query.samples?.map((sample) => this.idOf(sample));
    if (!this.on) return { ...query, ...(samples ? { samples } : {}) };
    return {
      queue: everything.id,
      splits: query.splits,
      ...(query.finding === undefined ? {} : { finding: query.finding }),
      ...(samples ? { samples } : {}),
      ...(query.batch === undefined ? {} : { batch: query.batch }),
      ...(query.offer === undefined ? {} : { offer: query.offer }),
      ...(query.by === undefined ? {} : { by: query.by }),
      sort: 'path',
      descending: false,
    };
  }

  /** What a query found, in an order that says nothing, and without its confusion. */
  *result(found: QueryResult): Pieces<QueryResult> {
    if (!this.on) return found;
    const { rank } = this.names;
    const findings = this.project.dataset.findings.length;
    const confusion = { labels: [], predicted: [], counts: [] };
    if (found.images) {
      // Which of its findings an image is listed for is hidden.
      const samples = yield* sortingByKey(found.images.samples, (sample) => rank[sample] ?? NaN, false);
      const images = { samples, starts: new Int32Array(samples.length + 1), items: new Int32Array(0) };
      return { rows: images.items, found: found.found, images, confusion };
    }
    const rows = yield* sortingByKey(found.rows, (row) => rank[Math.floor(row / findings)] ?? NaN, false);
    return { rows, found: found.found, images: null, confusion };
  }

  /** Only how many there are: every other count moves when an answer differs from label or prediction. */
  queues(counts: QueueCounts): QueueCounts {
    if (!this.on) return counts;
    const hidden = Object.fromEntries(Object.keys(counts).map((queue) => [queue, null]));
    return { ...(hidden as unknown as QueueCounts), [everything.id]: counts[everything.id] ?? null };
  }

  *groups(): Pieces<readonly DatasetGroup[]> {
    if (!this.on) return yield* this.project.catalog.counting();
    const { assignment } = this.project;
    return (['train', 'validation', 'test'] as const).map((split) => ({
      split,
      name: '',
      samples: assignment.split.filter((one) => one === split).length,
      errors: 0,
      edits: 0,
    }));
  }

  detail(row: number): ItemDetail {
    const { catalog, dataset, labels, config } = this.project;
    const sample = dataset.samples[catalog.sampleOf(row)];
    const all = sample?.metadata ?? {};
    const item = this.item(row);
    const probabilities = (): ItemDetail['probabilities'] => catalog.probabilities(row);
    const readings = (): ItemDetail['readings'] =>
      labels.at(catalog.sampleOf(row), row % dataset.findings.length).readings;
    const history = (): ItemDetail['history'] => (sample ? labels.table.historyOf(sample.id) : []);
    if (!this.on) {
      // The probabilities and the history are of every finding of the image.
      for (const other of catalog.rowsOf(item.sample)) this.looks.note(other);
      return {
        item,
        scores: catalog.scoresOf(row),
        probabilities: probabilities(),
        metadata: all,
        readings: readings(),
        history: history(),
        ...this.findingsOf(row),
      };
    }
    const allowed = new Set(config.review.blind_columns);
    const metadata = this.isSampleOpen(row)
      ? all
      : Object.fromEntries(Object.entries(all).filter(([column]) => allowed.has(column)));
    if (this.isHidden(row))
      return {
        item,
        ...{ scores: [], probabilities: [], metadata, readings: [], history: [] },
        ...this.findingsOf(row),
      };
    const isOpen = dataset.task === 'multi-class' || this.isSampleOpen(row);
    return {
      scores: catalog.scoresOf(row),
      item,
      probabilities: probabilities().filter(({ name }) => isOpen || name === item.finding),
      metadata,
      readings: readings(),
      history: history()
        .filter(({ finding }) => isOpen || finding === item.finding)
        .map((event) => ({ ...event, sample: item.sample })),
      ...this.findingsOf(row),
    };
  }

  /** All findings of the item's image, each as it may be seen. */
  private findingsOf(row: number): Pick<ItemDetail, 'findings'> {
    const { dataset } = this.project;
    if (dataset.task === 'multi-class') return {};
    const first = row - (row % dataset.findings.length);
    return { findings: dataset.findings.map((_, f) => this.item(first + f)) };
  }

  /** Findings that are too rare to judge; none in a blind reading, since their counts move with answers. */
  rare(): readonly RareFinding[] {
    return this.on ? [] : this.project.catalog.rareFindings();
  }

  /** What is told of a change: of items that are hidden (an undo) only how many they are. */
  change(change: LabelChange | null, items: Int32Array): LabelChange | null {
    if (!this.on || change === null || items.every((row) => this.isSampleOpen(row))) return change;
    return { ...change, path: null, to: [] };
  }

  /** @throws OVR412 for an answer that speaks of what is hidden */
  refuseUnseen(op: string, rows: Iterable<number>): void {
    if (!this.on || !['accept', 'keep', 'include'].includes(op)) return;
    for (const row of rows) if (this.isHidden(row)) throw hiddenError(`"${op}" speaks of what is hidden`);
  }

  /** A reader who has had more of an item than its picture does not answer it blind. */
  isBlind(row: number): boolean {
    // What is offered again hides what the reader said before, and everything else.
    if (this.offered.isRepeat(row)) return this.on;
    return this.on && this.heardFrom(row) === 'never' && !this.looks.has(row);
  }

  /** @throws OVR412 where the path of the sample is hidden */
  refuseHiddenPath(id: string): void {
    if (this.isSampleHidden(id)) throw hiddenError('The path of this image is hidden');
  }

  /** True until this reader has answered the item; what was taken back is to be answered again. */
  isHidden(row: number): boolean {
    return this.on && (this.heardFrom(row) !== 'now' || this.offered.isOpen(row));
  }

  private isSampleOpen(row: number): boolean {
    const findings = this.project.dataset.findings.length;
    const first = row - (row % findings);
    for (let other = first; other < first + findings; other++) if (this.isHidden(other)) return false;
    return true;
  }

  private heardFrom(row: number): 'never' | 'before' | 'now' {
    return this.project.labels.heardFrom(row, this.reader.name());
  }

  private nameOf(row: number): string {
    return this.names.of(this.project.catalog.sampleOf(row));
  }

  /** Made when a reading is blind for the first time. */
  private get names(): Handles {
    const { dataset } = this.project;
    if (!this.handles.has(dataset)) atOnce(this.naming(dataset));
    return present(this.handles.get(dataset), 'the names');
  }

  /** Makes the names of a table's samples, beside whatever is asked meanwhile. */
  *naming(dataset: Dataset): Pieces<void> {
    if (this.handles.has(dataset)) return;
    this.handles.set(dataset, yield* Handles.of(dataset, this.reader.mac(), this.project.folder.root));
    this.isNamed = true;
  }

  /** Whether names are needed where the project's settings say this of blind reading. */
  needsNames(byProject: boolean): boolean {
    return this.isNamed || (this.chosen ?? byProject);
  }

  /** The names that were given out, also after the reading was made open again. */
  private get made(): Handles | undefined {
    return this.on || this.isNamed ? this.names : undefined;
  }
}

/** @throws OVR412 while somebody reads blind */
export function refuseBlind({ on }: Pick<BlindReading, 'on'>): void {
  if (!on) return;
  throw new OverreadError({
    code: 'OVR412',
    message: 'While you read blind, what the model and the labels say is not shown',
    fix: 'Turn blind reading off first',
  });
}

/** Of what is hidden the kind of a fault may be said, not the file. */
export function withoutPlace(error: unknown): unknown {
  return error instanceof OverreadError
    ? new OverreadError({ code: error.code, message: unreadable })
    : error;
}

function hiddenError(message: string): OverreadError {
  return new OverreadError({
    code: 'OVR412',
    message,
    fix: 'Answer the image first, or turn blind mode off: answers after a look are marked as such',
  });
}

function hiddenItem(key: ItemKey, sample: string, finding: string): ReviewItem {
  return {
    key,
    sample,
    finding,
    hidden: true,
    path: '',
    split: null,
    group: '',
    given: null,
    value: null,
    source: 'given',
    predicted: null,
    confidence: null,
    p: null,
    threshold: null,
    loss: null,
    outOfFold: false,
    seen: false,
    wrong: false,
    edited: false,
    kept: false,
    excluded: false,
    disputed: false,
    tooRare: false,
  };
}
