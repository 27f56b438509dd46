/** A program for kill.test.ts: extracts features of a folder of PNGs and says how far it is, until killed. */
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { extractFeatures } from '../../../src/core/features/extract';
import { cachesIn } from '../../support/caches';
import { tinyBackbone, tinyWeights } from './tinyBackbone';

const root = process.argv[2]!;
const pause = new Int32Array(new SharedArrayBuffer(4));
const names = readdirSync(root)
  .filter((name) => name.endsWith('.png'))
  .sort();

const run = async () =>
  extractFeatures({
    ...(await cachesIn(root)),
    images: names.map((name) => ({ id: name, file: path.join(root, name) })),
    weights: tinyWeights,
    loadBackbone: () => Promise.resolve(tinyBackbone()),
    device: 'cpu',
    batch: 4,
    onProgress: ({ done }) => {
      process.send?.(done);
      // Long enough for the other side to kill in mid-work, whatever the machine.
      Atomics.wait(pause, 0, 0, 10);
    },
  });

void run();
