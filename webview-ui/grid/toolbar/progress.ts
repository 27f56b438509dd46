/** How far the queue is done: "11 of 97", in words where it is pointed at. */
import { element, setText } from '../../dom';
import type { ProjectSummary, QueueInfo } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { isByImage, isFiltered, queueOf, savedOn, shownQuery, wholeQueue } from '../state/queries';

export function createProgress(formatter: Formatter) {
  const { strings } = formatter;
  const name = element('span', { class: 'queue-name' });
  const counts = element('span', { class: 'counts', attributes: { 'data-test': 'counts' } });
  const root = element('span', { class: 'queue-face', attributes: { slot: 'selected-value' } }, name, counts);
  let listed: GridState['list'] = null;
  /** What the queue counted when the list was made. */
  let countedThen: number | null | undefined;

  /** A list keeps what was answered since; then it is no longer what the queue counts, and is not called so. */
  const inWords = (state: GridState, project: ProjectSummary, queue: QueueInfo, total: number): string => {
    const words = countedInWords(state, project, queue, total);
    // Of images with several findings both are counted, each by its name.
    if (!isByImage(state)) return words;
    const images = formatter.units(state.list?.total ?? 0, false);
    return fill(strings.findings.listed, { images, findings: words });
  };

  const countedInWords = (
    state: GridState,
    project: ProjectSummary,
    queue: QueueInfo,
    total: number,
  ): string => {
    const counted = project.queues[queue.id];
    const isFull = isFiltered(shownQuery(state), project.reviewedSplits)
      ? counted === countedThen
      : counted === total;
    const whole = wholeQueue(project);
    // A blind reading is told of the whole alone.
    if (isFull || !whole || typeof counted !== 'number') return formatter.plural(queue.counted, total);
    return fill(strings.listed, { items: formatter.plural(whole.counted, total) });
  };

  /** `97 findings`, where what is listed are images. */
  const unit = (state: GridState): string =>
    isByImage(state) ? ` ${formatter.plural(strings.findings.unit, state.list?.items ?? 0)}` : '';

  /** What has left the queue since it was listed; never of a queue that answers fill. */
  const doneOf = (project: ProjectSummary, queue: QueueInfo, total: number): number => {
    const counted = project.queues[queue.id];
    if (typeof counted !== 'number' || typeof countedThen !== 'number') return 0;
    return Math.min(total, Math.max(0, countedThen - counted));
  };

  const update = (state: GridState): void => {
    const { project, list } = state;
    const queue = project && queueOf(project, shownQuery(state));
    if (project === null || !queue) return;
    if (list !== listed) {
      listed = list;
      countedThen = project.queues[queue.id];
    }
    setText(name, savedOn(project, shownQuery(state))?.name ?? queue.title);
    root.classList.toggle('of-findings', isByImage(state));
    const total = list?.items ?? 0;
    const done = doneOf(project, queue, total);
    const [all, part] = [formatter.count(total), formatter.count(done)];
    setText(
      counts,
      list === null
        ? ''
        : (done === 0 ? all : fill(strings.progress, { done: part, total: all })) + unit(state),
    );
    counts.title = list === null ? '' : inWords(state, project, queue, total);
  };
  return { root, update };
}
