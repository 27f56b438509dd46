/** What Python left, read as what a run is made of. */
import type { PredictionColumns } from '../../evaluation/model';
import { OverreadError } from '../../base/errors';
import { readPlainFile } from '../../base/readPlain';
import { sha256 } from '../../base/files';
import type { Targets } from '../../labels/model';
import type { StateDict, Tensor } from '../../networks/model';
import type { Project } from '../../project/project';
import { applyCalibration } from '../../training/calibrate';
import { calibrateOn, thresholdsOn } from '../../training/calibrateOn';
import type { Head } from '../../training/model';
import { readSafetensors, type SafetensorsContent } from '../../weights/stateDict/safetensors';
import { serialiseNetwork } from '../serialiseNetwork';
import { workFiles } from './model';

export interface TorchResults {
  readonly predictions: PredictionColumns;
  readonly head: Head;
  /** `weights.safetensors` of the run: the network without its last layer. */
  readonly weights: Uint8Array;
  readonly sha256: string;
  /** Epochs that the network was trained for. */
  readonly epochs: number;
  /** The strength of the last layer's penalty before it. */
  readonly C: number;
}

/**
 * Reads logits and weights. Training samples have their logits out of fold where there are any; the others' network has
 * seen them, which is marked.
 * @throws OVR706 they are missing or do not fit the project
 */
export async function readResults(
  project: Project,
  targets: Targets,
  folder: string,
  classifier: string,
): Promise<TorchResults> {
  const logitsFile = await readTensors(project, folder, workFiles.logits);
  const trained = await readTensors(project, folder, workFiles.weights);
  const samples = project.dataset.samples.length;
  const outputs = targets.outputs.length;
  const final = shaped(logitsFile, 'final', [samples, outputs]);
  const outOfFold = shaped(logitsFile, 'out_of_fold', [samples, outputs]);
  const inner = shaped(logitsFile, 'inner', [samples, outputs]);
  const isThere = (values: Float32Array, row: number): boolean => !Number.isNaN(values[row * outputs]!);
  const rows = [...project.dataset.samples.keys()];
  const held = Uint8Array.from(rows, (row) => (isThere(outOfFold, row) ? 1 : 0));
  const isTrained = trainedRows(project, targets, final);
  const seen = Uint8Array.from(rows, (row) => (isTrained[row] === 1 && held[row] === 0 ? 1 : 0));
  const logits = Float64Array.from(final, (value, at) =>
    held[Math.floor(at / outputs)] === 1 ? outOfFold[at]! : value,
  );
  const { calibration, thresholds } = calibrated(project, targets, logits, held, inner);
  const weight = tensorOf(trained, `${classifier}.weight`);
  const bias = tensorOf(trained, `${classifier}.bias`);
  const backbone: StateDict = new Map(
    [...trained.tensors].filter(([name]) => !name.startsWith(`${classifier}.`)),
  );
  const bytes = serialiseNetwork(backbone);
  return {
    predictions: {
      outputs: targets.outputs,
      probabilities: applyCalibration(logits, outputs, calibration),
      outOfFold: held,
      thresholds,
      seen,
    },
    head: {
      task: targets.task,
      outputs: targets.outputs,
      dim: weight.shape[1] ?? 0,
      weights: weight.data,
      bias: bias.data,
      calibration,
      thresholds,
    },
    weights: bytes,
    sha256: sha256(bytes),
    epochs: Number(trained.metadata.get('epochs') ?? Number.NaN),
    C: Number(trained.metadata.get('C') ?? Number.NaN),
  };
}

/** What a training without the inner fold alone left. */
export interface InnerResults {
  /** Of the inner fold's samples; NaN elsewhere. */
  readonly predictions: PredictionColumns;
  /** After so many epochs its log loss was best. */
  readonly epochs: number;
}

/**
 * Reads the logits of the inner fold, from the network that was trained without it.
 * @throws OVR706 they are missing or do not fit the project
 */
export async function readInnerResults(
  project: Project,
  targets: Targets,
  folder: string,
): Promise<InnerResults> {
  const file = await readTensors(project, folder, workFiles.logits);
  const samples = project.dataset.samples.length;
  const outputs = targets.outputs.length;
  const inner = shaped(file, 'inner', [samples, outputs]);
  const none = new Uint8Array(samples);
  const { calibration, thresholds } = calibrated(project, targets, new Float64Array(0), none, inner);
  return {
    predictions: {
      outputs: targets.outputs,
      probabilities: applyCalibration(Float64Array.from(inner), outputs, calibration),
      outOfFold: none.map((_, row) => (Number.isNaN(inner[row * outputs]!) ? 0 : 1)),
      thresholds,
    },
    epochs: Number(file.metadata.get('epochs') ?? Number.NaN),
  };
}

/** Calibration and thresholds from logits out of fold, else from those of the network without the inner fold. */
function calibrated(
  { dataset }: Project,
  targets: Targets,
  logits: Float64Array,
  held: Uint8Array,
  inner: Float32Array,
) {
  const outputs = targets.outputs.length;
  const fromFolds = held.includes(1);
  const source = fromFolds ? logits : Float64Array.from(inner);
  const chosen = fromFolds
    ? held
    : Uint8Array.from(held, (_, row) => (Number.isNaN(inner[row * outputs]!) ? 0 : 1));
  const groups = dataset.samples.map(({ group }) => group);
  const calibration = calibrateOn(source, targets, chosen, groups);
  return {
    calibration,
    thresholds: thresholdsOn(applyCalibration(source, outputs, calibration), targets, chosen, groups),
  };
}

/** 1 where the final network was trained on the sample: of the training part, labelled, with pixels. */
function trainedRows({ assignment }: Project, targets: Targets, final: Float32Array): Uint8Array {
  const outputs = targets.outputs.length;
  const width = targets.y.length / assignment.fold.length;
  return Uint8Array.from(assignment.fold, (fold, row) =>
    fold >= 0 &&
    !Number.isNaN(final[row * outputs]!) &&
    targets.y.subarray(row * width, (row + 1) * width).some((y) => y >= 0)
      ? 1
      : 0,
  );
}

async function readTensors(project: Project, folder: string, name: string): Promise<SafetensorsContent> {
  const file = project.folder.path(folder, name);
  try {
    return readSafetensors(await readPlainFile(file), name);
  } catch (error) {
    throw new OverreadError({
      code: 'OVR706',
      message: `Training left no ${name} that can be read`,
      place: { file: `${folder}/${name}` },
      fix: 'Start it again',
      cause: error,
    });
  }
}

function tensorOf({ tensors }: SafetensorsContent, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor) return tensor;
  throw new OverreadError({
    code: 'OVR706',
    message: `Training left no tensor ${name}`,
    fix: 'Start it again',
  });
}

function shaped(content: SafetensorsContent, name: string, shape: readonly number[]): Float32Array {
  const tensor = tensorOf(content, name);
  if (tensor.shape.join() === shape.join()) return tensor.data;
  throw new OverreadError({
    code: 'OVR706',
    message: `The tensor ${name} that training left has shape [${tensor.shape.join(', ')}]`,
    expected: `[${shape.join(', ')}]`,
    fix: 'Start it again',
  });
}
