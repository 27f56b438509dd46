/** A synthetic project in memory that answers as the engine would: enough for the page, and nothing of it real. */
import type {
  ConfusionCounts,
  EditOutcome,
  ItemDetail,
  ItemKey,
  ItemQuery,
  LabelEvent,
  LabelChange,
  LabelValue,
  ProjectSummary,
  QueueCounts,
  ReviewItem,
} from '../../../src/protocol/engineApi';
import { describeQueues, queueTable } from '../../../src/core/review/queues';
import { describeScores, scoreTable } from '../../../src/core/review/scores';
import type { GridEdit } from '../../../src/protocol/gridApi';

export interface FakeOptions {
  readonly images: number;
  readonly classes: readonly string[];
  readonly findings: readonly string[];
  readonly run: boolean;
  readonly randomWeights?: boolean;
  readonly seed: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type FakeItem = Mutable<ReviewItem>;

/** mulberry32: small and seeded. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class FakeProject {
  readonly items: FakeItem[] = [];
  readonly byKey = new Map<ItemKey, FakeItem>();
  readonly history: LabelEvent[] = [];
  private readonly touched = new Map<string, ReadonlySet<ItemKey>>();
  private readonly done: { readonly before: readonly FakeItem[]; readonly keys: readonly ItemKey[] }[] = [];
  private readonly undone: { readonly after: readonly FakeItem[]; readonly keys: readonly ItemKey[] }[] = [];
  private readonly next: () => number;
  private batches = 0;
  run: string | null;

  constructor(readonly options: FakeOptions) {
    this.next = random(options.seed);
    this.run = options.run ? '20260101T120000-first' : null;
    const perSample = options.findings.length > 0 ? options.findings : ['class'];
    for (let i = 0; i < options.images; i++) {
      const path = `site${(i % 3) + 1}/patient-${String(Math.floor(i / 2)).padStart(5, '0')}/image-${String(i).padStart(6, '0')}.png`;
      for (const finding of perSample) this.add(i, path, finding);
    }
    this.train();
  }

  blind = false;
  private readonly answered = new Set<string>();

  /** As the engine lets it go: of what is hidden nothing but its picture. */
  seen(item: FakeItem): ReviewItem {
    if (!this.blind || this.answered.has(item.key)) return { ...item };
    const nothing = { path: '', split: null, group: '', given: null, value: null, predicted: null };
    const figures = {
      confidence: null,
      p: null,
      threshold: null,
      loss: null,
      wrong: false,
      outOfFold: false,
    };
    return { ...item, ...nothing, ...figures, hidden: true, edited: false, kept: false, disputed: false };
  }

  /** What the reader has answered is hidden no more. */
  answer(keys: readonly string[]): void {
    for (const key of keys) this.answered.add(key);
  }

  get multiLabel(): boolean {
    return this.options.findings.length > 0;
  }

  private get values(): readonly string[] {
    return this.multiLabel ? ['0', '1', 'uncertain'] : this.options.classes;
  }

  private add(i: number, path: string, finding: string): void {
    const outputs = this.multiLabel ? ['0', '1'] : this.options.classes;
    const given = outputs[Math.floor(this.next() * outputs.length)] ?? null;
    const split = i % 10 === 0 ? 'test' : i % 10 === 1 ? 'validation' : 'train';
    const item: FakeItem = {
      key: keyOf(path, finding),
      sample: path,
      finding,
      hidden: false,
      path,
      split,
      group: `patient-${Math.floor(i / 2)}`,
      given,
      value: given,
      source: 'given',
      predicted: null,
      confidence: null,
      p: null,
      threshold: this.multiLabel ? 0.35 : null,
      loss: null,
      outOfFold: split === 'train',
      seen: false,
      wrong: false,
      edited: false,
      kept: false,
      excluded: false,
      disputed: i % 53 === 7,
      tooRare: false,
    };
    this.items.push(item);
    this.byKey.set(item.key, item);
  }

  /** A new run: new opinions. */
  train(): void {
    if (this.run === null) return;
    const outputs = this.multiLabel ? ['0', '1'] : this.options.classes;
    for (const item of this.items) {
      const wrong = this.next() < 0.18;
      const others = outputs.filter((value) => value !== item.value);
      item.predicted = wrong ? (others[Math.floor(this.next() * others.length)] ?? null) : item.value;
      item.confidence = 0.5 + 0.5 * this.next();
      item.p = this.multiLabel && item.predicted === '0' ? 1 - item.confidence : item.confidence;
      item.loss = wrong ? -Math.log(1.001 - item.confidence) : -Math.log(item.confidence);
      item.wrong = wrong;
      item.edited = false;
    }
  }

