/** Numbers of several lists as one. */
import { ofRanges, type Pieces } from './pieces';

/** Fewer are put in order by themselves: to look at every number that there may be takes longer. */
const few = 4096;

/**
 * The numbers of all lists, each once, ascending. In pieces, of which each list is one.
 * @param end above every number; at least 0
 */
export function* unionOf(end: number, lists: readonly (readonly number[])[]): Pieces<number[]> {
  if (lists.reduce((sum, { length }) => sum + length, 0) < few) {
    return [...new Set(lists.flat())].sort((a, b) => a - b);
  }
  const isIn = new Uint8Array(end);
  for (const list of lists) {
    for (const number of list) isIn[number] = 1;
    yield;
  }
  const union: number[] = [];
  yield* ofRanges(end, (from, to) => {
    for (let number = from; number < to; number++) if (isIn[number] === 1) union.push(number);
  });
  return union;
}
