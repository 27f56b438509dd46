/**
 * How far a queue is done in one sitting: of what was listed, how much has left the queue by answers. A sitting begins with a list
 * that is asked for and goes on while the same is listed again: after a live refit, a hidden tab, a look at something else.
 */
import type { ItemList, QueueCounts } from '../../../src/protocol/engineApi';
import type { GridState } from './model';

export interface Sitting {
  readonly queue: string;
  /** The run that the queue goes by; another one makes another queue. */
  readonly run: string | null;
  /** Items that were listed when it began. It stays: what a refit finds or takes away is told where it is pointed at. */
  readonly total: number;
  /** Items that answers of this page, less its undos, have taken out of the queue. More than there were make the total more. */
  readonly answered: number;
}

/**
 * The sitting of a list that has come.
 * @param before the one that may go on; null: it begins
 */
export function sittingOf(
  { project, query }: Pick<GridState, 'project' | 'query'>,
  list: ItemList,
  before: Sitting | null,
): Sitting {
  const run = project?.latestRun ?? null;
  const isSame = before?.queue === query.queue && before.run === run && before.answered > 0;
  return isSame ? before : { queue: query.queue, run, total: list.items, answered: 0 };
}

/** After an edit. A queue that answers fill has nothing answered. */
export function answeredBy<T extends Sitting | null>(
  sitting: T,
  before: QueueCounts,
  after: QueueCounts,
): T | Sitting {
  if (sitting === null) return sitting;
  const [was, is] = [before[sitting.queue], after[sitting.queue]];
  if (typeof was !== 'number' || typeof is !== 'number' || was === is) return sitting;
  const answered = Math.max(0, sitting.answered + was - is);
  return { ...sitting, answered, total: Math.max(sitting.total, answered) };
}

/** One that was saved; null for anything else. */
export function parseSitting(value: unknown): Sitting | null {
  if (typeof value !== 'object' || value === null) return null;
  const { queue, run, total, answered } = value as Readonly<Record<string, unknown>>;
  const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= 0;
  if (typeof queue !== 'string' || !isCount(total) || !isCount(answered) || answered > total) return null;
  return { queue, run: typeof run === 'string' ? run : null, total, answered };
}
