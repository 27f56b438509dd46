/** Charts and tables of comparisons as data; how they look in a browser is tested with the page. */
import { describe, expect, it } from 'vitest';
import { comparisonChart } from '../../src/charts/comparisonChart';
import { comparisonTable } from '../../src/charts/comparisonTable';
import { formatCount, formatDifference, formatEstimate, formatGmacs } from '../../src/charts/figures';
import { spread } from '../../src/charts/spread';
import { fitText, textWidth } from '../../src/charts/style';
import { serialiseSvg, svg, type SvgNode } from '../../src/charts/svg';
import { comparedModel, comparison, sweep } from '../support/comparisons';

describe('figures', () => {
  it.each([
    [{ value: 0.7712, low: 0.738, high: 0.8021 }, '0.771 (0.738–0.802)'],
    [{ value: 0.7712, low: null, high: null }, '0.771'],
    [{ value: null, low: null, high: null }, '–'],
  ])('an estimate %#', (estimate, text) => {
    expect(formatEstimate(estimate)).toBe(text);
  });

  it.each([
    [{ value: -0.0123, low: -0.02, high: 0.0031 }, '-0.012 (-0.020 to +0.003)'],
    [{ value: 0.0001, low: -0.0001, high: 0.04 }, '0.000 (0.000 to +0.040)'],
    [{ value: 0.05, low: null, high: null }, '+0.050'],
  ])('a difference keeps its signs %#', (estimate, text) => {
    expect(formatDifference(estimate)).toBe(text);
  });

  it.each([
    [928, '928'],
    [1824, '1.82 k'],
    [254_321, '254 k'],
    [999_400, '999 k'],
    [3_371_000, '3.37 M'],
    [61_100_840, '61.1 M'],
    [138_357_544, '138 M'],
    [null, '–'],
  ])('%s parameters are %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it.each([
    [0.0123, '0.012'],
    [0.397, '0.397'],
    [2.8656, '2.87'],
    [null, '–'],
  ])('%s GMACs are %s', (value, text) => {
    expect(formatGmacs(value)).toBe(text);
  });
});

describe('spread', () => {
  it('leaves what is far apart, keeps order and gap, and stays within the ends', () => {
    expect(spread([10, 50, 90], 10, 0, 100)).toEqual([10, 50, 90]);
    expect(spread([95, 96, 97], 10, 0, 100)).toEqual([80, 90, 100]);
    const crowded = spread([1, 1, 1, 40, 41], 10, 0, 100);
    crowded.forEach((place, i) => {
      if (i > 0) expect(place - crowded[i - 1]!).toBeGreaterThanOrEqual(10 - 1e-9);
    });
  });

  it('shrinks the gap when there is no room', () => {
    expect(spread([50, 50, 50], 80, 0, 100)).toEqual([0, 50, 100]);
  });
});

it('texts are shortened in the middle to the width that there is', () => {
  const name = 'a_very_long_name_of_weights_that_somebody_saved.file-0123456789ab (random)';
  const short = fitText(name, 200);
  expect(textWidth(short)).toBeLessThanOrEqual(200);
  expect(short).toMatch(/^a_very.*….*\(random\)$/);
  expect(fitText('short', 200)).toBe('short');
});

describe('serialiseSvg', () => {
  it('writes data as text, whatever they hold', () => {
    const text = serialiseSvg(svg('svg', { title: '"><script>' }, svg('text', {}, '<b>&\u0007\ud800')));
    expect(text).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" title="&quot;&gt;&lt;script&gt;">\n' +
        '  <text>&lt;b&gt;&amp;\ufffd\ufffd</text>\n</svg>\n',
    );
  });
});

function* all(node: SvgNode): Generator<SvgNode> {
  yield node;
  for (const child of node.children) if (typeof child !== 'string') yield* all(child);
}

const textsOf = (root: SvgNode): string[] =>
  [...all(root)]
    .filter(({ tag }) => tag === 'text')
    .map(({ children }) => children.filter((child) => typeof child === 'string').join(''));

