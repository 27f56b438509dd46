/** What a change did, in words: how many images have which label now. */
import { fill } from '../texts';
import type { Formatter } from './format';
import type { LabelChange } from '../../src/protocol/engineApi';

/** Different labels that one change is told with; the rest is summed up. */
const mostToldLabels = 3;

/** `image.png → pneumonia`, `Undone: 5 → pneumonia`, `Undone: 3 → pneumonia, 2 → normal`. */
export function describeChange(formatter: Formatter, last: LabelChange, multiLabel: boolean): string {
  const { change } = formatter.strings;
  const told = last.to.slice(0, mostToldLabels);
  const parts = told.map(({ value, previous, excluded, kept, count }) => {
    const label = formatter.label(value, previous, multiLabel);
    const state = excluded ? change.excluded : kept ? fill(change.kept, { label }) : label;
    const what = last.path === null ? formatter.count(count) : formatter.imageName(last.path, 0);
    return fill(change.to, { what, label: state });
  });
  const rest = last.count - told.reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) parts.push(formatter.plural(change.others, rest));
  return fill(change[last.op], { changes: parts.join(', ') });
}
