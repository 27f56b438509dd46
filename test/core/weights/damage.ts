/** Damages files as disks, networks and attackers do. */
import type { SplitMix32 } from '../../../src/core/base/random';

/** One to four damages: a byte set, bits flipped, a stretch removed, repeated, zeroed or moved, the end cut off. */
export function damage(bytes: Uint8Array, random: SplitMix32): Uint8Array {
  let result = Buffer.from(bytes);
  for (let count = 1 + random.below(4); count > 0 && result.length > 0; count--) {
    const at = random.below(result.length);
    const length = 1 + random.below(Math.min(64, result.length - at));
    const piece = result.subarray(at, at + length);
    switch (random.below(7)) {
      case 0:
        result[at] = random.below(256);
        break;
      case 1:
        result[at]! ^= 1 << random.below(8);
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), piece, result.subarray(at)]);
        break;
      case 4:
        piece.fill(random.below(2) * 255);
        break;
      case 5:
        result.copy(result, random.below(result.length), at, at + length);
        break;
      default:
        result = Buffer.from(result.subarray(0, at));
    }
  }
  return result;
}
