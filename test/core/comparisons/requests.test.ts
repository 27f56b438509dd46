import { describe, expect, it } from 'vitest';
import { parseArchitectures, truncationsOf } from '../../../src/core/comparisons/requests';

const root = '/project';

describe('parseArchitectures', () => {
  it('reads names with and without weights', () => {
    const found = parseArchitectures(
      'tf_efficientnet_lite0, densenet121:random,densenet121:random:1,densenet121:./a.pth,densenet121.tv_in1k,densenet121:tv_in1k',
      root,
    );
    expect(found.map(({ architecture, weights }) => [architecture, weights])).toEqual([
      ['tf_efficientnet_lite0', 'auto'],
      ['densenet121', 'random'],
      ['densenet121', 'random:1'],
      ['densenet121', './a.pth'],
      ['densenet121', 'densenet121.tv_in1k'],
      ['densenet121', 'tv_in1k'],
    ]);
  });

  it.each([
    ['', 'OVR001'],
    ['densenet121,', 'OVR001'],
    ['densenet121,densenet121', 'OVR001'],
    ['densnet121', 'OVR500'],
    ['densenet121:nothing', 'OVR500'],
    ['densenet121.nothing', 'OVR500'],
  ])('refuses "%s"', (text, code) => {
    expect(() => parseArchitectures(text, root)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe('truncationsOf', () => {
  const [base] = parseArchitectures('tf_efficientnet_lite0:random', root);
  const cuts = (text: string): (string | null | undefined)[] =>
    truncationsOf(base!, text).map(({ truncate }) => truncate);

  it('all: every block but the last, which is the whole network where features are its average', () => {
    const found = cuts('all');
    expect(found.at(-1)).toBeNull();
    expect(found).toContain('stem');
    expect(found).not.toContain('head');
  });

  it('some: in the order of the network, and the whole at the end', () => {
    expect(cuts('blocks.3, stem')).toEqual(['stem', 'blocks.3', null]);
  });

  it('refuses a block that there is not', () => {
    expect(() => cuts('blocks.33')).toThrow(expect.objectContaining({ code: 'OVR505' }) as Error);
  });
});
