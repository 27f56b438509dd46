import { describe, expect, it } from 'vitest';
import { chooseMethod } from '../../../src/core/heatmaps/chooseMethod';
import { findOutput } from '../../../src/core/heatmaps/findOutput';

const map = (side: number, pooledLinearly: boolean) => ({
  channels: 8,
  height: side,
  width: side,
  pooledLinearly,
});

describe('chooseMethod', () => {
  it.each([
    ['linear pooling', map(7, true), 'auto', 'cam'],
    ['something in between', map(7, false), 'auto', 'score-cam'],
    ['a map that is too coarse', map(3, true), 'auto', 'occlusion'],
    ['one place only', map(1, false), 'auto', 'occlusion'],
    ['no map', null, 'auto', 'occlusion'],
    ['as asked for', map(3, true), 'cam', 'cam'],
    ['as asked for', map(7, true), 'score-cam', 'score-cam'],
    ['as asked for', map(7, true), 'occlusion', 'occlusion'],
  ] as const)('%s', (_name, shape, wanted, method) => {
    expect(chooseMethod(shape, wanted, 'net')).toBe(method);
  });

  it.each([
    [map(7, false), 'cam', 'score-cam or occlusion'],
    [null, 'cam', 'occlusion'],
    [null, 'score-cam', 'occlusion'],
  ] as const)('refuses what is not defined, and says what is', (shape, wanted, expected) => {
    expect(() => chooseMethod(shape, wanted, 'vgg16.tv_in1k')).toThrow(
      expect.objectContaining({
        code: 'OVR507',
        expected,
        message: expect.stringContaining('vgg16.tv_in1k') as string,
      }),
    );
  });
});

describe('findOutput', () => {
  const run = { task: 'multi-class', outputs: ['Normal', 'Opacity', 'Nodule'] } as const;

  it('finds the number', () => expect(findOutput(run, 'Nodule')).toBe(2));

  it.each([
    ['multi-class', 'OVR402'],
    ['multi-label', 'OVR401'],
  ] as const)('names the nearest of %s', (task, code) => {
    expect(() => findOutput({ ...run, task }, 'opacty')).toThrow(
      expect.objectContaining({ code, fix: 'Did you mean "Opacity"?' }),
    );
  });
});
