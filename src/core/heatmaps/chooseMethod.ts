/** Which method explains a network. */
import { OverreadError } from '../base/errors';
import type { FeatureMap } from '../networks/model';
import type { HeatmapMethod } from './model';

/** `auto`: class activation maps where they are defined, else Score-CAM, else occlusion. */
export type WantedMethod = HeatmapMethod | 'auto';

/** A map with fewer places along a side says too little; occlusion has its own grid. */
export const coarsestMap = 4;

/**
 * The method for a network with such a last map (null: it has none that can be read).
 * @throws OVR507 the method that was asked for is not defined there
 */
export function chooseMethod(map: FeatureMap | null, wanted: WantedMethod, network: string): HeatmapMethod {
  if (wanted === 'auto') {
    if (map === null || Math.min(map.height, map.width) < coarsestMap) return 'occlusion';
    return map.pooledLinearly ? 'cam' : 'score-cam';
  }
  if (wanted !== 'occlusion' && map === null) {
    throw undefinedHere(wanted, network, 'there is no feature map before its last layer', 'occlusion');
  }
  if (wanted === 'cam' && map?.pooledLinearly === false) {
    const why = 'layers stand between its last feature map and its last layer';
    throw undefinedHere(wanted, network, why, 'score-cam or occlusion');
  }
  return wanted;
}

function undefinedHere(wanted: HeatmapMethod, network: string, why: string, others: string): OverreadError {
  return new OverreadError({
    code: 'OVR507',
    message: `The method "${wanted}" is not defined for ${network}: ${why}`,
    expected: others,
    fix: 'Leave the method out to have the one that fits',
  });
}
