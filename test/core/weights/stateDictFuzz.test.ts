/** Damaged weights files: whatever the bytes, the reader gives tensors no larger than the file, or OVR502. */
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { SplitMix32 } from '../../../src/core/base/random';
import { parseStateDict } from '../../../src/core/weights/stateDict/read';
import { damage } from './damage';
import { goldenFolder } from '../networks/golden';
import { randomCases } from '../../support/randomCases';

const rounds = randomCases(300, 1500);

describe('damaged weights files', () => {
  it.each([
    'zip.pth',
    'legacy.pth',
    'checkpoint.pth',
    'plain.safetensors',
    'evil-zip.pth',
    'evil-legacy.pth',
    'whole-model.pth',
    'script.pth',
  ])('%s', async (file) => {
    const bytes = readFileSync(path.join(goldenFolder, 'files', file));
    const random = new SplitMix32(17);
    const seen = { read: 0, refused: 0 };
    for (let round = 0; round < rounds; round++) {
      const damaged = damage(bytes, random);
      try {
        const state = await parseStateDict(damaged, file);
        seen.read++;
        let numbers = 0;
        for (const { shape, data } of state.values()) {
          expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
          numbers += data.length;
        }
        expect(numbers).toBeLessThanOrEqual(damaged.length);
      } catch (error) {
        if (!(error instanceof OverreadError)) {
          const cause = error instanceof Error ? error.stack : String(error);
          throw new Error(`round ${round} of ${file}: ${cause}`, { cause: error });
        }
        expect(error.code).toBe('OVR502');
        seen.refused++;
      }
    }
    expect(seen.refused).toBeGreaterThan(rounds / 10);
    expect(existsSync('overread-was-here')).toBe(false);
  });
});
