import { describe, expect, it } from 'vitest';
import { architectureNames, getArchitecture } from '../../../src/core/networks';
import { readGolden } from '../networks/golden';

type Published = Readonly<
  Record<
    string,
    {
      hub: string;
      size: number;
      cropPct: number;
      interpolation: string;
      mean: number[];
      std: number[];
      licence: string;
    }
  >
>;

const golden = readGolden('published') as Readonly<Record<string, Published>>;
const tags = architectureNames.flatMap((name) =>
  getArchitecture(name).weights.map((published) => ({
    name: `${name}.${published.tag}`,
    architecture: name,
    published,
  })),
);

describe('published weights', () => {
  it.each(tags)('$name is what timm says', ({ architecture, published }) => {
    const { size, cropPct, interpolation, mean, std, channels, crop } = published.preprocessing;
    const { hub, licence, ...preprocessing } = golden[architecture]![published.tag]!;
    expect({ size, cropPct, interpolation, mean, std }).toEqual(preprocessing);
    expect({ channels, crop }).toEqual({ channels: 3, crop: 'timm' });
    expect(published.hubRepository).toBe(hub);
    expect(published.licence.toLowerCase()).toBe(licence);
  });

  it('exist where timm has the network, and are told where to find otherwise', () => {
    const without = architectureNames.filter((name) => getArchitecture(name).weights.length === 0);
    expect(without).toEqual(['alexnet', 'corodet']);
    expect(getArchitecture('alexnet').weightsElsewhere).toMatchObject({ sha256Start: '7be5be79' });
  });
});
