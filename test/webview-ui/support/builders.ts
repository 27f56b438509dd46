/** Builders of what tests of the page need; every field has a plain value unless it is given. */
import type {
  EditOutcome,
  ItemList,
  LabelChange,
  ProjectSummary,
  ReviewItem,
} from '../../../src/protocol/engineApi';
import { describeQueues, queueTable } from '../../../src/core/review/queues';
import { describeScores, scoreTable } from '../../../src/core/review/scores';
import { initialState, type GridState } from '../../../webview-ui/grid/state/model';

export function item(n: number, fields: Partial<ReviewItem> = {}): ReviewItem {
  return {
    key: `s${n}`,
    sample: `s${n}`,
    finding: 'class',
    hidden: false,
    path: `images/s${n}.png`,
    split: 'train',
    group: `p${n}`,
    given: 'normal',
    value: 'normal',
    source: 'given',
    predicted: 'effusion',
    confidence: 0.9,
    p: 0.9,
    threshold: null,
    loss: 2.3,
    outOfFold: true,
    seen: false,
    wrong: true,
    edited: false,
    kept: false,
    excluded: false,
    disputed: false,
    tooRare: false,
    ...fields,
  };
}

export function project(fields: Partial<ProjectSummary> = {}): ProjectSummary {
  return {
    root: '/project',
    thumbnails: '/cache/thumbnails',
    checks: null,
    checksFile: '/cache/checks.json',
    name: 'project',
    task: 'multi-class',
    findings: [{ name: 'class', values: ['normal', 'effusion'], uncertain: 'masked', unmentioned: 'masked' }],
    valuesByKey: [['normal', 'effusion']],
    samples: 100,
    metadataColumns: [],
    groups: [],
    blind: false,
    blindByProject: false,
    queueInfos: describeQueues(queueTable, scoreTable, 'multi-class'),
    savedQueues: [],
    sortInfos: describeScores(scoreTable),
    reviewedSplits: ['train', 'validation'],
    rare: [],
    testLooks: 0,
    queues: {
      errors: 3,
      'confident-errors': 1,
      disputed: 0,
      edited: 0,
      uncertain: 0,
      unlabelled: 0,
      all: 100,
    },
    latestRun: 'run',
    comparedRun: null,
    live: { on: false, failure: null },
    suspects: { busy: false, byRun: null, failure: null },
    weights: { name: 'densenet121.tv_in1k', random: false },
    editsSinceRun: 0,
    annotator: 'A. Reader',
    problems: [],
    ...fields,
  };
}

export function itemList(list: string, total: number): ItemList {
  return { list, total, items: total, confusion: { labels: [], predicted: [], counts: [] } };
}

/** A change of these items to one label. */
export function change(items: readonly ReviewItem[], fields: Partial<LabelChange> = {}): LabelChange | null {
  const [first] = items;
  if (!first) return null;
  const { value, excluded, kept } = first;
  return {
    op: 'edit',
    count: items.length,
    path: items.length === 1 ? first.path : null,
    to: [{ value, excluded, kept, count: items.length }],
    query: { queue: 'all', splits: ['train'], batch: 'b', sort: 'path', descending: false },
    ...fields,
  };
}

export function outcome(items: readonly ReviewItem[], fields: Partial<EditOutcome> = {}): EditOutcome {
  return {
    batch: 'b',
    op: 'edit',
    change: change(items, { op: fields.op ?? 'edit' }),
    items,
    queues: {
      errors: 2,
      'confident-errors': 1,
      disputed: 0,
      edited: 1,
      uncertain: 0,
      unlabelled: 0,
      all: 100,
    },
    queuesBefore: {
      errors: 3,
      'confident-errors': 1,
      disputed: 0,
      edited: 0,
      uncertain: 0,
      unlabelled: 0,
      all: 100,
    },
    editsSinceRun: 1,
    canUndo: true,
    canRedo: false,
    ...fields,
  };
}

export function state(fields: Partial<GridState> = {}): GridState {
  return {
    ...initialState,
    phase: 'ready',
    project: project(),
    settings: { ...initialState.settings, readOnly: false },
    ...fields,
  };
}
