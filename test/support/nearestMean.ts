/**
 * A trainer through the seam alone: an image is of the class whose mean feature vector is nearest to its own. That is a
 * linear layer (μ·x − ½‖μ‖²), so its runs can be exported and explained like those of the last layer.
 */
import { OverreadError } from '../../src/core/base/errors';
import { buildBackbone } from '../../src/core/backbones/backbone';
import { buildTargets } from '../../src/core/labels/targets';
import { projectFeatures } from '../../src/core/project/projectFeatures';
import { resolveProjectWeights } from '../../src/core/project/projectWeights';
import type { Trainer } from '../../src/core/trainers/trainer';
import { applyCalibration, fitTemperature } from '../../src/core/training/calibrate';
import { headFile, serialiseHead } from '../../src/core/training/head';

export interface NearestMeanRequest {
  readonly architecture: string;
  readonly weights: string;
}

export const nearestMean: Trainer<NearestMeanRequest> = {
  name: 'nearest-mean',
  command: 'finetune',
  learns: true,
  async train(project, request, work) {
    const { dataset, assignment } = project;
    const targets = buildTargets(dataset, project.labels);
    if (targets.task !== 'multi-class') {
      throw new OverreadError({ code: 'OVR700', message: 'Nearest means are of classes, not of findings' });
    }
    const { cacheDir, env, inferenceProgram: _, ...rest } = work;
    const resolved = await resolveProjectWeights(project.config, {
      root: project.root,
      ...request,
      cacheDir,
      env,
    });
    const { identity } = resolved;
    const { features, dim, present, contentHashes, problems } = await projectFeatures(project, {
      ...rest,
      cacheDir,
      env,
      weights: identity,
      loadBackbone: (channels) => buildBackbone(resolved, { channels }),
    });
    const { outputs, y } = targets;
    const classes = outputs.length;
    const row = (i: number): Float32Array => features.subarray(i * dim, (i + 1) * dim);

    /** Means of the training part without one fold (-1: with all), as weights and bias of a linear layer. */
    const layerWithout = (fold: number) => {
      const weights = new Float32Array(classes * dim);
      const counts = new Array<number>(classes).fill(0);
      for (let i = 0; i < y.length; i++) {
        const k = y[i]!;
        if (present[i] !== 1 || k < 0 || assignment.fold[i]! < 0 || assignment.fold[i] === fold) continue;
        counts[k]!++;
        row(i).forEach((value, d) => (weights[k * dim + d]! += value));
      }
      const bias = new Float32Array(classes).fill(-1e4);
      for (let k = 0; k < classes; k++) {
        if (counts[k] === 0) continue;
        const mean = weights.subarray(k * dim, (k + 1) * dim);
        for (let d = 0; d < dim; d++) mean[d]! /= counts[k]!;
        bias[k] = -0.5 * mean.reduce((sum, value) => sum + value * value, 0);
      }
      return { weights, bias };
    };
    const full = layerWithout(-1);
    const byFold = Array.from({ length: assignment.folds }, (_, fold) => layerWithout(fold));
    const logits = new Float64Array(y.length * classes).fill(NaN);
    const outOfFold = new Uint8Array(y.length);
    for (let i = 0; i < y.length; i++) {
      if (present[i] !== 1) continue;
      const fold = assignment.fold[i]!;
      outOfFold[i] = fold >= 0 ? 1 : 0;
      const { weights, bias } = fold >= 0 ? byFold[fold]! : full;
      for (let k = 0; k < classes; k++) {
        const mean = weights.subarray(k * dim, (k + 1) * dim);
        logits[i * classes + k] = row(i).reduce((sum, value, d) => sum + value * mean[d]!, bias[k]!);
      }
    }
    const training = Int32Array.from(y, (k, i) => (outOfFold[i] === 1 ? k : -1));
    const temperature = fitTemperature(logits, classes, training);
    const calibration = { kind: 'temperature', temperature } as const;
    const head = { task: targets.task, outputs, dim, ...full, calibration, thresholds: [] };
    const { architecture, name, sha256, source, trainedOn, truncate, preprocessing } = identity;
    return {
      predictions: {
        outputs,
        probabilities: applyCalibration(logits, classes, calibration),
        outOfFold,
        thresholds: [],
      },
      outputs,
      explainable: true,
      exportable: true,
      files: [{ name: headFile, content: serialiseHead(head) }],
      network: {
        architecture,
        weights: { name, sha256, source, trained_on: trainedOn, truncate, preprocessing },
        device: { name: 'cpu', reason: 'as asked for' },
      },
      settings: { temperature },
      usualName: 'nearest-mean',
      contentHashes,
      problems,
      timings: { features_s: 0, cached: 0, train_s: 0 },
    };
  },
};
