import { describe, expect, it } from 'vitest';
import { filterColumns } from '../../src/core/review/filterColumns';
import { isFilterFunction } from '../../src/core/review/filterFunctions';
import { columns, completionsAt, functions } from '../../webview-ui/grid/filter/completions';
import { project } from './support/builders';

const data = project({ metadataColumns: ['age', 'Patient Age', 'view'] });
const at = (text: string, history: readonly string[] = []) => completionsAt(text, text.length, data, history);
/** The expression after the completion with this label was taken. */
const taken = (text: string, label: string): string | undefined => {
  const found = at(text).find((one) => one.label === label);
  return found && text.slice(0, found.from) + found.text + text.slice(found.to);
};

describe('completion of a filter', () => {
  it('offers columns of every project and of this one, between quotes where SQL wants them', () => {
    expect(at('p > 0.9 AND a').map(({ label }) => label)).toEqual(
      expect.arrayContaining(['age', 'AND', 'abs(…)']),
    );
    expect(taken('pat', 'path')).toBe('path');
    expect(taken('pat', 'Patient Age')).toBe('"Patient Age"');
    expect(taken('gr', 'group')).toBe('"group"');
    expect(taken('p > 0.9 AND "pat', 'Patient Age')).toBe('p > 0.9 AND "Patient Age"');
  });

  it('offers the values of a column, as text', () => {
    expect(at('value = ').map(({ label }) => label)).toEqual(['normal', 'effusion', 'uncertain']);
    expect(taken("value = 'ef", 'effusion')).toBe("value = 'effusion'");
    expect(taken('split <> ', 'test')).toBe("split <> 'test'");
    expect(taken("predicted IN ('normal', ", 'effusion')).toBe("predicted IN ('normal', 'effusion'");
    const quoted = completionsAt(
      'value = ',
      8,
      { ...data, findings: [{ ...data.findings[0]!, values: ["O'Neil"] }] },
      [],
    );
    expect(quoted[0]?.text).toBe("'O''Neil'");
  });

  it('offers nothing inside a text, nor what is written out already', () => {
    expect(at("path LIKE 'pa")).toEqual([]);
    expect(at('loss').map(({ label }) => label)).not.toContain('loss');
  });

  it('offers what was used before while there is nothing yet', () => {
    expect(at('', ['p > 0.9', 'age > 60']).map(({ text }) => text)).toEqual(['p > 0.9', 'age > 60']);
    expect(at('p', ['p > 0.9']).map(({ kind }) => kind)).not.toContain('history');
  });

  it('names columns and functions that filters have', () => {
    expect([...columns].sort()).toEqual(filterColumns.map(({ name }) => name).sort());
    for (const name of functions) expect([name, isFilterFunction(name)]).toEqual([name, true]);
  });
});
