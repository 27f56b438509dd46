/** What an architecture costs, counted once and kept: a walk through all networks takes a moment. */
import { getArchitecture } from '../networks';
import type { Architecture } from '../networks/architecture';
import { costOfFeatures, costOfNetwork } from '../networks/build';
import type { BlockRow } from './model';

export interface ArchitectureFacts {
  /** Of the whole published network, with its last layer. */
  readonly parameters: number;
  readonly gmacs: number;
  /** What is left after each block, at the architecture's own input size. */
  readonly blocks: readonly BlockRow[];
}

const counted = new Map<string, ArchitectureFacts>();

/** @throws OVR500 there is no such architecture */
export function factsOf(name: string): ArchitectureFacts {
  const facts = counted.get(name) ?? count(getArchitecture(name));
  counted.set(name, facts);
  return facts;
}

function count(architecture: Architecture): ArchitectureFacts {
  const { size } = architecture.preprocessing;
  const blocks = architecture.blocks.map(({ name }) => {
    const { featureSize, parameters, gmacs } = costOfFeatures(architecture, size, name);
    return { name, featureSize, parameters, gmacs };
  });
  return { ...costOfNetwork(architecture, size), blocks };
}
