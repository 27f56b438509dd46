/** Where a classifier is cut, and which models are refused with what words. */
import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { buildClassifier } from '../../../src/core/backbones/classifier';
import type { GraphBuilder, Value } from '../../../src/core/onnx/graphBuilder';
import { decodeModel } from '../../../src/core/onnx/schema';
import { relativeDifference } from '../networks/golden';
import {
  changed,
  classifier,
  drawn,
  featureCount,
  gemm,
  pooled,
  side,
  start,
  type Start,
} from './builtModels';
import { onnxWeights, readGoldenModel, runBackbone, runOnnx } from './golden';

const images = Float32Array.from(drawn(4 * 3 * side * side, 9));

/** The same network with nothing after the pooling, run as it is. */
async function pooledFeatures(channels = 3): Promise<Float32Array> {
  const begun = start(channels);
  begun.graph.node('Identity', [pooled(begun)], {}, 'features');
  begun.graph.output('features', 'float32', ['N', featureCount]);
  const renamed = changed(begun.graph, (model) => {
    model.graph.input[0]!.name = 'image';
    for (const node of model.graph.node)
      node.input = node.input.map((name) => (name === 'x' ? 'image' : name));
  });
  return (await runOnnx(renamed, images, channels, side))['features']!;
}

const perClass = (graph: GraphBuilder, value: number) => graph.constant(new Float32Array(3).fill(value), [3]);

/** Endings that lead from logits to answers. */
const endings: readonly (readonly [string, (graph: GraphBuilder, logits: Value) => Value])[] = [
  ['nothing', (_, logits) => logits],
  ['softmax', (graph, logits) => graph.softmax(logits, 1)],
  ['log softmax', (graph, logits) => graph.logSoftmax(logits, 1)],
  ['sigmoid', (graph, logits) => graph.sigmoid(logits)],
  ['temperature', (graph, logits) => graph.softmax(graph.div(logits, graph.scalar(1.5)), 1)],
  [
    'scale and shift',
    (graph, logits) => graph.add(graph.mul(logits, perClass(graph, 2)), perClass(graph, 1)),
  ],
  ['clip', (graph, logits) => graph.clip(graph.sigmoid(logits), 0.01, 0.99)],
  ['reshape', (graph, logits) => graph.node('Reshape', [logits, graph.int64s([-1, 3])])],
  [
    'softmax by hand',
    (graph, logits) => {
      const powers = graph.node('Exp', [logits]);
      return graph.div(powers, graph.reduceSum(powers, [1], true));
    },
  ],
  [
    'operating points',
    (graph, logits) => {
      const p = graph.sigmoid(logits);
      const points = perClass(graph, 0.4);
      const low = graph.node('Less', [p, points]);
      return graph.node('Where', [low, graph.mul(p, graph.scalar(1.25)), graph.sub(p, graph.scalar(0.1))]);
    },
  ],
  [
    'two halves joined',
    (graph, logits) => {
      const half = (from: number, to: number) =>
        graph.node('Slice', [logits, ...[[from], [to], [1]].map((at) => graph.int64s(at))]);
      return graph.concat([half(0, 1), half(1, 3)], 1);
    },
  ],
];

describe('the last linear layer is found behind', () => {
  it.each(endings)('%s', async (_name, end) => {
    const backbone = await buildBackbone(onnxWeights(classifier(end).toModel()));
    expect(backbone.featureSize).toBe(featureCount);
    const { features } = await runBackbone(backbone, images);
    expect(relativeDifference(features!, await pooledFeatures())).toBeLessThan(1e-5);
  });
});

