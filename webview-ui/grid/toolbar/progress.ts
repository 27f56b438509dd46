/** How far the queue is done: "11 of 97", in words where it is pointed at. */
import { element, setText } from '../../dom';
import type { ProjectSummary, QueueInfo } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { isByImage, isFiltered, queueOf, savedOn, shownQuery, wholeQueue } from '../state/queries';
import type { Sitting } from '../state/sitting';

export function createProgress(formatter: Formatter) {
  const { strings } = formatter;
  const name = element('span', { class: 'queue-name' });
  const counts = element('span', { class: 'counts', attributes: { 'data-test': 'counts' } });
  const root = element('span', { class: 'queue-face', attributes: { slot: 'selected-value' } }, name, counts);

  const inWords = (state: GridState, project: ProjectSummary, queue: QueueInfo, sitting: Sitting): string => {
    const words = countedInWords(state, project, queue, sitting);
    // Of images with several findings both are counted, each by its name.
    if (!isByImage(state)) return words;
    const images = formatter.units(state.list?.total ?? 0, false);
    return fill(strings.findings.listed, { images, findings: words });
  };

  /** A list keeps what was answered since; then it is no longer what the queue counts, and is not called so. */
  const countedInWords = (
    state: GridState,
    project: ProjectSummary,
    queue: QueueInfo,
    { total, answered }: Sitting,
  ): string => {
    const open = project.queues[queue.id];
    const ofFilter = isFiltered(shownQuery(state), project.reviewedSplits);
    const whole = wholeQueue(project);
    const isFull = answered === 0 && (ofFilter || open === total);
    // A blind reading is told of the whole alone.
    if (isFull || !whole || typeof open !== 'number') return formatter.plural(queue.counted, total);
    const listed = fill(strings.listed, { items: formatter.plural(whole.counted, total) });
    if (answered === 0) return listed;
    const done = { listed, done: formatter.count(answered) };
    // What a refit moved, or somebody else answered, is neither answered nor open.
    return ofFilter || open === total - answered
      ? fill(strings.answeredOf, done)
      : fill(strings.answeredAndOpen, { ...done, open: formatter.count(open) });
  };

  /** As many as there were; at its end with what a refit has found meanwhile: nothing is called done that is not. */
  const totalOf = (
    state: GridState,
    project: ProjectSummary,
    queue: QueueInfo,
    { total, answered }: Sitting,
  ): number => {
    const open = project.queues[queue.id];
    const ofFilter = isFiltered(shownQuery(state), project.reviewedSplits);
    return answered < total || answered === 0 || ofFilter || typeof open !== 'number'
      ? total
      : answered + open;
  };

  /** `97 findings`, where what is listed are images. */
  const unit = (state: GridState, total: number): string =>
    isByImage(state) ? ` ${formatter.plural(strings.findings.unit, total)}` : '';

  const update = (state: GridState): void => {
    const { project, list, sitting } = state;
    const queue = project && queueOf(project, shownQuery(state));
    if (project === null || !queue) return;
    setText(name, savedOn(project, shownQuery(state))?.name ?? queue.title);
    root.classList.toggle('of-findings', isByImage(state));
    if (list === null || sitting === null) {
      setText(counts, '');
      counts.title = '';
      return;
    }
    const { answered } = sitting;
    const total = totalOf(state, project, queue, sitting);
    const [all, part] = [formatter.count(total), formatter.count(answered)];
    const progress = answered === 0 ? all : fill(strings.progress, { done: part, total: all });
    setText(counts, progress + unit(state, total));
    counts.title = inWords(state, project, queue, sitting);
  };
  return { root, update };
}
