/** Which networks to compare, from what a person wrote. */
import { OverreadError } from '../base/errors';
import type { ProjectConfig } from '../config/config';
import { getArchitecture } from '../networks';
import { blocksUntil } from '../networks/build';
import { parseWeights } from '../weights/spec';

/** One network that is wanted. */
export interface ModelRequest {
  /** As it was written. */
  readonly text: string;
  readonly architecture: string;
  readonly weights: string;
  /** A block to cut after; null: none; undefined: as the project says, for its own architecture. */
  readonly truncate: string | null | undefined;
}

/**
 * Reads `architecture[:weights],…`. Weights are what `--weights` takes (`auto`, a tag, a file, `random`,
 * `random:SEED`); `architecture.tag` is one word. Without weights they are `auto`.
 * @param root where relative files start
 * @throws OVR001 nothing is named, or one network twice; OVR500 an unknown architecture or weights name
 */
export function parseArchitectures(text: string, root: string): readonly ModelRequest[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.some((word) => word === '')) {
    throw new OverreadError({
      code: 'OVR001',
      message: `"${text}" names no architecture in one place`,
      expected: 'names between commas, for instance densenet121,resnet18:random',
    });
  }
  const twice = words.find((word, i) => words.indexOf(word) !== i);
  if (twice !== undefined) {
    throw new OverreadError({ code: 'OVR001', message: `"${twice}" is named twice`, fix: 'Name it once' });
  }
  return words.map((word) => parseOne(word, root));
}

function parseOne(text: string, root: string): ModelRequest {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const [plain, tag] = splitOnce(name, '.');
  getArchitecture(plain);
  const weights = tag !== undefined ? name : colon < 0 ? 'auto' : text.slice(colon + 1);
  // Faults of spelling end the command; weights that cannot be had are the entry's own failure.
  parseWeights(plain, weights, root);
  return { text, architecture: plain, weights, truncate: undefined };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The project's own network, whole or cut as it says. */
export function projectModel({ model }: Pick<ProjectConfig, 'model'>): ModelRequest {
  const { architecture, weights } = model;
  return { text: architecture, architecture, weights, truncate: undefined };
}

/**
 * One network cut after several blocks, from the first to the last, and whole at the end. `all` leaves the last
 * block out where features are its plain average: cutting there is the whole network.
 * @param text `all`, or block names between commas
 * @throws OVR505 there is no such block
 */
export function truncationsOf(base: ModelRequest, text: string): readonly ModelRequest[] {
  const architecture = getArchitecture(base.architecture);
  const names = architecture.blocks.map((block) => block.name);
  const all = architecture.pooling === 'linear' ? names.slice(0, -1) : names;
  const wanted = text.trim() === 'all' ? all : text.split(',').map((word) => word.trim());
  for (const word of wanted) blocksUntil(architecture, word);
  const cuts = names.filter((name) => wanted.includes(name));
  return [...cuts, null].map((truncate) => ({ ...base, truncate }));
}