/** Other linear layers on the pooled vector or map. */
const layers: readonly (readonly [string, (begun: Start) => void])[] = [
  [
    'MatMul and Add',
    (begun) => {
      const { graph } = begun;
      const product = graph.matmul(pooled(begun), graph.constant(drawn(18, 2), [featureCount, 3]));
      graph.output(graph.add(product, perClass(graph, 0.5)), 'float32', ['N', 3]);
    },
  ],
  [
    'MatMul with transposed weights',
    (begun) => {
      const { graph } = begun;
      const weight = graph.transpose(graph.constant(drawn(18, 2), [3, featureCount]), [1, 0]);
      graph.output(graph.matmul(pooled(begun), weight), 'float32', ['N', 3]);
    },
  ],
  [
    '1 x 1 Conv on the pooled map',
    (begun) => {
      const { graph, map } = begun;
      const weight = graph.constant(drawn(18, 2), [3, featureCount, 1, 1]);
      const conv = graph.node('Conv', [graph.node('GlobalAveragePool', [map]), weight], {});
      graph.output(graph.node('Flatten', [conv], { axis: 1 }), 'float32', ['N', 3]);
    },
  ],
  [
    'ReduceMean, a dimension too many',
    (begun) => {
      const { graph, map } = begun;
      const mean = graph.node('ReduceMean', [map], { axes: [2, 3], keepdims: 0 });
      const row = graph.node('Unsqueeze', [mean, graph.int64s([1])]);
      graph.output(graph.matmul(row, graph.constant(drawn(18, 2), [featureCount, 3])), 'float32', [
        'N',
        1,
        3,
      ]);
    },
  ],
  [
    'two heads on one vector',
    (begun) => {
      const { graph } = begun;
      const vector = pooled(begun);
      for (const name of ['finding', 'view'])
        graph.output(gemm(graph, vector, 2, featureCount, name), 'float32', ['N', 2]);
    },
  ],
  [
    'labels and probabilities',
    (begun) => {
      const { graph } = begun;
      const logits = gemm(graph, pooled(begun));
      graph.output(graph.softmax(logits, 1, 'probabilities'), 'float32', ['N', 3]);
      graph.output(graph.node('ArgMax', [logits], { axis: 1 }, 'label'), 'int64', ['N', 1]);
    },
  ],
  [
    'the features as a second output',
    (begun) => {
      const { graph } = begun;
      const vector = pooled(begun);
      graph.output(graph.node('Identity', [vector], {}, 'features'), 'float32', ['N', featureCount]);
      graph.output(gemm(graph, vector), 'float32', ['N', 3]);
    },
  ],
];

describe('a last linear layer that is', () => {
  it.each(layers)('%s', async (_name, build) => {
    const begun = start(3);
    build(begun);
    const backbone = await buildBackbone(onnxWeights(begun.graph.toModel()), { withMap: true });
    expect(backbone.map).toMatchObject({ channels: featureCount, height: 8, width: 8 });
    const { features } = await runBackbone(backbone, images);
    expect(relativeDifference(features!, await pooledFeatures())).toBeLessThan(1e-5);
  });
});

it('what is behind the cut is left out, the names of values are no matter', async () => {
  const { onnx } = await buildBackbone(onnxWeights(classifier().toModel()));
  const { graph } = decodeModel(onnx);
  expect(graph.initializer.map(({ name }) => name)).toEqual(['conv.weight']);
  expect(graph.node.some(({ opType }) => opType === 'Gemm')).toBe(false);
});

/** Flattens by a constant shape, as exporters do that know no free batch. */
const fixed = (batch: number | string) => {
  const { graph, map } = start(3, batch);
  const flat = graph.node('Reshape', [
    graph.node('GlobalAveragePool', [map]),
    graph.int64s([1, featureCount]),
  ]);
  graph.output(gemm(graph, flat), 'float32', [batch, 3]);
  return graph.toModel();
};

it.each([
  ['free', () => classifier().toModel()],
  ['fixed', () => fixed(1)],
])("Overread's own model.onnx is a backbone again, names and all; batch %s", async (_name, build) => {
  const head = {
    task: 'multi-label',
    outputs: ['a', 'b'],
    dim: featureCount,
    weights: drawn(2 * featureCount, 5),
    bias: drawn(2, 6),
    calibration: { kind: 'platt', slope: [1, 2], intercept: [0, 1] },
    thresholds: [0.5, 0.5],
  } as const;
  const exported = await buildClassifier(onnxWeights(build()), head);
  const again = await buildClassifier(onnxWeights(exported), head);
  const [first, second] = await Promise.all([exported, again].map((onnx) => runOnnx(onnx, images, 3, side)));
  for (const output of ['features', 'logits', 'probabilities']) {
    expect(relativeDifference(second![output]!, first![output]!)).toBeLessThan(1e-5);
  }
  const keys = decodeModel(again).metadataProps.map(({ key }) => key);
  expect(keys).toHaveLength(new Set(keys).size);
});

