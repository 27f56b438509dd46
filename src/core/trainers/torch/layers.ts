/** What learns: from `training.layers` to names of tensors, and how far each stands from the last layer. */
import { closest } from 'fastest-levenshtein';
import { OverreadError } from '../../base/errors';
import type { Architecture } from '../../networks/architecture';
import { tensorsByBlock, type BlockTensors } from '../../networks/build';

/** As overread.yaml and the command line give it; names are of blocks. */
export type Layers = 'last' | 'last-block' | 'last-two-blocks' | 'all' | readonly string[];

const words: readonly string[] = ['last', 'last-block', 'last-two-blocks', 'all'];

export interface TrainedLayers {
  /** Names of tensors beside the last layer; empty for `last`. */
  readonly trainable: readonly string[];
  /** Blocks between each of them and the last layer, from 1 on. */
  readonly depth: Readonly<Record<string, number>>;
}

/** Reads `--layers`: one of the words, or names of blocks with commas between them. */
export function parseLayers(text: string): Layers {
  return words.includes(text) ? (text as Exclude<Layers, readonly string[]>) : text.split(',');
}

/** `last-block`, or the names of the blocks. */
export function describeLayers(layers: Layers): string {
  return typeof layers === 'string' ? layers : layers.join(', ');
}

/**
 * A block of `last-block` is a stretch with a convolution that sees more than one pixel; what follows it (a norm, a
 * 1 × 1 convolution, layers on the pooled map) belongs to it.
 * @throws OVR505 there is no such block
 */
export function resolveLayers(architecture: Architecture, layers: Layers): TrainedLayers {
  const blocks = tensorsByBlock(architecture);
  const chosen = chosenBlocks(architecture, blocks, layers);
  const trainable: string[] = [];
  const depth: Record<string, number> = {};
  // A name that stands for no learnt tensor (a pooling) is no step away from the last layer.
  let distance = 0;
  for (const block of blocks.toReversed()) {
    const learnt = block.tensors.filter(({ role }) => role !== 'normMean' && role !== 'normVariance');
    if (learnt.length > 0) distance++;
    if (!chosen.has(block.name)) continue;
    for (const { name } of learnt) {
      trainable.push(name);
      depth[name] = distance;
    }
  }
  return { trainable, depth };
}

function chosenBlocks(
  architecture: Architecture,
  blocks: readonly BlockTensors[],
  layers: Layers,
): ReadonlySet<string> {
  const names = blocks.map(({ name }) => name);
  if (typeof layers !== 'string') {
    const unknown = layers.find((name) => !names.includes(name));
    if (unknown === undefined) return new Set(layers);
    throw new OverreadError({
      code: 'OVR505',
      message: `${architecture.name} has no block "${unknown}" to train`,
      expected: `${words.join(', ')}, or some of ${names.join(', ')}`,
      fix: `Did you mean "${closest(unknown, [...words, ...names])}"?`,
    });
  }
  if (layers === 'last') return new Set();
  if (layers === 'all') return new Set(names);
  const wide = [...blocks.keys()].filter((at) => blocks[at]?.tensors.some(isWide) === true);
  const from = wide.at(layers === 'last-block' ? -1 : -2) ?? 0;
  return new Set(names.slice(from));
}

/** A convolution with a kernel of more than one pixel. */
function isWide({ role, shape }: BlockTensors['tensors'][number]): boolean {
  return role === 'weight' && shape.length === 4 && ((shape[2] ?? 1) > 1 || (shape[3] ?? 1) > 1);
}