  summary(): ProjectSummary {
    return {
      root: '/projects/phantoms',
      thumbnails: '/cache/thumbnails',
      name: 'phantoms',
      task: this.multiLabel ? 'multi-label' : 'multi-class',
      findings: this.multiLabel
        ? this.options.findings.map((name) => ({
            name,
            values: this.values,
            uncertain: 'masked',
            unmentioned: 'negative',
          }))
        : [{ name: 'class', values: this.values, uncertain: 'masked', unmentioned: 'masked' }],
      valuesByKey: (this.multiLabel ? this.options.findings : ['class']).map(() =>
        this.multiLabel ? ['1', '0', 'uncertain'] : this.values,
      ),
      samples: this.options.images,
      metadataColumns: ['age', 'sex', 'view_position'],
      groups: [],
      blind: this.blind,
      blindByProject: false,
      queueInfos: describeQueues(queueTable, scoreTable, this.multiLabel ? 'multi-label' : 'multi-class'),
      sortInfos: describeScores(scoreTable),
      reviewedSplits: ['train', 'validation'],
      testLooks: 0,
      queues: this.queues(),
      latestRun: this.run,
      weights:
        this.run === null
          ? null
          : { name: 'densenet121.tv_in1k', random: this.options.randomWeights === true },
      editsSinceRun: this.done.length,
      annotator: 'A. Reader',
      problems: [],
    };
  }

  query(query: ItemQuery): { readonly rows: readonly FakeItem[]; readonly confusion: ConfusionCounts } {
    if (query.where !== undefined && !/^\s*p\s*[<>]/.test(query.where)) {
      throw Object.assign(
        new Error(`Column "${query.where.split(' ')[0] ?? ''}" is not one of the table's`),
        {
          code: 'OVR901',
        },
      );
    }
    const splits = new Set(query.splits);
    const base = this.items.filter(
      (item) =>
        (splits.size === 0 || (item.split !== null && splits.has(item.split))) &&
        (query.finding === undefined || item.finding === query.finding) &&
        (query.samples === undefined || query.samples.includes(item.sample)) &&
        (query.batch === undefined || this.touched.get(query.batch)?.has(item.key) === true) &&
        (query.where === undefined || (item.p ?? 0) > 0.9),
    );
    const rows = base.filter(
      (item) =>
        inQueue(item, query.queue) &&
        (query.given === undefined || query.given.includes(item.value ?? '')) &&
        (query.predicted === undefined || query.predicted.includes(item.predicted ?? '')),
    );
    const key = (item: FakeItem): number | string =>
      query.sort === 'loss'
        ? (item.loss ?? 0)
        : query.sort === 'confidence'
          ? (item.confidence ?? 0)
          : query.sort === 'class'
            ? (item.value ?? '')
            : item.path;
    const sign = query.descending ? -1 : 1;
    if (query.sort !== 'path' || query.descending) {
      rows.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
    }
    return { rows, confusion: this.confusion(base) };
  }

  detail(key: ItemKey): ItemDetail {
    const item = this.find(key);
    const names = this.multiLabel ? this.options.findings : this.options.classes;
    const p = item.confidence ?? 0;
    return {
      item: { ...item },
      scores: item.loss === null ? [] : [{ id: 'loss', title: 'Loss', format: 'decimal', value: item.loss }],
      probabilities:
        item.predicted === null
          ? []
          : names.map((name) => ({
              name,
              p: this.multiLabel
                ? (this.byKey.get(keyOf(item.sample, name))?.p ?? 0)
                : name === item.predicted
                  ? p
                  : (1 - p) / Math.max(1, names.length - 1),
            })),
      metadata: { age: '63', sex: 'F', view_position: 'PA' },
      history: this.history.filter((event) => event.sample === item.sample),
    };
  }

  /** @param all the items of the list on show */
  edit(edit: GridEdit, all: readonly FakeItem[]): EditOutcome {
    const items = edit.items === 'all' ? all : edit.items.map((key) => this.find(key));
    this.done.push({ before: items.map((item) => ({ ...item })), keys: items.map(({ key }) => key) });
    this.undone.length = 0;
    for (const item of items) {
      const previous = item.value;
      apply(item, edit);
      this.history.push({
        v: 1,
        id: `event-${this.history.length}`,
        batch: `batch-${this.batches}`,
        time: '2026-01-02T03:04:05.678Z',
        annotator: 'A. Reader',
        role: 'reader',
        op: edit.op === 'accept' || edit.op === 'uncertain' ? 'set' : edit.op,
        sample: item.sample,
        finding: item.finding,
        value: item.value,
        previous,
        ...(edit.reason === undefined ? {} : { reason: edit.reason }),
      });
    }
    return this.outcome('edit', items);
  }

  undo(): EditOutcome {
    const batch = this.done.pop();
    if (!batch) throw Object.assign(new Error('There is nothing to undo'), { code: 'OVR403' });
    const items = batch.keys.map((key) => this.find(key));
    this.undone.push({ after: items.map((item) => ({ ...item })), keys: batch.keys });
    items.forEach((item, i) => Object.assign(item, batch.before[i]));
    return this.outcome('undo', items);
  }

