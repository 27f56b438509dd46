import { describe, expect, it } from 'vitest';
import { configuredOtherwise } from '../../../src/core/runs/configuredNetwork';

type Model = Parameters<typeof configuredOtherwise>[0];

const used = (name: string, truncate: string | null = null) => ({
  architecture: name.split('.')[0]!,
  weights: { name, sha256: '', source: 'huggingface', trained_on: null, truncate },
});

describe('configuredOtherwise', () => {
  it.each([
    // densenet121 in the file that became another network because its weights could not be had.
    ['densenet121', 'auto', null, 'tf_efficientnet_lite0.in1k', null, 'densenet121'],
    ['densenet121', 'auto', null, 'densenet121.ra_in1k', null, null],
    ['densenet121', 'tf_efficientnet_lite0.in1k', null, 'tf_efficientnet_lite0.in1k', null, null],
    ['tf_efficientnet_lite0', 'in1k', null, 'tf_efficientnet_lite0.in1k', null, null],
    [
      'tf_efficientnet_lite0',
      'in1k',
      null,
      'tf_efficientnet_lite0.random-1',
      null,
      'tf_efficientnet_lite0.in1k',
    ],
    ['tf_efficientnet_lite0', 'random:1', null, 'tf_efficientnet_lite0.random-1', null, null],
    [
      'tf_efficientnet_lite0',
      'random',
      null,
      'tf_efficientnet_lite0.random-1',
      null,
      'tf_efficientnet_lite0.random-0',
    ],
    ['tf_efficientnet_lite0', 'auto', 'blocks.2', 'tf_efficientnet_lite0.in1k', 'blocks.2', null],
    [
      'tf_efficientnet_lite0',
      'auto',
      'blocks.2',
      'tf_efficientnet_lite0.in1k',
      null,
      'tf_efficientnet_lite0 (blocks.2)',
    ],
    ['resnet18', './own.pth', null, 'resnet18.file-0123456789ab', null, null],
    ['resnet18', './own.pth', null, 'resnet50.file-0123456789ab', null, './own.pth'],
    ['densenet121', './whole.onnx', null, 'onnx.file-0123456789ab', null, null],
    ['densenet121', 'densenet121.no_such', null, 'resnet18.a1_in1k', null, null],
  ])(
    '%s with %s cut after %s, and a run of %s cut after %s: %s',
    (architecture, weights, truncate, name, cut, told) => {
      const model = { architecture, weights, truncate } as Model;
      expect(configuredOtherwise(model, used(name, cut))).toBe(told);
    },
  );

  it('tells half precision from single', () => {
    const model = (precision: 'fp32' | 'fp16') =>
      ({ architecture: 'resnet18', weights: 'auto', truncate: 'layer3', precision }) as Model;
    const single = used('resnet18.a1_in1k', 'layer3');
    const half = { ...single, weights: { ...single.weights, precision: 'fp16' as const } };
    expect(configuredOtherwise(model('fp16'), half)).toBeNull();
    expect(configuredOtherwise(model('fp32'), half)).toBe('resnet18 (layer3)');
    expect(configuredOtherwise(model('fp16'), single)).toBe('resnet18 (layer3, fp16)');
    // What PyTorch trained has a precision of its own.
    const trained = { ...single, weights: { ...single.weights, source: 'run' } };
    expect(configuredOtherwise(model('fp16'), trained)).toBeNull();
  });
});
