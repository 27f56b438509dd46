/** The data of a fit as ONNX Runtime is fed it: blocks of rows that stay in the processor's cache. */
import type { Device } from '../onnx/model';
import { float32, int64, openGraph, type Graph } from './graph';
import { logitsGraph, lossGraph } from './objectiveGraph';
import { present } from '../base/present';

/** Bytes of features in a block: it is read forwards and backwards, so the second time from the cache. */
const blockBytes = 4 * 1024 * 1024;

/**
 * Below this many numbers a pass takes a millisecond on one core. More threads would halve that, but between the
 * passes they spin, which takes the processor from whoever else works on the machine: the editor. And below it the rows
 * of the training part are copied for the passes, which then read no others.
 */
const manyFeatures = 4e6;

export interface FitData {
  /** Row-major rows × dim, raw features; copied only where they are few. */
  readonly features: Float32Array;
  readonly dim: number;
  readonly rows: number;
  /** Number of classes for softmax, 0 for one sigmoid per finding. */
  readonly classes: number;
  /** Outputs: classes, or findings. */
  readonly outputs: number;
  /** Row-major rows × outputs: 1 where the output is the row's label, else 0. */
  readonly labels: Float32Array;
  /** Row-major rows × weightings: how much the row counts; 0 leaves it out. */
  readonly rowWeights: Float32Array;
  readonly weightings: number;
}

/** Which columns of the data a problem reads. */
export interface ProblemColumns {
  readonly weighting: number;
  /** The finding; not used for softmax. */
  readonly output: number;
}

export interface BatchLoss {
  /** Per problem: weighted sum of cross entropies, summed over blocks in float64. */
  readonly loss: Float64Array;
  /** columns × dim, derivative by the raw weights. */
  readonly gradW: Float64Array;
  readonly gradB: Float64Array;
}

/** Evaluates batches of linear models on the rows. */
export class RowBlocks {
  /** What the passes read: all rows, or where they are few those for training alone. */
  private training: FitData;
  /** First row of each block of it that holds a row for training. */
  private trainingBlocks: readonly number[];

  private constructor(
    private data: FitData,
    private readonly lossOf: Graph,
    private readonly logitsOf: Graph,
    private readonly blockRows: number,
    /** Per feature, what the graphs take off every row: about its mean. */
    readonly centre: Float32Array,
  ) {
    this.training = trainingOf(data);
    this.trainingBlocks = this.trainingBlocksOf(this.training);
  }

  static async open(data: FitData, centre: Float32Array, device: Device): Promise<RowBlocks> {
    const rows = Math.max(64, Math.floor(blockBytes / (4 * data.dim)));
    const threads = isSmall(data) ? 1 : undefined;
    const lossOf = await openGraph(lossGraph(data.classes), device, threads);
    const logitsOf = await openGraph(logitsGraph(), lossOf.device, threads);
    return new RowBlocks(data, lossOf, logitsOf, rows, centre);
  }

  /** Takes other labels and weights of the same rows. */
  relabel(data: FitData): void {
    this.data = data;
    this.training = trainingOf(data);
    this.trainingBlocks = this.trainingBlocksOf(this.training);
  }

  /** The device that was opened. */
  get device(): Device {
    return this.lossOf.device;
  }

  /**
   * Loss and gradient of every problem.
   * @param W columns × dim, `B` columns: `width` consecutive columns per problem (classes, or 1)
   * @param gradW takes the gradient by W
   */
  async loss(
    problems: readonly ProblemColumns[],
    W: Float32Array,
    B: Float32Array,
    gradW: Float64Array,
  ): Promise<BatchLoss> {
    const { dim, outputs, weightings, classes, labels, rowWeights } = this.training;
    const loss = new Float64Array(problems.length);
    gradW.fill(0);
    const gradB = new Float64Array(B.length);
    const model = {
      W: float32(W, [B.length, dim]),
      centre: float32(this.centre, [dim]),
      B: float32(B, [B.length]),
      weightColumn: int64(problems.map((problem) => problem.weighting)),
      ...(classes > 0 ? {} : { outputColumn: int64(problems.map((problem) => problem.output)) }),
    };
    for (const from of this.trainingBlocks) {
      const rows = this.rowsFrom(this.training, from);
      const out = await this.lossOf.run({
        ...model,
        X: featuresFrom(this.training, from, rows),
        Y: float32(labels.subarray(from * outputs, (from + rows) * outputs), [rows, outputs]),
        M: float32(rowWeights.subarray(from * weightings, (from + rows) * weightings), [rows, weightings]),
      });
      accumulate(loss, present(out['loss'], 'the loss'));
      accumulate(gradW, present(out['gradW'], 'the gradient'));
      accumulate(gradB, present(out['gradB'], 'the gradient'));
    }
    return { loss, gradW, gradB };
  }

  /** Calls `visit(from, Z)` with the logits (rows × columns) of each block of rows. */
  async logits(
    W: Float32Array,
    B: Float32Array,
    visit: (from: number, rows: number, Z: Float32Array) => void,
  ): Promise<void> {
    const { dim } = this.data;
    const model = {
      W: float32(W, [B.length, dim]),
      B: float32(B, [B.length]),
      centre: float32(this.centre, [dim]),
    };
    for (const from of this.blocksOf(this.data)) {
      const rows = this.rowsFrom(this.data, from);
      const out = await this.logitsOf.run({ ...model, X: featuresFrom(this.data, from, rows) });
      visit(from, rows, present(out['Z'], 'the logits'));
    }
  }

  async close(): Promise<void> {
    await this.lossOf.close();
    await this.logitsOf.close();
  }

  private blocksOf({ rows }: FitData): number[] {
    return Array.from({ length: Math.ceil(rows / this.blockRows) }, (_, i) => i * this.blockRows);
  }

  private trainingBlocksOf(data: FitData): number[] {
    return this.blocksOf(data).filter((from) => isForTraining(data, from, this.blockRows));
  }

  private rowsFrom({ rows }: FitData, from: number): number {
    return Math.min(this.blockRows, rows - from);
  }
}

function isSmall({ rows, dim }: FitData): boolean {
  return rows * dim < manyFeatures;
}

/** Whether one of `rows` rows from `from` on counts for a problem. */
function isForTraining({ rowWeights, weightings }: FitData, from: number, rows = 1): boolean {
  return rowWeights.subarray(from * weightings, (from + rows) * weightings).some((weight) => weight > 0);
}

/** The rows for training alone, in their order; many are left where they are. */
function trainingOf(data: FitData): FitData {
  if (!isSmall(data)) return data;
  const wanted = Array.from({ length: data.rows }, (_, row) => row).filter((row) => isForTraining(data, row));
  const { dim, outputs, weightings } = data;
  return {
    ...data,
    rows: wanted.length,
    features: rowsOf(data.features, dim, wanted),
    labels: rowsOf(data.labels, outputs, wanted),
    rowWeights: rowsOf(data.rowWeights, weightings, wanted),
  };
}

function rowsOf(table: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const result = new Float32Array(rows.length * width);
  rows.forEach((row, i) => result.set(table.subarray(row * width, (row + 1) * width), i * width));
  return result;
}

function featuresFrom({ features, dim }: FitData, from: number, rows: number) {
  return float32(features.subarray(from * dim, (from + rows) * dim), [rows, dim]);
}

function accumulate(total: Float64Array, part: Float32Array): void {
  for (let i = 0; i < total.length; i++) total[i]! += part[i]!;
}