it('a grey image goes through three channels as if repeated', async () => {
  const input = {
    mean: [0.4, 0.5, 0.6],
    std: [0.2, 0.3, 0.25],
    crop_pct: 1,
    interpolation: 'bilinear',
  } as const;
  const weights = onnxWeights(classifier().toModel(), input);
  const grey = drawn(2 * side * side, 4);
  const area = side * side;
  const repeated = Float32Array.from({ length: 2 * 3 * area }, (_, i) => {
    const channel = Math.floor(i / area) % 3;
    const level = grey[Math.floor(i / (3 * area)) * area + (i % area)]! * input.std[0] + input.mean[0];
    return (level - input.mean[channel]!) / input.std[channel]!;
  });
  const one = await buildBackbone(weights, { channels: 1 });
  expect(one.channels).toBe(1);
  const { features } = await runBackbone(one, grey);
  const { features: expected } = await runBackbone(await buildBackbone(weights), repeated);
  expect(relativeDifference(features!, expected!)).toBeLessThan(1e-5);
});

it('a network of one channel stays one', async () => {
  const backbone = await buildBackbone(onnxWeights(classifier(undefined, 1).toModel()), { channels: 3 });
  expect(backbone.channels).toBe(1);
  const { features } = await runBackbone(backbone, images);
  expect(relativeDifference(features!, await pooledFeatures(1))).toBeLessThan(1e-5);
});

describe('a batch that is written into the model', () => {
  it.each([1, 'N'])('images of %s go through one by one', async (batch) => {
    const backbone = await buildBackbone(onnxWeights(fixed(batch)), { withMap: true });
    expect(decodeModel(backbone.onnx).graph.node.map(({ opType }) => opType)).toContain('Scan');
    const { features, map } = await runBackbone(backbone, images);
    expect(relativeDifference(features!, await pooledFeatures())).toBeLessThan(1e-5);
    expect(map!.length).toBe(4 * featureCount * 64);
  });

  it('is taken as free where the network does not mind', async () => {
    const begun = start(3, 1);
    begun.graph.output(gemm(begun.graph, pooled(begun)), 'float32', [1, 3]);
    const { onnx } = await buildBackbone(onnxWeights(begun.graph.toModel()));
    expect(decodeModel(onnx).graph.node.map(({ opType }) => opType)).not.toContain('Scan');
  });
});