describe('comparisonChart', () => {
  it('has a title, a description, text instead of outlines and nothing that runs', () => {
    for (const one of [
      comparison([comparedModel(), comparedModel({ auroc: 0.8, random: true })]),
      sweep(9),
    ]) {
      const chart = comparisonChart(one);
      expect(chart.attributes).toMatchObject({
        role: 'img',
        'aria-labelledby': 'chart-title chart-description',
      });
      const tags = new Set([...all(chart)].map(({ tag }) => tag));
      expect([...tags].sort()).toEqual(
        [...tags]
          .filter((tag) =>
            ['svg', 'title', 'desc', 'g', 'rect', 'text', 'line', 'path', 'circle'].includes(tag),
          )
          .sort(),
      );
      for (const { attributes } of all(chart)) {
        expect(Object.keys(attributes).filter((name) => /^on|style|href/.test(name))).toEqual([]);
        for (const value of Object.values(attributes))
          expect(String(value)).not.toMatch(/NaN|Infinity|undefined/);
      }
    }
  });

  it('draws a mark per part and network, and an interval where there is one', () => {
    const models = [comparedModel(), comparedModel({ interval: false }), comparedModel({ auroc: null })];
    const nodes = [...all(comparisonChart(comparison(models)))];
    const ofClass = (name: string): number =>
      nodes.filter(({ attributes }) => attributes['class'] === name).length;
    // One of each stands in the legend.
    expect(ofClass('chart-out-of-fold-mark')).toBe(2 + 1);
    expect(ofClass('chart-validation-mark')).toBe(2 + 1);
    expect(ofClass('chart-out-of-fold-line')).toBe(1);
  });

  it('marks random weights in their label, in both charts', () => {
    const models = [comparedModel({ random: true }), comparedModel()];
    expect(textsOf(comparisonChart(comparison(models)))).toContain('densenet121.random-0 (random)');
    const labels = textsOf(comparisonChart(sweep(4, true))).filter((text) => /^(features|whole)/.test(text));
    expect(labels.filter((text) => text.includes('(random)'))).toHaveLength(4);
  });

  it.each([[[]], [[comparedModel({ auroc: null, validation: null })]]])(
    'without any figure it is still whole %#',
    (models) => {
      for (const kind of ['architectures', 'truncations'] as const) {
        const text = serialiseSvg(comparisonChart(comparison(models, { kind, best: null })));
        expect(text).not.toMatch(/NaN|Infinity/);
        expect(text).toContain('AUROC is not defined here');
      }
    },
  );
});

describe('comparisonTable', () => {
  const rare = { name: 'Effusion', positivePatients: 7, negativePatients: 83 };
  const models = [comparedModel(), comparedModel({ random: true, auroc: 0.8, validation: null })];
  const base = comparison(models);

  it('has a cell for every column, and marks the best', () => {
    const { columns, rows } = comparisonTable(base);
    for (const { cells } of rows) expect(cells).toHaveLength(columns.length);
    expect(rows.map(({ best, random }) => [best, random])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(rows[0]!.cells.slice(0, 5)).toEqual([
      'densenet121.in1k',
      '0.900 (0.870–0.930)',
      'best',
      '0.900 (0.870–0.930)',
      'best',
    ]);
    expect(rows[1]!.cells.slice(0, 5)).toEqual([
      'densenet121.random-0 (random)',
      '0.800 (0.770–0.830)',
      '-0.010 (-0.020 to +0.004)',
      '–',
      '–',
    ]);
  });

  it('says what has no interval and why, what failed, and what random means', () => {
    const { notes, rows } = comparisonTable({
      ...base,
      skipped: 1,
      parts: { ...base.parts, validation: { ...base.parts.validation, rare: [rare] } },
      failed: [
        {
          label: 'resnet50',
          architecture: 'resnet50',
          truncate: null,
          error: { code: 'OVR501', message: 'Weights cannot be had.' },
        },
      ],
    });
    expect(rows[0]!.cells[3]).toBe('0.900 (0.870–0.930) †');
    expect(notes.join('\n')).toMatch(/† No interval on validation, .*: Effusion 7 and 83\./);
    expect(notes).toContain('Not compared: resnet50. Weights cannot be had (OVR501).');
    expect(notes).toContain('1 image could not be read and counted for no network.');
    expect(notes.join('\n')).toContain('"random" have weights that were drawn');
  });

  it('speaks of runs where runs are compared', () => {
    const { notes } = comparisonTable({ ...base, kind: 'runs', skipped: 2 });
    expect(notes.join('\n')).toContain('the same ones for every run');
    expect(notes).toContain('2 images could not be read and counted for no run.');
    expect(notes).toContain('Accuracy and log loss: out of fold / on validation.');
    expect(notes.join('\n')).not.toContain('network');
  });
});
