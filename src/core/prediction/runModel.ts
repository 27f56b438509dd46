/** The model of a finished run, ready to be asked about images that it was not made with. */
import { OverreadError } from '../base/errors';
import type { RowSink } from '../features/rows';
import { explainedLayer, logitsOf } from '../heatmaps/linearLayer';
import type { LinearLayer } from '../heatmaps/model';
import type { Project } from '../project/project';
import type { Run } from '../runs/folder';
import { readRunHead } from '../runs/readHead';
import { resolveRunWeights, type RunWeightsRequest } from '../runs/runWeights';
import { applyCalibration } from '../training/calibrate';
import type { Head } from '../training/model';
import type { ResolvedWeights } from '../weights/model';

export interface RunModel {
  /** The run's name. */
  readonly run: string;
  readonly head: Head;
  readonly weights: ResolvedWeights;
}

/**
 * Reads the last layer of a run and finds its network's weights.
 * @throws OVR804 the run has no model of its own; OVR801, OVR803, OVR5xx its files or weights cannot be used
 */
export async function openRunModel(
  project: Pick<Project, 'root' | 'config'>,
  run: Pick<Run, 'dir' | 'record'>,
  request: RunWeightsRequest,
): Promise<RunModel> {
  const { record } = run;
  const able = record.can.export;
  if (able !== true || record.network === null) {
    throw new OverreadError({
      code: 'OVR804',
      message: `The run ${record.run} cannot predict: ${able === true ? 'its network is not known' : able}`,
      fix: 'Name another run with --run, or fine-tune the last layer',
    });
  }
  const head = await readRunHead(run);
  return { run: record.run, head, weights: await resolveRunWeights(project, run, record.network, request) };
}

/** Calibrated probabilities of images from their features, as these come: nothing else is held in memory. */
export class Probabilities implements RowSink {
  /** images × outputs, row-major, from 0 to 1; NaN where no features came. */
  readonly values: Float64Array;
  private readonly layer: LinearLayer;

  constructor(
    private readonly head: Head,
    images: number,
  ) {
    this.layer = explainedLayer(head);
    this.values = new Float64Array(images * head.outputs.length).fill(NaN);
  }

  set(row: number, features: Float32Array): void {
    const { outputs, calibration } = this.head;
    const logits = logitsOf(this.layer, features, 1);
    this.values.set(applyCalibration(logits, outputs.length, calibration), row * outputs.length);
  }

  copy(from: number, to: number): void {
    const width = this.head.outputs.length;
    this.values.copyWithin(to * width, from * width, (from + 1) * width);
  }
}
