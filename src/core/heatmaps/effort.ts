/** How often the network may run for one image by the methods that run it again and again. */
import { getArchitecture } from '../networks';
import { costOfFeatures } from '../networks/build';
import type { ResolvedWeights } from '../weights/model';

export interface Effort {
  /** Score-CAM: channels of the map, those with the most energy. */
  readonly channels: number;
  /** Occlusion: places along a side. */
  readonly grid: number;
}

/** GMACs that somebody waits for in front of a screen: a second or two on a few cores. */
const quickGmacs = 64;
const fewestRuns = 16;
const mostRuns = 64;

/** As many runs as {@link quickGmacs} pay for, 16 to 64; 64 where the cost of a network is not known. */
export function quickEffort({ kind, identity }: Pick<ResolvedWeights, 'kind' | 'identity'>): Effort {
  const { architecture, preprocessing, truncate } = identity;
  const runs =
    kind === 'onnx'
      ? mostRuns
      : quickGmacs / costOfFeatures(getArchitecture(architecture), preprocessing.size, truncate).gmacs;
  const channels = Math.floor(Math.min(mostRuns, Math.max(fewestRuns, runs)));
  return { channels, grid: Math.floor(Math.sqrt(channels)) };
}
