/** Parameters and multiply-accumulates against fvcore's count and the published figures (test/golden/costs.py). */
import { describe, expect, it } from 'vitest';
import { architectureNames, getArchitecture } from '../../../src/core/networks';
import { costOfFeatures, costOfNetwork } from '../../../src/core/networks/build';
import { readGolden } from './golden';

interface Published {
  readonly size: number;
  readonly gmacs: number;
  readonly megaparameters: number;
}

interface Counted {
  readonly size: number;
  readonly parameters: number;
  readonly macs: number;
  readonly published: Published;
}

const { networks } = readGolden('costs') as { readonly networks: Readonly<Record<string, Counted>> };
const referenced = architectureNames.filter((name) => getArchitecture(name).reference !== 'Overread');

/** Digits after the point that a published figure has: 2 for timm's 0.4, which stands for 0.40. */
const digits = { timm: { gmacs: 2, megaparameters: 2 }, torchvision: { gmacs: 3, megaparameters: 5 } };

describe.each(referenced)('%s', (name) => {
  const architecture = getArchitecture(name);
  const counted = networks[name]!;

  it('has the parameters and multiply-accumulates that fvcore counts', () => {
    expect(architecture.preprocessing.size).toBe(counted.size);
    const { parameters, gmacs } = costOfNetwork(architecture, counted.size);
    expect(parameters).toBe(counted.parameters);
    expect(Math.round(gmacs * 1e9)).toBe(counted.macs);
  });

  it('rounds to the published figures', () => {
    const { published } = counted;
    const { parameters, gmacs } = costOfNetwork(architecture, published.size);
    const places = digits[architecture.reference as keyof typeof digits];
    expect(Number(gmacs.toFixed(places.gmacs))).toBe(published.gmacs);
    expect(Number((parameters / 1e6).toFixed(places.megaparameters))).toBe(published.megaparameters);
  });
});

describe.each(architectureNames)('%s, cut', (name) => {
  const architecture = getArchitecture(name);
  const { size } = architecture.preprocessing;

  it('costs more with every block, and at most the whole network', () => {
    const whole = costOfNetwork(architecture, size);
    let before = { parameters: 0, gmacs: 0 };
    for (const block of architecture.blocks) {
      const cost = costOfFeatures(architecture, size, block.name);
      expect(cost.parameters, block.name).toBeGreaterThanOrEqual(before.parameters);
      // The pooling behind the cut counts as well: a block that only pools leaves less of it.
      expect(cost.gmacs, block.name).toBeGreaterThan(before.gmacs * 0.99);
      expect(cost.featureSize, block.name).toBe(cost.channels);
      before = cost;
    }
    expect(before.parameters).toBeLessThan(whole.parameters);
    const features = costOfFeatures(architecture, size, null);
    const head = (architecture.featureSize + 1) * architecture.classes;
    expect(features.featureSize).toBe(architecture.featureSize);
    expect(whole.parameters - features.parameters).toBe(head);
    expect(Math.round((whole.gmacs - features.gmacs) * 1e9)).toBe(
      architecture.featureSize * architecture.classes,
    );
    if (architecture.pooling === 'linear') expect(before).toEqual(features);
  });
});
