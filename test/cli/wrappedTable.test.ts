import { describe, expect, it } from 'vitest';
import { table } from '../../src/cli/describeMetrics';
import { fitFirstColumn, wrap, wrappedTable } from '../../src/cli/wrappedTable';

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

describe('a table of names and figures', () => {
  const named = (...names: string[]): string[][] => [
    ['Run', 'AUROC'],
    ...names.map((name) => [name, '0.676 (0.601–0.744)']),
  ];
  const first = (rows: readonly (readonly string[])[]): (string | undefined)[] => rows.map(([name]) => name);

  it('leaves out the middle of names that are too long for the terminal', () => {
    const rows = named(
      'predictions of the ensemble of five networks, fold 3, calibrated (imported)',
      'short',
    );
    const fitted = fitFirstColumn(rows, 60);
    expect(first(fitted)).toEqual(['Run', 'predictions of the…ibrated (imported)', 'short']);
    expect(Math.max(...table(fitted).map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('leaves names whole where they fit, and where they would be alike', () => {
    const fits = named('densenet121.random-1');
    expect(fitFirstColumn(fits, 60)).toEqual(fits);
    const long = 'the same beginning, '.repeat(4);
    const alike = named(`${long}1${long}`, `${long}2${long}`);
    expect(fitFirstColumn(alike, 60)).toEqual(alike);
  });

  it('keeps enough of a name in a terminal that has no room', () => {
    expect(first(fitFirstColumn(named('x'.repeat(80)), 30))[1]).toHaveLength(24);
  });
});
