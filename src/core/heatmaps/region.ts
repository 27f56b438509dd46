/** What of an image the network saw. */
import { placeImage } from '../images/geometry';
import type { Preprocessing } from '../images/model';
import type { Region } from './model';

/**
 * The square that the network was given, in shares of the upright image of `width` × `height` px. A crop leaves
 * borders out; where the image was padded the region reaches beyond it.
 */
export function regionSeen(
  width: number,
  height: number,
  preprocessing: Pick<Preprocessing, 'size' | 'cropPct' | 'crop'>,
): Region {
  const placement = placeImage(width, height, preprocessing);
  return {
    left: (placement.columns.start - placement.left) / placement.width,
    top: (placement.rows.start - placement.top) / placement.height,
    width: preprocessing.size / placement.width,
    height: preprocessing.size / placement.height,
  };
}