describe('is refused with OVR506:', () => {
  const refusals: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
    ['a segmentation network', () => readGoldenModel('segmentation.onnx'), /no linear layer.*"y".*Resize/],
    [
      'a map of logits',
      () => {
        const { graph, map } = start(3);
        const weight = graph.constant(drawn(12, 2), [2, featureCount, 1, 1]);
        graph.output(graph.node('Conv', [map, weight], { kernel_shape: [1, 1] }), 'float32', ['N', 2, 8, 8]);
        return graph.toModel();
      },
      /Conv.*1 × 6 × 8 × 8 for one image/,
    ],
    [
      'no last layer',
      () => {
        const begun = start(3);
        begun.graph.output(pooled(begun), 'float32', ['N', featureCount]);
        return begun.graph.toModel();
      },
      /no linear layer.*GlobalAveragePool/,
    ],
    [
      'two heads of their own',
      () => {
        const begun = start(3);
        const { graph } = begun;
        const vector = pooled(begun);
        for (const name of ['finding', 'age']) {
          const hidden = graph.relu(gemm(graph, vector, 5, featureCount, `${name}.hidden`));
          graph.output(gemm(graph, hidden, 2, 5, name), 'float32', ['N', 2]);
        }
        return graph.toModel();
      },
      /different vectors.*"finding" from Gemm.*"age" from Gemm/,
    ],
    [
      'weights that depend on the image',
      () => {
        const begun = start(3);
        const { graph } = begun;
        const vector = pooled(begun);
        graph.output(graph.matmul(vector, graph.transpose(vector, [1, 0])), 'float32', ['N', 'N']);
        return graph.toModel();
      },
      /no linear layer.*MatMul/,
    ],
    [
      'an output that no image changes',
      () => {
        const begun = start(3);
        const { graph } = begun;
        pooled(begun);
        graph.output(graph.node('Identity', [graph.scalar(1)]), 'float32', []);
        return graph.toModel();
      },
      /does not depend on the image/,
    ],
    [
      'a linear layer on the pixels',
      () => {
        const { graph } = start(3);
        const weight = graph.constant(drawn(6, 2), [2, 3, 1, 1]);
        graph.output(graph.node('Conv', ['x', weight], { kernel_shape: [1, 1] }), 'float32', [
          'N',
          2,
          16,
          16,
        ]);
        return graph.toModel();
      },
      /takes the image itself/,
    ],
    [
      'a batch of four',
      () => readGoldenModel('resnet-four.onnx'),
      /"x" \(float32, 4 × 3 × 64 × 64\).*exactly 4 images/,
    ],
    [
      'channels last',
      () =>
        changed(classifier(), ({ graph: { input } }) => {
          input[0]!.type.tensorType.shape.dim = [
            { dimParam: 'N' },
            { dimValue: 16 },
            { dimValue: 16 },
            { dimValue: 3 },
          ];
        }),
      /channels last/,
    ],
    ['two channels', () => classifier(undefined, 2).toModel(), /2 channels/],
    [
      'no square',
      () =>
        changed(classifier(), ({ graph: { input } }) => {
          input[0]!.type.tensorType.shape.dim[3] = { dimValue: 32 };
        }),
      /not square/,
    ],
    [
      'whole numbers',
      () =>
        changed(classifier(), ({ graph: { input } }) => {
          input[0]!.type.tensorType.elemType = 2;
        }),
      /uint8.*not of floating-point/,
    ],
    [
      'two inputs',
      () => {
        const graph = classifier();
        graph.input('age', 'float32', ['N', 1]);
        return graph.toModel();
      },
      /2 inputs: "x" \(float32, \? × 3 × 16 × 16\), "age" \(float32, \? × 1\)/,
    ],
    [
      'old operators',
      () =>
        changed(classifier(), (model) => {
          model.opsetImport = [{ domain: '', version: 6 }];
        }),
      /opset 6/,
    ],
    [
      'no operators',
      () =>
        changed(classifier(), (model) => {
          model.opsetImport = [];
        }),
      /no version/,
    ],
    [
      'an operator that is none',
      () =>
        changed(classifier(), ({ graph: { node } }) => {
          node[1]!.opType = 'Frobnicate';
        }),
      /ONNX Runtime does not run it.*Frobnicate/,
    ],
    ['weights in another file', () => readGoldenModel('external.onnx'), /lie in another file/],
    [
      'features that are other numbers each time',
      () => {
        const begun = start(3);
        const { graph } = begun;
        const vector = pooled(begun);
        const noisy = graph.add(vector, graph.node('RandomNormalLike', [vector]));
        graph.output(gemm(graph, noisy), 'float32', ['N', 3]);
        return graph.toModel();
      },
      /other features each time/,
    ],
  ];

  it.each(refusals)('%s', async (_name, build, words) => {
    let caught: unknown;
    try {
      await buildBackbone(onnxWeights(build()));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(OverreadError);
    expect(caught).toMatchObject({ code: 'OVR506', message: expect.stringMatching(words) as string });
    expect((caught as OverreadError).place?.file).toBe('model.onnx');
  });

  it('a size that nobody says', () => {
    const free = changed(classifier(), ({ graph: { input } }) => {
      input[0]!.type.tensorType.shape.dim.splice(2, 2, { dimParam: 'H' }, { dimParam: 'W' });
    });
    expect(() => onnxWeights(free)).toThrow(
      expect.objectContaining({
        code: 'OVR506',
        message: expect.stringMatching(/model.input.size does not say/) as string,
      }) as Error,
    );
    const input = { size: 32, crop_pct: 0.9, interpolation: 'bicubic' } as const;
    expect(onnxWeights(free, input).identity.preprocessing).toEqual({
      size: 32,
      cropPct: 0.9,
      interpolation: 'bicubic',
      channels: 3,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      crop: 'timm',
    });
  });

  it.each([
    [{ channels: 1 }, /channels is 1, and its input has 3 channels/],
    [{ size: 32 }, /size is 32 px, and its input has 16 px/],
    [{ mean: [0.5] }, /mean is of 1 numbers, and its input has 3 channels/],
  ] as const)('model.input %j against the file', (part, words) => {
    const input = { crop_pct: 1, interpolation: 'bilinear', ...part } as const;
    const asked = () => onnxWeights(classifier().toModel(), input);
    expect(asked).toThrow(
      expect.objectContaining({ code: 'OVR506', message: expect.stringMatching(words) as string }) as Error,
    );
  });
});

it.each([
  [[-1024, 1024], 0.5, 1 / 2048],
  [[0, 255], 0, 1 / 255],
  [[-1, 1], 0.5, 0.5],
])('range %j is a mean and a deviation', (range, mean, std) => {
  const input = { range, crop_pct: 1, interpolation: 'bilinear' } as const;
  const { preprocessing } = onnxWeights(classifier(undefined, 1).toModel(), input).identity;
  expect(preprocessing).toMatchObject({ channels: 1, mean: [mean], std: [std] });
});
