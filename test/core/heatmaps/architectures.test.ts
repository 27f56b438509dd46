/** Which method explains each architecture, at its own input size. */
import { describe, expect, it } from 'vitest';
import { chooseMethod } from '../../../src/core/heatmaps/chooseMethod';
import { quickEffort } from '../../../src/core/heatmaps/effort';
import { architectureNames, getArchitecture } from '../../../src/core/networks';
import { costOfFeatures } from '../../../src/core/networks/build';
import { resolvedFrom } from '../networks/golden';

const others: Readonly<Record<string, string>> = {
  mobilenetv3_small_100: 'score-cam',
  mobilenetv3_large_100: 'score-cam',
  alexnet: 'score-cam',
  vgg11: 'score-cam',
  vgg16: 'score-cam',
  vgg19: 'score-cam',
  corodet: 'occlusion',
};

describe('the method of an architecture', () => {
  it.each(architectureNames)('%s', (name) => {
    const architecture = getArchitecture(name);
    const { channels, mapSize } = costOfFeatures(architecture, architecture.preprocessing.size, null);
    const pooledLinearly = architecture.pooling === 'linear';
    const map = { channels, height: mapSize, width: mapSize, pooledLinearly };
    expect(chooseMethod(map, 'auto', name)).toBe(others[name] ?? 'cam');
  });
});

describe('quickEffort', () => {
  it.each([
    ['mobilenetv3_small_100', 64, 8],
    ['vgg11', 16, 4],
    ['vgg16', 16, 4],
  ])('%s', (name, channels, grid) => {
    expect(quickEffort(resolvedFrom(name, new Map()))).toEqual({ channels, grid });
  });

  it('is the most where the cost is not known', () => {
    const { identity } = resolvedFrom('alexnet', new Map());
    expect(quickEffort({ kind: 'onnx', identity })).toEqual({ channels: 64, grid: 8 });
  });
});
