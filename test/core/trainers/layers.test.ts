/** What `training.layers` lets learn: the blocks of each network that the words stand for, and how far each is from the last layer. */
import { describe, expect, it } from 'vitest';
import { getArchitecture } from '../../../src/core/networks';
import { parseLayers, resolveLayers, type Layers } from '../../../src/core/trainers/torch/layers';

/** Beginnings of the names of tensors that learn, once each, in the order of the network. */
function learns(architecture: string, layers: Layers, parts: number): string[] {
  const { trainable } = resolveLayers(getArchitecture(architecture), layers);
  return [...new Set(trainable.map((name) => name.split('.').slice(0, parts).join('.')))].sort();
}

describe('the layers that learn', () => {
  it.each([
    ['resnet18', 'last', 1, []],
    ['resnet18', 'last-block', 1, ['layer4']],
    ['resnet18', 'last-two-blocks', 1, ['layer3', 'layer4']],
    ['densenet121', 'last-block', 2, ['features.denseblock4', 'features.norm5']],
    [
      ...(['densenet121', 'last-two-blocks', 2] as const),
      ['features.denseblock3', 'features.denseblock4', 'features.norm5', 'features.transition3'],
    ],
    ['densenet121', ['norm5'], 2, ['features.norm5']],
  ] as const)('of %s, %s, are those of its last blocks', (architecture, layers, parts, expected) => {
    expect(learns(architecture, layers, parts)).toEqual([...expected]);
  });

  it('are all of them, rising in distance from the last layer, but for the statistics of BatchNorm', () => {
    const { trainable, depth } = resolveLayers(getArchitecture('resnet18'), 'all');
    expect(trainable).toContain('conv1.weight');
    expect(trainable.some((name) => name.includes('running_'))).toBe(false);
    expect(depth['layer4.0.conv1.weight']).toBe(1);
    expect(depth['layer3.0.conv1.weight']).toBe(2);
    expect(depth['conv1.weight']).toBe(Math.max(...Object.values(depth)));
  });

  it('are named with commas between them, and one that there is not is refused with the nearest', () => {
    expect(parseLayers('last-block')).toBe('last-block');
    expect(parseLayers('denseblock4,norm5')).toEqual(['denseblock4', 'norm5']);
    expect(() => resolveLayers(getArchitecture('densenet121'), ['denseblok4'])).toThrow(
      expect.objectContaining({ code: 'OVR505', fix: 'Did you mean "denseblock4"?' }) as Error,
    );
  });
});
