import { describe, expect, it } from 'vitest';
import { regionSeen } from '../../../src/core/heatmaps/region';

describe('regionSeen', () => {
  it.each([
    ['the whole image, squeezed', 1000, 600, 'whole', 0.875, [0, 0, 1, 1]],
    ['a square image, cropped', 512, 512, 'timm', 0.875, [0.0625, 0.0625, 0.875, 0.875]],
    // 1024 × 512 becomes 512 × 256; the middle 224 of each.
    ['a wide image, cropped', 1024, 512, 'timm', 0.875, [144 / 512, 16 / 256, 224 / 512, 224 / 256]],
    ['a tall image, cropped', 512, 1024, 'timm', 0.875, [16 / 256, 144 / 512, 224 / 256, 224 / 512]],
    // crop_pct 1.25 makes 179 px of it; 22 of the 45 that are missing are put before.
    ['a padded image', 300, 300, 'timm', 1.25, [-22 / 179, -22 / 179, 224 / 179, 224 / 179]],
  ] as const)('%s', (_name, width, height, crop, cropPct, [left, top, across, down]) => {
    const region = regionSeen(width, height, { size: 224, cropPct, crop });
    expect(region.left).toBeCloseTo(left, 12);
    expect(region.top).toBeCloseTo(top, 12);
    expect(region.width).toBeCloseTo(across, 12);
    expect(region.height).toBeCloseTo(down, 12);
  });
});
