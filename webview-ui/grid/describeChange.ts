/** What a change did, in words: how many images have which label now. */
import { fill } from '../texts';
import type { Formatter } from './format';
import type { LabelChange } from '../../src/protocol/engineApi';

/** Different labels that one change is told with; the rest is summed up. */
const mostToldLabels = 3;

/** `image.png → pneumonia`, `Undone: 5 images → pneumonia`, `Undone: 3 images → pneumonia, 2 images → normal`. */
export function describeChange(formatter: Formatter, last: LabelChange, multiLabel: boolean): string {
  const { change } = formatter.strings;
  const told = last.to.slice(0, mostToldLabels);
  const parts = told.map(({ value, previous, excluded, kept, count }) => {
    const label = formatter.label(value, previous, multiLabel);
    const state = excluded ? change.excluded : kept ? fill(change.kept, { label }) : label;
    const one = last.path === null ? '' : formatter.imageName(last.path, 0);
    const { finding } = last.query;
    const named = finding === undefined || one === '' ? one : fill(change.findingOf, { finding, name: one });
    const what = named === '' ? formatter.units(count, multiLabel) : named;
    return fill(change.to, { what, label: state });
  });
  const rest = last.count - told.reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) parts.push(fill(change.others, { count: formatter.units(rest, multiLabel) }));
  return fill(change[last.op], { changes: parts.join(', ') });
}
