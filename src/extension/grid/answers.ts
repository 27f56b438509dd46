/** Turns the reviewer's answer on tiles into label edits, with what was shown kept beside each. */
import type { ItemKey, LabelEdit, LabelValue, Queue, ReviewItem, Task } from '../../protocol/engineApi';
import type { GridEdit } from '../../protocol/gridApi';

/** What surrounds an answer. */
export interface AnswerContext {
  readonly task: Task;
  /** The run whose opinion was shown. */
  readonly run: string | null;
  readonly queue: Queue | undefined;
  /** Position of an item in the list that was shown, from 0; undefined where it was never shown. */
  readonly rank: (key: ItemKey) => number | undefined;
}

/** The edits of one answer, in the order of the items; items it cannot apply to are left out. */
export function labelEdits(
  answer: GridEdit,
  items: readonly ReviewItem[],
  context: AnswerContext,
): LabelEdit[] {
  const edits: LabelEdit[] = [];
  for (const item of items) {
    const change = changeOf(answer, item, context.task);
    if (!change) continue;
    edits.push({
      ...change,
      sample: item.sample,
      shown: shownOf(answer, item, context),
      ...(context.run === null ? {} : { run: context.run }),
      ...(answer.reason === undefined ? {} : { reason: answer.reason }),
      ...(answer.ms === undefined ? {} : { ms: answer.ms }),
    });
  }
  return edits;
}

type LabelChange = Pick<LabelEdit, 'op' | 'finding' | 'value'>;

function changeOf(answer: GridEdit, item: ReviewItem, task: Task): LabelChange | undefined {
  const set = (value: LabelValue): LabelChange => ({ op: 'set', finding: item.finding, value });
  switch (answer.op) {
    case 'set':
      return set(answer.value ?? null);
    case 'accept':
      return item.predicted === null ? undefined : set(item.predicted);
    case 'uncertain':
      return set('uncertain');
    case 'keep':
      return { op: 'keep', finding: item.finding };
    case 'exclude':
    case 'include':
      // multi-class: an image that should not count. multi-label: the finding alone cannot be told on it.
      return task === 'multi-class' ? { op: answer.op } : { op: answer.op, finding: item.finding };
  }
}

function shownOf(
  answer: GridEdit,
  item: ReviewItem,
  context: AnswerContext,
): NonNullable<LabelEdit['shown']> {
  const blind = answer.blind === true;
  const rank = context.rank(item.key);
  return {
    blind,
    ...(context.queue === undefined ? {} : { queue: context.queue }),
    ...(rank === undefined ? {} : { rank }),
    ...(blind || item.loss === null ? {} : { score: item.loss }),
    ...(blind || item.predicted === null ? {} : { suggestion: item.predicted }),
  };
}
