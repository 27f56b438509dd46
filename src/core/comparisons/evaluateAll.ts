/** The networks of a comparison one after the other: one that fails is left out with its reason. */
import { performance } from 'node:perf_hooks';
import { OverreadError, type ErrorCode } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import type { PredictionColumns } from '../evaluation/model';
import type { Targets } from '../labels/model';
import { getArchitecture } from '../networks';
import type { Precision } from '../networks/model';
import { costOfFeatures } from '../networks/build';
import type { Device } from '../onnx/model';
import type { ResolvedWeights } from '../weights/model';
import { evaluateModel } from '../trainers/evaluateModel';
import type { Project } from '../project/project';
import { resolveProjectWeights } from '../project/projectWeights';
import { seconds } from '../evaluation/measure';
import type { ComparedModel, ComparisonKind, FailedModel } from '../evaluation/comparison';
import type { ModelRequest } from './requests';

export interface EvaluateAllOptions extends WorkOptions {
  readonly kind: ComparisonKind;
  readonly device: Device;
  /** Of the features, instead of the project's. */
  readonly precision?: Precision | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  readonly inferenceProgram?: string | undefined;
  /** Called after each network. */
  readonly onModel?: ((label: string, failure: OverreadError | null) => void) | undefined;
}

/** What is known of a network before its figures. */
export interface Evaluated {
  readonly facts: Omit<ComparedModel, 'out_of_fold' | 'validation'>;
  readonly predictions: PredictionColumns;
  readonly targets: Targets;
  readonly contentHashes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Failures of one network; any other would meet the next one too, and ends the comparison. */
export const ownFailures: ReadonlySet<ErrorCode> = new Set([
  'OVR500',
  'OVR501',
  'OVR502',
  'OVR503',
  'OVR504',
  'OVR505',
  'OVR506',
  'OVR701',
]);

/**
 * Evaluates all networks on one reading of the project.
 * @throws the first failure when every network fails, and what is no network's own fault; OVR002 cancelled
 */
export async function evaluateAll(
  project: Project,
  requests: readonly ModelRequest[],
  options: EvaluateAllOptions,
): Promise<{ readonly evaluated: readonly Evaluated[]; readonly failed: readonly FailedModel[] }> {
  const evaluated: Evaluated[] = [];
  const failed: FailedModel[] = [];
  let firstFailure: OverreadError | undefined;
  for (const [i, request] of requests.entries()) {
    const name = requestLabel(request, options.kind);
    const place = `${i + 1} of ${requests.length}: ${name}`;
    try {
      const model = await evaluateOne(project, request, {
        ...options,
        ...(options.onProgress
          ? {
              onProgress: ({ message, ...progress }) =>
                options.onProgress?.({
                  ...progress,
                  message: message === undefined ? place : `${place}, ${message}`,
                }),
            }
          : {}),
      });
      evaluated.push(model);
      options.onModel?.(model.facts.label, null);
    } catch (error) {
      if (!(error instanceof OverreadError) || !ownFailures.has(error.code)) throw error;
      firstFailure ??= error;
      failed.push({
        label: name,
        architecture: request.architecture,
        truncate: request.truncate ?? null,
        error: error.toJSON(),
      });
      options.onModel?.(name, error);
    }
  }
  if (evaluated.length === 0 && firstFailure) throw firstFailure;
  return { evaluated, failed };
}

async function evaluateOne(
  project: Project,
  request: ModelRequest,
  options: EvaluateAllOptions,
): Promise<Evaluated> {
  const { device, inferenceProgram, signal, onProgress, log } = options;
  const work: WorkOptions = {
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(log ? { log } : {}),
  };
  const started = performance.now();
  const resolved = await resolveProjectWeights(project.config, {
    root: project.root,
    architecture: request.architecture,
    weights: request.weights,
    truncate: request.truncate,
    precision: options.precision,
    takeOther: false,
    cacheDir: options.cacheDir,
    env: options.env,
    ...work,
  });
  const { features, fit, predictions, targets, featuresDone, trained } = await evaluateModel(
    project,
    resolved,
    { device, cacheDir: options.cacheDir, env: options.env, inferenceProgram, ...work },
  );
  const { name, sha256, source, trainedOn, preprocessing, architecture, truncate } = resolved.identity;
  const random = source === 'random';
  return {
    facts: {
      label: modelLabel(resolved, options.kind),
      architecture,
      weights: { name, sha256, source, trained_on: trainedOn, preprocessing },
      random,
      truncate,
      ...costOf(resolved),
      feature_size: features.dim,
      C: fit.C,
      device: features.opened?.device ?? 'cache',
      timings: {
        features_s: seconds(featuresDone - started),
        cached: features.cached,
        train_s: seconds(trained - featuresDone),
      },
      notes: resolved.notes,
    },
    predictions,
    targets,
    contentHashes: features.contentHashes,
    problems: features.problems,
  };
}

function costOf({ kind, identity }: ResolvedWeights): Pick<ComparedModel, 'parameters' | 'gmacs'> {
  if (kind === 'onnx') return { parameters: null, gmacs: null };
  const { architecture, preprocessing, truncate } = identity;
  const { parameters, gmacs } = costOfFeatures(getArchitecture(architecture), preprocessing.size, truncate);
  return { parameters, gmacs };
}

/** What the uncut network is called in a sweep. */
const wholeNetwork = 'whole network';

/** What a network is called before its weights are found. */
function requestLabel({ text, truncate }: ModelRequest, kind: ComparisonKind): string {
  return kind === 'truncations' ? (truncate ?? wholeNetwork) : text;
}

/** In a sweep the block, else the weights; random weights and half precision are told wherever the label stands. */
function modelLabel({ identity }: ResolvedWeights, kind: ComparisonKind): string {
  const { name, truncate, source, precision } = identity;
  const marks = [...(source === 'random' ? ['random'] : []), ...(precision === undefined ? [] : [precision])];
  const marked = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  if (kind === 'truncations') return `${truncate ?? wholeNetwork}${marked}`;
  return `${name}${truncate === null ? '' : ` up to ${truncate}`}${marked}`;
}
