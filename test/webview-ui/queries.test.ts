import { describe, expect, it } from 'vitest';
import { usualQuery } from '../../webview-ui/grid/state/model';
import {
  blindQuery,
  changeQuery,
  isFiltered,
  splitChoice,
  splitsOf,
  withoutFilters,
} from '../../webview-ui/grid/state/queries';

describe('queries', () => {
  it('in blind mode give nothing of the model away', () => {
    const query = { ...usualQuery, predicted: ['effusion'], given: ['normal'] };
    expect(blindQuery(query)).toEqual({
      queue: 'errors',
      splits: ['train', 'validation'],
      given: ['normal'],
      sort: 'path',
      descending: false,
    });
  });

  it('lose a field that is set to undefined', () => {
    const changed = changeQuery({ ...usualQuery, where: 'p > 1' }, { where: undefined, queue: 'all' });
    expect(changed).toEqual({ ...usualQuery, queue: 'all' });
    expect('where' in changed).toBe(false);
  });

  it('are filtered by anything beyond queue, order and the usual splits', () => {
    expect(isFiltered(usualQuery)).toBe(false);
    expect(isFiltered({ ...usualQuery, queue: 'all', sort: 'path' })).toBe(false);
    for (const change of [
      { given: ['a'] },
      { predicted: ['a'] },
      { where: 'p > 1' },
      { samples: ['s'] },
      { finding: 'Edema' },
      { splits: ['test'] as const },
    ]) {
      const query = { ...usualQuery, ...change };
      expect(isFiltered(query)).toBe(true);
      expect(isFiltered(withoutFilters(query))).toBe(false);
    }
  });

  it('name their splits whatever the order', () => {
    expect(splitChoice(['validation', 'train'])).toBe('review');
    expect(splitChoice([])).toBe('all');
    expect(splitChoice(['test', 'train'])).toBe('other');
    for (const choice of ['review', 'all', 'train', 'validation', 'test']) {
      expect(splitChoice(splitsOf(choice))).toBe(choice);
    }
  });
});
