/** The ONNX graphs of the last layer: loss with gradient, and logits alone. */
import { GraphBuilder, type Value } from '../onnx/graphBuilder';

/**
 * Loss and gradient of many linear problems over one block of rows.
 *
 * Inputs: `X` rows × dim raw features; `centre`, which is taken off every row; `W` (problems · width) × dim and
 * `B` (problems · width) in the space of centred features; `Y` rows × outputs of 0 and 1; `M` rows × columns of row weights (0 leaves the row out);
 * `weightColumn`, and for sigmoid `outputColumn`, int64, say which columns of M and Y each problem uses.
 * Outputs: `loss` per problem, weighted sum of cross entropies; `gradW`, `gradB` of that sum.
 * @param classes number of classes for softmax (the width of a problem), or 0 for sigmoid (width 1)
 */
export function lossGraph(classes: number): Uint8Array {
  const graph = new GraphBuilder('last-layer-loss');
  const X = graph.input('X', 'float32', ['rows', 'dim']);
  const W = graph.input('W', 'float32', ['columns', 'dim']);
  const B = graph.input('B', 'float32', ['columns']);
  const Y = graph.input('Y', 'float32', ['rows', 'outputs']);
  const M = graph.input('M', 'float32', ['rows', 'weightings']);
  const weightColumn = graph.input('weightColumn', 'int64', ['problems']);
  const weight = graph.node('Gather', [M, weightColumn], { axis: 1 });
  const centred = centredRows(graph, X);
  const logits = graph.linear(centred, W, B);
  const { loss, residual } =
    classes > 0 ? softmaxLoss(graph, logits, Y, weight, classes) : sigmoidLoss(graph, logits, Y, weight);
  graph.reduceSum(loss, [0], false, 'loss');
  graph.node('Gemm', [residual, centred], { transA: 1 }, 'gradW');
  graph.reduceSum(residual, [0], false, 'gradB');
  graph.output('loss', 'float32', ['problems']);
  graph.output('gradW', 'float32', ['columns', 'dim']);
  graph.output('gradB', 'float32', ['columns']);
  return graph.toModel();
}

interface LossParts {
  /** rows × problems. */
  readonly loss: Value;
  /** rows × columns: derivative of the loss by the logits. */
  readonly residual: Value;
}

function softmaxLoss(
  graph: GraphBuilder,
  logits: Value,
  Y: Value,
  weight: Value,
  classes: number,
): LossParts {
  // int64 0 keeps the size of rows, -1 infers the number of problems.
  const cube = graph.node('Reshape', [logits, graph.int64s([0, -1, classes])]);
  const target = graph.node('Unsqueeze', [Y, graph.int64s([1])]);
  const each = graph.node('Unsqueeze', [weight, graph.int64s([2])]);
  const logP = graph.logSoftmax(cube, 2);
  const picked = graph.reduceSum(graph.mul(target, logP), [2]);
  const loss = graph.mul(graph.node('Neg', [picked]), weight);
  const residual = graph.mul(graph.sub(graph.node('Exp', [logP]), target), each);
  const flat = graph.node('Flatten', [residual], { axis: 1 });
  return { loss, residual: flat };
}

function sigmoidLoss(graph: GraphBuilder, logits: Value, Y: Value, weight: Value): LossParts {
  const outputColumn = graph.input('outputColumn', 'int64', ['problems']);
  const target = graph.node('Gather', [Y, outputColumn], { axis: 1 });
  // -log p = softplus(z) - y z: finite for any logit.
  const entropy = graph.sub(graph.node('Softplus', [logits]), graph.mul(target, logits));
  const residual = graph.sub(graph.sigmoid(logits), target);
  return { loss: graph.mul(entropy, weight), residual: graph.mul(residual, weight) };
}

/**
 * Rows less `centre`. Features whose mean is many times their spread would otherwise lose the digits that tell
 * the rows apart in products of float32, and the search would end before the optimum.
 */
function centredRows(graph: GraphBuilder, X: Value): Value {
  return graph.sub(X, graph.input('centre', 'float32', ['dim']));
}

/** `Z` = (`X` - `centre`) · `W`ᵀ + `B`: rows × columns. */
export function logitsGraph(): Uint8Array {
  const graph = new GraphBuilder('last-layer-logits');
  const X = graph.input('X', 'float32', ['rows', 'dim']);
  const W = graph.input('W', 'float32', ['columns', 'dim']);
  const B = graph.input('B', 'float32', ['columns']);
  graph.linear(centredRows(graph, X), W, B, 'Z');
  graph.output('Z', 'float32', ['rows', 'columns']);
  return graph.toModel();
}
