import { describe, expect, it } from 'vitest';
import { answeredBy, parseSitting, sittingOf, type Sitting } from '../../webview-ui/grid/state/sitting';
import { itemList, state } from './support/builders';

const errors = state({ query: { ...state().query, queue: 'errors' } });
const begun: Sitting = { queue: 'errors', run: 'run', total: 97, answered: 11 };
const counts = (n: number | null) => ({ errors: n, edited: 3 });

describe('a sitting', () => {
  it('begins with what is listed, of another queue or run too', () => {
    const fresh = { queue: 'errors', run: 'run', total: 40, answered: 0 };
    expect(sittingOf(errors, itemList('a', 40), null)).toEqual(fresh);
    expect(sittingOf(errors, itemList('a', 40), { ...begun, queue: 'uncertain' })).toEqual(fresh);
    expect(sittingOf(errors, itemList('a', 40), { ...begun, run: 'before' })).toEqual(fresh);
    // Nothing was answered in it: what is listed now is all that there is to answer.
    expect(sittingOf(errors, itemList('a', 40), { ...begun, answered: 0 })).toEqual(fresh);
  });

  it.each([
    ['as many are listed as are still open', 86],
    ['a refit took some away', 70],
    ['a refit found others', 90],
  ])('goes on with its total where %s', (_, listed) => {
    expect(sittingOf(errors, itemList('a', listed), begun)).toEqual(begun);
  });

  it('counts what an edit takes out of its queue, and what an undo brings back', () => {
    expect(answeredBy(begun, counts(86), counts(85)).answered).toBe(12);
    expect(answeredBy(begun, counts(86), counts(66)).answered).toBe(31);
    expect(answeredBy(begun, counts(86), counts(87)).answered).toBe(10);
    // An undo of what was answered before it began.
    expect(answeredBy({ ...begun, answered: 0 }, counts(97), counts(98)).answered).toBe(0);
    // What a refit has found is answered too.
    expect(answeredBy({ ...begun, total: 12 }, counts(5), counts(0))).toMatchObject({
      answered: 16,
      total: 16,
    });
  });

  it('counts nothing that is told to nobody, or of another queue', () => {
    expect(answeredBy(begun, counts(null), counts(null))).toBe(begun);
    expect(answeredBy({ ...begun, queue: 'saved' }, counts(9), counts(8)).answered).toBe(11);
    expect(answeredBy(null, counts(9), counts(8))).toBeNull();
  });

  it.each([
    ['nothing', null],
    ['without a queue', { ...begun, queue: 3 }],
    ['of a part of an item', { ...begun, answered: 0.5 }],
    ['of more than there were', { ...begun, answered: 98 }],
    ['below nothing', { ...begun, answered: -1 }],
  ])('that was saved is dropped where it is %s', (_, value) => {
    expect(parseSitting(value)).toBeNull();
    expect(parseSitting(JSON.parse(JSON.stringify(begun)))).toEqual(begun);
  });
});
