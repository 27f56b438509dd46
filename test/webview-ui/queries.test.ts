import { describe, expect, it } from 'vitest';
import type { ItemQuery } from '../../src/protocol/engineApi';
import {
  changeQuery,
  isFiltered,
  shownQuery,
  splitChoice,
  splitChoices,
  splitsOf,
  usualQuery as usualQueryOf,
  withoutFilters,
} from '../../webview-ui/grid/state/queries';
import { project } from './support/builders';

const usualQuery = usualQueryOf(project());

describe('queries', () => {
  it('of a blind reading tell nothing of labels or predictions', () => {
    const query: ItemQuery = { ...usualQuery, predicted: ['effusion'], given: ['normal'], where: 'p > 0.5' };
    expect(shownQuery({ query, project: project() })).toBe(query);
    expect(shownQuery({ query, project: project({ blind: true }) })).toEqual({
      queue: 'all',
      splits: ['train', 'validation'],
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
    expect(isFiltered(usualQuery, usualQuery.splits)).toBe(false);
    expect(isFiltered({ ...usualQuery, queue: 'all', sort: 'path' }, usualQuery.splits)).toBe(false);
    for (const change of [
      { given: ['a'] },
      { predicted: ['a'] },
      { where: 'p > 1' },
      { samples: ['s'] },
      { finding: 'Edema' },
      { splits: ['test'] as const },
    ]) {
      const query = { ...usualQuery, ...change };
      expect(isFiltered(query, usualQuery.splits)).toBe(true);
      expect(isFiltered(withoutFilters(query, usualQuery.splits), usualQuery.splits)).toBe(false);
    }
  });

  it('name their splits whatever the order', () => {
    const usual = usualQuery.splits;
    expect(splitChoice(['validation', 'train'], usual)).toBe('review');
    expect(splitChoice([], usual)).toBe('all');
    expect(splitChoice(['test', 'train'], usual)).toBe('other');
    for (const choice of ['review', 'all', 'train', 'validation', 'test']) {
      expect(splitChoice(splitsOf(choice, usual), usual)).toBe(choice);
    }
  });

  it('take the parts that the project reviews for the usual ones, and offer none twice', () => {
    const choices = splitChoices(['validation']).map(([name]) => name);
    expect(choices).toEqual(['review', 'train', 'test', 'all']);
    expect(isFiltered({ ...usualQuery, splits: ['validation'] }, ['validation'])).toBe(false);
    expect(isFiltered(usualQuery, ['validation'])).toBe(true);
    expect(withoutFilters(usualQuery, ['validation']).splits).toEqual(['validation']);
  });
});
