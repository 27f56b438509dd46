/** The confusion matrix beside the tiles: its cells list their images. Of many classes the top confusions come first. */
import { element, setText } from '../../dom';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { ConfusionList } from './confusionList';
import { MatrixTable, type OnCell } from './matrixTable';
import { topConfusions } from './topConfusions';

/** Of so many classes a matrix is read at a glance. */
const mostAtAGlance = 8;
const mostListed = 12;

/** @param onCell a cell was chosen */
export function createMatrix(formatter: Formatter, onCell: OnCell) {
  const { strings } = formatter;
  const note = element('p', { class: 'muted' });
  const table = new MatrixTable(formatter, onCell);
  const confusions = new ConfusionList(formatter, onCell);
  const heading = element('h2', { text: strings.topConfusions });
  const top = element('div', { class: 'top-confusions', hidden: true }, heading, confusions.root);
  const root = element(
    'section',
    { class: 'matrix', attributes: { 'aria-label': strings.matrix } },
    note,
    top,
    element('div', { class: 'matrix-table' }, table.root),
  );
  let shown: unknown[] = [];

  const update = (state: GridState): void => {
    const { list, query, project } = state;
    root.hidden = !state.matrixOpen || list === null;
    if (root.hidden || list === null) return;
    const { confusion } = list;
    const key = [
      confusion,
      state.matrixStale,
      project?.blind,
      query.given,
      query.predicted,
      project?.latestRun,
    ];
    if (key.every((value, i) => value === shown[i])) return;
    shown = key;
    const text =
      project?.blind === true
        ? strings.matrixBlind
        : project?.latestRun === null || confusion.predicted.length === 0
          ? strings.matrixEmpty
          : '';
    note.hidden = text === '';
    table.root.hidden = text !== '';
    setText(note, text);
    const isLong = text === '' && confusion.predicted.length > mostAtAGlance;
    top.hidden = !isLong;
    confusions.update(state, isLong ? topConfusions(confusion, mostListed) : []);
    if (text === '') table.update(state, confusion);
  };

  return { root, update };
}
