import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { float, GraphBuilder } from '../../../src/core/onnx/graphBuilder';
import { decodeModel } from '../../../src/core/onnx/schema';

async function run(graph: GraphBuilder, feeds: Record<string, Tensor>) {
  const session = await InferenceSession.create(graph.toModel());
  return session.run(feeds);
}

const matrix = (rows: number, columns: number, values: number[]) =>
  new Tensor('float32', Float32Array.from(values), [rows, columns]);

describe('GraphBuilder', () => {
  it('builds a model that ONNX Runtime computes: linear layer, softmax, reductions', async () => {
    const graph = new GraphBuilder('test');
    const x = graph.input('x', 'float32', ['N', 2]);
    const w = graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2], 'w');
    const b = graph.constant(Float32Array.of(0.5, 0, -1), [3]);
    graph.output(graph.linear(x, w, b, 'logits'), 'float32', ['N', 3]);
    graph.output(graph.softmax('logits', 1, 'p'), 'float32', ['N', 3]);
    graph.output(graph.reduceSum('logits', [1], false, 'sum'), 'float32', ['N']);
    const out = await run(graph, { x: matrix(2, 2, [1, 1, 0, 2]) });
    expect([...(out['logits']!.data as Float32Array)]).toEqual([3.5, 7, 10, 4.5, 8, 11]);
    expect([...(out['sum']!.data as Float32Array)]).toEqual([20.5, 23.5]);
    const p = out['p']!.data as Float32Array;
    const norm = Math.exp(3.5 - 10) + Math.exp(7 - 10) + 1;
    expect(p[2]).toBeCloseTo(1 / norm, 6);
  });

  it('takes any operator with float, int, string and list attributes', async () => {
    const graph = new GraphBuilder('test');
    const x = graph.input('x', 'float32', ['N', 2]);
    graph.output(graph.node('LeakyRelu', [x], { alpha: float(0.25) }, 'leaky'), 'float32', ['N', 2]);
    graph.output(graph.transpose(x, [1, 0], 't'), 'float32', [2, 'N']);
    graph.node('Split', [x], { axis: 1 }, ['left', 'right']);
    graph.output('right', 'float32', ['N', 1]);
    graph.output(graph.node('Softplus', [x], {}, 'soft'), 'float32', ['N', 2]);
    const out = await run(graph, { x: matrix(1, 2, [-4, 3]) });
    expect([...(out['leaky']!.data as Float32Array)]).toEqual([-1, 3]);
    expect([...(out['right']!.data as Float32Array)]).toEqual([3]);
    expect(out['t']!.dims).toEqual([2, 1]);
    expect((out['soft']!.data as Float32Array)[1]).toBeCloseTo(Math.log1p(Math.exp(3)), 5);
  });

  it('writes metadata and survives decoding', () => {
    const graph = new GraphBuilder('named');
    graph.input('x', 'float32', ['N', 3]);
    graph.output(graph.clip('x', 0, 6, 'y'), 'float32', ['N', 3]);
    graph.describe('classes', '["a"]');
    const model = decodeModel(graph.toModel());
    expect(model.graph.name).toBe('named');
    expect(model.graph.node.map((node) => node.opType)).toEqual(['Clip']);
    expect(model.graph.initializer.map((tensor) => tensor.dataType)).toEqual([1, 1]);
    expect(model.metadataProps).toEqual([{ key: 'classes', value: '["a"]' }]);
    expect(model.graph.input[0]!.type.tensorType.shape.dim[0]).toMatchObject({ dimParam: 'N' });
  });

  it('refuses what would be a wrong graph', () => {
    const graph = new GraphBuilder('test');
    const x = graph.input('x', 'float32', [1]);
    expect(() => graph.relu('y')).toThrow(/unknown value y/);
    expect(() => graph.relu(x, 'x')).toThrow(/named twice/);
    expect(() => graph.constant(Float32Array.of(1, 2), [3])).toThrow(/2 elements for shape \[3\]/);
    expect(() => graph.node('LeakyRelu', [x], { alpha: 0.1 })).toThrow(/mark floats/);
  });
});
