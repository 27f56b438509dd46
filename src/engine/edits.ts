/** Edits of labels: an answer, an undo, a redo, each on disk before it is told what came of it. */
import { inTurns, type Pieces } from '../core/base/pieces';
import { normaliseAnnotator } from '../core/labels/annotator';
import { answerEdits, answeringEdits } from '../core/labels/answers';
import { none } from '../core/labels/batches';
import { appendEdits, appendRedo, appendUndo } from '../core/labels/log';
import type { Annotator, LabelEdit, LabelEvent } from '../core/labels/model';
import { standingValue } from '../core/labels/prepare';
import { findingItems, summariseChange } from '../core/review/labelChange';
import type { AnswerRequest, EditOutcome } from '../protocol/engineApi';
import { answeredRows, answerTargets } from './answers';
import { refuseBlind } from './blindReading';
import { knownSamples } from './findings';
import type { ItemLists } from './itemLists';
import type { Open, OpenProjects } from './openProjects';
import { countsOf } from './summaries';

/** Of a larger change only the items that a page may have are told. */
const mostTold = 2000;

export class Edits {
  constructor(
    private readonly projects: OpenProjects,
    private readonly lists: ItemLists,
  ) {}

  /** @throws OVR406 nobody is named; OVR412 a blind answer that speaks of what is hidden; OVR005 an untrusted workspace */
  async answer(open: Open, request: AnswerRequest): Promise<EditOutcome> {
    const { project } = open;
    const { catalog, labels } = project;
    project.folder.refuseUntrusted();
    const list = this.lists.find(project.root, request.list);
    const rows = answeredRows(open.blind, request, list);
    open.blind.refuseUnseen(request.op, rows);
    const targets = answerTargets(catalog, rows, list, {
      isBlind: (row) => open.blind.isBlind(row),
      isLive: project.isLive,
      offered: open.offered,
    });
    // The project's turn is held: nobody changes its labels meanwhile.
    const edits = await inTurns(answeringEdits(labels, request, targets, project.run?.record.run));
    const annotator = await this.projects.annotator(open, request.role);
    return this.append(open, annotator, edits);
  }

  /** Leaves whole samples out, all findings of each. @throws OVR400, OVR406, OVR412; OVR005 an untrusted workspace */
  async exclude(open: Open, samples: readonly string[], reason: string): Promise<EditOutcome> {
    const { project } = open;
    refuseBlind(open.blind);
    project.folder.refuseUntrusted();
    const { labels } = project;
    const targets = knownSamples(open, samples).map((sample) => ({ sample, shown: { blind: false } }));
    const edits = answerEdits(labels, { op: 'exclude', reason }, targets, project.run?.record.run);
    const annotator = await this.projects.annotator(open, undefined);
    return this.append(open, annotator, edits);
  }

  /** Writes edits as one batch, and tells what they changed. */
  private async append(open: Open, annotator: Annotator, edits: readonly LabelEdit[]): Promise<EditOutcome> {
    const { root, labels, reader, folder } = open.project;
    const events = await appendEdits(root, annotator, edits, (edit) => standingValue(labels, edit), {
      reader,
      folder,
      actsOn: (id) => labels.idsWith(id),
    });
    return this.outcome(open, events, 'edit');
  }

  /** Takes the reader's last edit back, or makes it again. @throws OVR403 there is none */
  async reverse(open: Open, op: 'undo' | 'redo'): Promise<EditOutcome> {
    const { project } = open;
    project.folder.refuseUntrusted();
    const append = op === 'undo' ? appendUndo : appendRedo;
    const annotator = await this.projects.annotator(open, undefined);
    const events = await append(project.root, annotator, {
      reader: project.reader,
      folder: project.folder,
    });
    return this.outcome(open, events, op);
  }

  private async outcome(
    open: Open,
    events: readonly LabelEvent[],
    op: EditOutcome['op'],
  ): Promise<EditOutcome> {
    const { project } = open;
    const queuesBefore = countsOf(open).queues;
    if (await project.takeUpLabels(events.length)) {
      open.newLabels = true;
      this.projects.tell(open, ['labels']);
    }
    open.live.labelsChanged();
    open.finetunes.warmSoon();
    // What a large batch changed stands; what came of it is told in turns of the event loop.
    return inTurns(this.telling(open, events, op, queuesBefore));
  }

  private *telling(
    open: Open,
    events: readonly LabelEvent[],
    op: EditOutcome['op'],
    queuesBefore: EditOutcome['queuesBefore'],
  ): Pieces<EditOutcome> {
    const { project } = open;
    const name = normaliseAnnotator(open.annotator ?? '');
    const history = project.reader.undoHistory(name);
    const { catalog, labels } = project;
    const [first] = events;
    const canUndo = history.next('undo') !== none;
    const canRedo = history.next('redo') !== none;
    yield;
    const items = yield* findingItems(labels, events);
    const offer = open.offered.take(op, items);
    const isGiven = this.lists.isGiven(project.root);
    const told = items.length <= mostTold ? items : items.filter(isGiven);
    yield;
    const mates = yield* catalog.checkedTogether(items);
    yield;
    const own = new Set(items);
    yield;
    const others = mates.filter((row) => !own.has(row) && isGiven(row)).slice(0, mostTold);
    yield;
    const target = first?.target ?? first?.batch ?? '';
    const change = open.blind.change(summariseChange(catalog, labels, op, items, target), items);
    yield;
    return {
      batch: first?.batch ?? '',
      op,
      change,
      items: Array.from(told, (row) => open.blind.item(row)),
      ...countsOf(open),
      queuesBefore,
      canUndo,
      canRedo,
      ...(offer === undefined ? {} : { offer }),
      ...(others.length === 0 ? {} : { others: others.map((row) => open.blind.item(row)) }),
    };
  }
}
