/** What to say when no source has the weights: what was tried, and how to bring the file by hand. */
import { OverreadError } from '../base/errors';
import type { PublishedWeights } from '../networks/architecture';
import { hubUrl } from './hub/hub';
import type { Environment } from './pip';
import { placedFile } from './record';
import type { SourceUnavailable } from './sourceUnavailable';

/** Weights that were wanted, and what their sources answered. */
export interface Attempt {
  readonly name: string;
  readonly published: PublishedWeights;
  readonly tried: readonly SourceUnavailable[];
}

/** OVR501 over all attempts, the wanted weights first. */
export function weightsUnreachable(
  attempts: readonly [Attempt, ...Attempt[]],
  cacheDir: string,
  env: Environment,
): OverreadError {
  const tried = attempts.flatMap(({ name, tried: sources }) =>
    sources.map(({ source, reason }) => `${name} from ${source}: ${reason}`),
  );
  const [{ name, published }] = attempts;
  return new OverreadError({
    code: 'OVR501',
    message: `Weights ${name} cannot be had from any source. Tried ${tried.join('; ')}`,
    fix:
      `On a machine that reaches the hub run: curl -L -o model.safetensors ${hubUrl(published, env)} ` +
      `and bring the file to ${placedFile(cacheDir, name)} (or give any file with --weights FILE). ` +
      'Random weights are to be had with --weights random, never by themselves',
  });
}
