/**
 * `model.onnx` of a run: preprocessing constants, backbone, the run's last layer and its calibration in one
 * graph, checked against the run's own predictions before it gets its name.
 */
import * as path from 'node:path';
import { Tensor } from '../onnx/nativeRuntime';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { present } from '../base/present';
import type { WorkOptions } from '../base/ports';
import { resolveImages } from '../dataset/imagePath';
import { decodeImage } from '../images/decode';
import type { Preprocessing } from '../images/model';
import { dicomInput, preprocess } from '../images/preprocess';
import { buildClassifier } from '../backbones/classifier';
import { openSession } from '../onnx/runtime';
import { networkFor } from './abilities';
import type { OperatingPoint } from '../evaluation/runAnalysis';
import { measuredParts } from './measuredParts';
import { runOperatingPoints } from './operatingPoints';
import { resolveRunWeights } from './runWeights';
import { runFiles, runsName } from './folder';
import { readRunHead } from './readHead';
import type { WholeRun } from './wholeRun';
import type { Project } from '../project/project';

export interface ExportOptions extends WorkOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  /** Images to check the model on; default 8. */
  readonly check?: number;
}

export interface ExportResult {
  readonly file: string;
  readonly bytes: number;
  /** Images on which it was compared with the run. */
  readonly checked: number;
  /** The largest difference of a probability from the run's. */
  readonly largestDifference: number;
  /** The targets of `operating_points` with the thresholds that the file names. */
  readonly operating_points: readonly OperatingPoint[];
}

/** The largest difference of a probability that counts as the same; in half precision devices round differently. */
const tolerances = { fp32: 1e-4, fp16: 1e-2 };

/**
 * Writes `model.onnx` into the run's folder. Only samples outside the training part can be compared: the
 * exported layer saw all of the training part, the run's figures there are out of fold.
 * @throws OverreadError OVR802 when the model does not reproduce the run, OVR803 when its weights are gone,
 * OVR804 when it has no model to export
 */
export async function exportModel(
  project: Project,
  run: WholeRun,
  options: ExportOptions,
): Promise<ExportResult> {
  const network = networkFor(run.record, 'export');
  // Before the work whose result would be lost.
  await project.folder.tryWriting(`${runsName}/${run.record.run}`);
  const head = await readRunHead(run);
  const resolved = await resolveRunWeights(project, run, network, options);
  const { preprocessing, precision = 'fp32' } = resolved.identity;
  options.onProgress?.({ stage: 'build', done: 0 });
  const points = runOperatingPoints(measuredParts(project, run, false), project.config);
  const onnx = await buildClassifier(resolved, head, describePoints(points));
  const checked = await compareWithRun(project, onnx, preprocessing, run, options);
  refuseDifferent(checked.largestDifference, tolerances[precision]);
  await project.folder.writeFile(`${runsName}/${run.record.run}/${runFiles.model}`, onnx);
  const file = path.join(run.dir, runFiles.model);
  return { file, bytes: onnx.byteLength, ...checked, operating_points: points };
}

/** The metadata entry `operating_points`; none where no target is set. */
function describePoints(points: readonly OperatingPoint[]): Readonly<Record<string, string>> {
  const met = points.flatMap(({ output, target, threshold, figures }) => {
    if (threshold === null) return [];
    const parts = figures.map(({ part, figures: { sensitivity, specificity, ppv, npv } }) => [
      part,
      { sensitivity: sensitivity.value, specificity: specificity.value, ppv: ppv.value, npv: npv.value },
    ]);
    return [{ output, target, threshold, ...(Object.fromEntries(parts) as object) }];
  });
  return met.length === 0 ? {} : { operating_points: JSON.stringify(met) };
}

async function compareWithRun(
  project: Project,
  onnx: Uint8Array,
  preprocessing: Preprocessing,
  run: WholeRun,
  options: ExportOptions,
): Promise<Pick<ExportResult, 'checked' | 'largestDifference'>> {
  const { dataset, assignment } = project;
  const { predictions } = run;
  const outputs = predictions.outputs.length;
  const candidates = dataset.samples.filter(
    (_, i) => assignment.split[i] !== 'train' && !Number.isNaN(predictions.probabilities[i * outputs]),
  );
  const chosen = candidates.slice(0, options.check ?? 8);
  const files = await resolveImages(project.root, project.config, chosen);
  const { session } = await openSession(onnx, 'cpu');
  let largestDifference = 0;
  let checked = 0;
  try {
    for (const [at, sample] of chosen.entries()) {
      throwIfCancelled(options.signal);
      options.onProgress?.({ stage: 'check', done: at, total: chosen.length });
      const location = files[at];
      if (!location || !('file' in location)) continue;
      const { channels, size } = preprocessing;
      const input = toUnitRange(
        preprocess(await decodeImage(location.file, dicomInput(preprocessing)), preprocessing),
        preprocessing,
      );
      const result = await session.run({ image: new Tensor('float32', input, [1, channels, size, size]) });
      const probabilities = present(result['probabilities'], 'the output of the exported model')
        .data as Float32Array;
      const row = dataset.samples.indexOf(sample) * outputs;
      for (let k = 0; k < outputs; k++) {
        const difference = Math.abs(probabilities[k]! - predictions.probabilities[row + k]!);
        // A difference that is no number must fail, so it counts as the largest there is.
        largestDifference = Math.max(largestDifference, Number.isNaN(difference) ? Infinity : difference);
      }
      checked++;
    }
  } finally {
    await session.release();
  }
  return { checked, largestDifference };
}

/** @throws OVR802 */
function refuseDifferent(largestDifference: number, tolerance: number): void {
  if (largestDifference <= tolerance) return;
  throw new OverreadError({
    code: 'OVR802',
    message: `The exported model differs from the run by ${largestDifference.toExponential(1)} in a probability`,
    expected: `at most ${tolerance}`,
    fix: 'Fine-tune again and export that run; if it differs again, report it',
  });
}

/** Normalised values back to [0, 1]: the exported graph normalises by itself. */
function toUnitRange(normalised: Float32Array, { mean, std, size }: Preprocessing): Float32Array {
  const plane = size * size;
  const scales = Float64Array.from(std);
  const offsets = Float64Array.from(mean);
  return normalised.map((value, at) => {
    const channel = Math.floor(at / plane);
    return value * scales[channel]! + offsets[channel]!;
  });
}
