/** The settings of a declared space: every combination for the last layer, and what PyTorch may be asked to train. */
import { OverreadError } from '../base/errors';
import type { ProjectConfig } from '../config/config';
import { parseArchitectures, type ModelRequest } from '../comparisons/requests';
import { getArchitecture } from '../networks';
import { blocksUntil } from '../networks/build';
import type { Augmentation, SweepSetting, SweptLayers } from './model';

/** More combinations are a mistake: the best of so many is best by chance. */
export const mostCombinations = 2000;

export type DeclaredSpace = ProjectConfig['sweep'];

/** A network, and the strengths of the penalty that are tried on its features at once. */
export interface NetworkTrials {
  /** undefined: the project's. */
  readonly network: string | undefined;
  readonly request: ModelRequest | undefined;
  readonly truncate: string | null | undefined;
  /** undefined: as training.C says. */
  readonly strengths: readonly (number | undefined)[];
}

/** What PyTorch may be asked to train. */
export interface DeepSpace {
  readonly networks: readonly (string | undefined)[];
  readonly layers: readonly Exclude<SweptLayers, 'last'>[];
  readonly learning_rate: { readonly low: number; readonly high: number };
  readonly augmentation: readonly Augmentation[];
  readonly trials: number;
}

export interface SweepSpace {
  readonly lastLayer: readonly NetworkTrials[];
  readonly deep: DeepSpace | null;
  /** Combinations and trainings. */
  readonly size: number;
}

/**
 * Lays out a declared space. The project's own setting is not among it: it is tried before all others.
 * @param root where relative files of weights start
 * @throws OVR500 unknown architecture or weights; OVR505 a block that no network has; OVR001 too many combinations, or a
 * learning rate whose lowest is above its highest
 */
export function layOutSpace(declared: DeclaredSpace, config: ProjectConfig, root: string): SweepSpace {
  const requests = declared.architectures.flatMap((text) => parseArchitectures(text, root));
  const networks = requests.length === 0 ? [undefined] : requests;
  const strengths = declared.C.length === 0 ? [undefined] : declared.C;
  const cuts = declared.truncate;
  const lastLayer = declared.layers.includes('last')
    ? networks.flatMap((request) =>
        (cuts.length === 0 ? [undefined] : cutsOf(request, config, cuts)).map((truncate) => ({
          network: request?.text,
          request,
          truncate,
          strengths,
        })),
      )
    : [];
  refuseUnknownBlocks(networks, config, cuts);
  const layers = declared.layers.filter((one) => one !== 'last');
  const { low, high } = declared.learning_rate;
  if (low > high) {
    throw new OverreadError({
      code: 'OVR001',
      message: `The learning rates of the sweep go from ${low} down to ${high}`,
      expected: 'the lowest, then the highest',
    });
  }
  const deep: DeepSpace | null =
    layers.length === 0
      ? null
      : {
          networks: networks.map((request) => request?.text),
          layers,
          learning_rate: { low, high },
          augmentation: declared.augmentation,
          trials: declared.trials,
        };
  const size = lastLayer.length * strengths.length + (deep?.trials ?? 0);
  if (size > mostCombinations) {
    throw new OverreadError({
      code: 'OVR001',
      message: `The sweep has ${size} settings`,
      expected: `at most ${mostCombinations}`,
      fix: 'Leave some out: the best of very many is best by chance',
    });
  }
  return { lastLayer, deep, size };
}

/**
 * `densenet121.tv_in1k · up to denseblock3 · C 0.01`.
 * @param weights their name; undefined: they are not known, and the network is called as it was written
 */
export function labelOf(setting: SweepSetting, config: ProjectConfig, weights?: string): string {
  const { network, truncate, C, layers, learning_rate, augmentation } = setting;
  const deep = layers !== undefined && layers !== 'last';
  const parts = [
    weights ?? network ?? config.model.architecture,
    ...(typeof truncate === 'string' ? [`up to ${truncate}`] : []),
    ...(truncate === null && config.model.truncate !== null ? ['whole'] : []),
    ...(deep ? [layers] : []),
    ...(C === undefined ? [] : [`C ${C}`]),
    ...(learning_rate === undefined ? [] : [`rate ${learning_rate.toPrecision(2)}`]),
    ...(augmentation === undefined || augmentation === 'configured' ? [] : [`augmentation ${augmentation}`]),
  ];
  return parts.join(' · ');
}

function architectureOf(request: ModelRequest | undefined, config: ProjectConfig): string {
  return request?.architecture ?? config.model.architecture;
}

/** Those of the cuts that a network has a block for. */
function cutsOf(
  request: ModelRequest | undefined,
  config: ProjectConfig,
  cuts: readonly (string | null)[],
): (string | null)[] {
  const names = getArchitecture(architectureOf(request, config)).blocks.map(({ name }) => name);
  return cuts.filter((cut) => cut === null || names.includes(cut));
}

function refuseUnknownBlocks(
  networks: readonly (ModelRequest | undefined)[],
  config: ProjectConfig,
  cuts: readonly (string | null)[],
): void {
  const known = new Set<string | null>(networks.flatMap((request) => cutsOf(request, config, cuts)));
  const unknown = cuts.find((cut) => cut !== null && !known.has(cut));
  // The message names the blocks of the first network.
  if (typeof unknown === 'string') blocksUntil(getArchitecture(architectureOf(networks[0], config)), unknown);
}
