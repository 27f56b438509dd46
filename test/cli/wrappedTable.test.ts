import { describe, expect, it } from 'vitest';
import { wrap, wrappedTable } from '../../src/cli/wrappedTable';

const rows = [
  ['name', 'used for'],
  ['densenet121', 'the lungs, chest X-rays (CheXNet), and more that does not fit into one line'],
  ['vgg16', 'teeth'],
];

describe('a table with running text', () => {
  it('has one line a row where nobody looks at a terminal', () => {
    expect(wrappedTable(rows, undefined)).toHaveLength(3);
  });

  it('wraps within its column', () => {
    expect(wrappedTable(rows, 60)).toEqual([
      '  name         used for',
      '  densenet121  the lungs, chest X-rays (CheXNet), and more',
      '               that does not fit into one line',
      '  vgg16        teeth',
    ]);
  });

  it('goes below its row where the column would be narrow', () => {
    expect(wrappedTable(rows, 50)).toEqual([
      '  name',
      '  densenet121',
      '      the lungs, chest X-rays (CheXNet), and more',
      '      that does not fit into one line',
      '  vgg16',
      '      teeth',
    ]);
  });

  it.each([20, 60, 80, 120])('keeps within %i characters, and every word', (width) => {
    const lines = wrappedTable(rows, width);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    const words = lines.join(' ').split(/\s+/);
    for (const word of rows[1]![1]!.split(' ')) expect(words).toContain(word);
  });

  it('breaks no word', () => {
    expect(wrap('https://doi.org/10.1038/nature21056 is long', 10)).toEqual([
      'https://doi.org/10.1038/nature21056',
      'is long',
    ]);
  });
});
