/** What a person may write as `weights`, and what it means. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { isOnnxFile, isWeightsFile } from '../config/weightsFile';
import { architectureNames, getArchitecture } from '../networks';
import type { Architecture, PublishedWeights } from '../networks/architecture';

export type WeightsSpec =
  | { readonly kind: 'auto'; readonly architecture: Architecture }
  | { readonly kind: 'published'; readonly architecture: Architecture; readonly published: PublishedWeights }
  | { readonly kind: 'random'; readonly architecture: Architecture; readonly seed: number }
  /** `random` of a file that was used before, named as runs record it. */
  | { readonly kind: 'recorded'; readonly architecture: Architecture; readonly name: string }
  | { readonly kind: 'file'; readonly architecture: Architecture; readonly file: string }
  /** A classifier whose graph comes with it; and one that was used before, named as runs record it. */
  | { readonly kind: 'onnx'; readonly file: string }
  | { readonly kind: 'recordedOnnx'; readonly name: string };

/** What stands for the architecture of a network that brings its own graph. */
export const onnxArchitecture = 'onnx';

/** Every published name, `architecture.tag`. */
export function publishedName(architecture: Architecture, published: PublishedWeights): string {
  return `${architecture.name}.${published.tag}`;
}

/**
 * Reads `auto`, `random`, `random:SEED`, a tag, `architecture.tag`, the name of weights that a run records, or
 * a file. A name with its architecture wins over `architectureName`.
 * @param root where relative files start
 * @throws OVR500 for anything else, with the nearest names
 */
export function parseWeights(
  architectureName: string,
  weights: string,
  root: string | undefined,
): WeightsSpec {
  if (isWeightsFile(weights)) {
    const file = root === undefined ? path.resolve(weights) : path.resolve(root, weights);
    if (isOnnxFile(weights)) return { kind: 'onnx', file };
    return { kind: 'file', architecture: getArchitecture(architectureName), file };
  }
  if (/^onnx\.file-[0-9a-f]{12}$/.test(weights)) return { kind: 'recordedOnnx', name: weights };
  const owner = architectureNames.find((name) => weights.startsWith(`${name}.`));
  const architecture = getArchitecture(owner ?? architectureName);
  const tag = owner === undefined ? weights : weights.slice(owner.length + 1);
  if (tag === 'auto') return { kind: 'auto', architecture };
  const random = /^random(?:[:-](\d+))?$/.exec(tag);
  if (random) return { kind: 'random', architecture, seed: parseSeed(random[1]) };
  const published = architecture.weights.find((candidate) => candidate.tag === tag);
  if (published) return { kind: 'published', architecture, published };
  if (/^file-[0-9a-f]{12}$/.test(tag))
    return { kind: 'recorded', architecture, name: `${architecture.name}.${tag}` };
  const known = architecture.weights.map((candidate) => publishedName(architecture, candidate));
  throw new OverreadError({
    code: 'OVR500',
    message: `Unknown weights "${weights}" for ${architecture.name}`,
    expected: `auto, ${known.join(', ')}, random, random:SEED, or a file (.safetensors, .pth, .pt, .onnx)`,
    fix: 'For a file without such an ending write ./ before its name',
  });
}

function parseSeed(text: string | undefined): number {
  const seed = Number(text ?? 0);
  if (seed <= 0xffffffff) return seed;
  throw new OverreadError({
    code: 'OVR500',
    message: `Seed ${text ?? ''} of random weights is too large`,
    expected: 'a whole number from 0 to 4294967295',
  });
}