  redo(): EditOutcome {
    const batch = this.undone.pop();
    if (!batch) throw Object.assign(new Error('There is nothing to redo'), { code: 'OVR403' });
    const items = batch.keys.map((key) => this.find(key));
    this.done.push({ before: items.map((item) => ({ ...item })), keys: batch.keys });
    items.forEach((item, i) => Object.assign(item, batch.after[i]));
    return this.outcome('redo', items);
  }

  private outcome(op: EditOutcome['op'], items: readonly FakeItem[]): EditOutcome {
    this.batches += 1;
    this.touched.set(`batch-${this.batches}`, new Set(items.map(({ key }) => key)));
    return {
      batch: `batch-${this.batches}`,
      op,
      change: changeOf(op, items, `batch-${this.batches}`),
      items: items.map((item) => ({ ...item })),
      queues: this.queues(),
      editsSinceRun: this.done.length,
      canUndo: this.done.length > 0,
      canRedo: this.undone.length > 0,
    };
  }

  private queues(): QueueCounts {
    const count = (queue: ItemQuery['queue']): number =>
      this.items.filter((item) => inQueue(item, queue)).length;
    return {
      errors: count('errors'),
      'confident-errors': count('confident-errors'),
      disputed: count('disputed'),
      edited: count('edited'),
      uncertain: count('uncertain'),
      unlabelled: count('unlabelled'),
      all: this.items.length,
    };
  }

  private confusion(items: readonly FakeItem[]): ConfusionCounts {
    const labels = this.multiLabel ? ['0', '1'] : this.options.classes;
    if (this.run === null) return { labels, predicted: [], counts: [] };
    const counts = labels.map(() => labels.map(() => 0));
    for (const item of items) {
      const row = counts[labels.indexOf(item.value ?? '')];
      const column = labels.indexOf(item.predicted ?? '');
      if (row && column !== -1) row[column] = (row[column] ?? 0) + 1;
    }
    return { labels, predicted: labels, counts };
  }

  private find(key: ItemKey): FakeItem {
    const item = this.byKey.get(key);
    if (!item) throw Object.assign(new Error('There is no such item'), { code: 'OVR400' });
    return item;
  }
}

function changeOf(op: EditOutcome['op'], items: readonly FakeItem[], batch: string): LabelChange | null {
  const [first] = items;
  if (!first) return null;
  const groups = new Map<string, LabelChange['to'][number]>();
  for (const { value, excluded, kept } of items) {
    const name = JSON.stringify([value, excluded, kept]);
    groups.set(name, { value, excluded, kept, count: (groups.get(name)?.count ?? 0) + 1 });
  }
  const to = [...groups.values()].sort((a, b) => b.count - a.count);
  const isOne = items.length === 1;
  return {
    op,
    count: items.length,
    path: isOne ? first.path : null,
    to: isOne && first.previous !== undefined ? to.map((one) => ({ ...one, previous: first.previous! })) : to,
    query: {
      queue: 'all',
      splits: [...new Set(items.map(({ split }) => split))].filter((split) => split !== null),
      batch,
      ...(first.finding !== 'class' && items.every(({ finding }) => finding === first.finding)
        ? { finding: first.finding }
        : {}),
      sort: 'path',
      descending: false,
    },
  };
}

/** As the engine's keys are: percent-encoded parts. */
function keyOf(sample: string, finding: string): ItemKey {
  return `${encodeURIComponent(finding)}/${encodeURIComponent(sample)}`;
}

function apply(item: FakeItem, edit: GridEdit): void {
  if (edit.op === 'exclude' || edit.op === 'include') item.excluded = edit.op === 'exclude';
  else if (edit.op === 'keep') item.kept = true;
  else {
    const value: LabelValue =
      edit.op === 'set' ? (edit.value ?? null) : edit.op === 'accept' ? item.predicted : 'uncertain';
    if (value === 'uncertain') item.previous = item.previous ?? item.value;
    else delete item.previous;
    item.value = value;
    item.edited = true;
    item.source = 'reading';
    item.wrong = item.predicted !== null && value !== item.predicted && value !== 'uncertain';
  }
}

function inQueue(item: FakeItem, queue: ItemQuery['queue']): boolean {
  switch (queue) {
    case 'errors':
      return item.wrong && !item.kept && !item.excluded;
    case 'confident-errors':
      return item.wrong && !item.kept && !item.excluded && (item.confidence ?? 0) > 0.9;
    case 'disputed':
      return item.disputed;
    case 'edited':
      return item.edited;
    case 'uncertain':
      return item.value === 'uncertain';
    case 'unlabelled':
      return item.value === null;
    default:
      return true;
  }
}
