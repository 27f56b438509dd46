/** Damaged files: mutations of every kind of file end in pixels or in one of our own faults, before the time of the test is over. */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { DicomPicture } from '../../../src/core/dicom/dicom';
import { DicomFault } from '../../../src/core/dicom/fault';
import { randomCases } from '../../support/randomCases';

const folder = path.resolve('test/golden/values/dicom');
const files = ['own', 'pydicom'].flatMap((name) =>
  readdirSync(path.join(folder, name))
    .filter((file) => file.endsWith('.dcm'))
    .map((file) => ({ file, bytes: readFileSync(path.join(folder, name, file)) })),
);

/** Numbers in [0, 1) that are the same every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes changed, cut out, doubled or cut off: in a third of the cases among the elements, else among the pixels. */
function mutate(bytes: Buffer, random: () => number): Uint8Array {
  const below = (most: number) => Math.floor(random() * most);
  const pixels = Math.max(132, bytes.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00])));
  const among = random() < 0.33 ? [132, pixels + 12] : [pixels + 12, bytes.length];
  const [from = 0, to = 0] = among;
  const place = () => Math.min(bytes.length - 1, from + below(Math.max(1, to - from)));
  const kind = below(5);
  if (kind === 0) return bytes.subarray(0, place());
  if (kind === 1) {
    const [at, length] = [place(), 1 + below(40)];
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  }
  if (kind === 2) {
    const at = place();
    return Buffer.concat([bytes.subarray(0, at + 20), bytes.subarray(at)]);
  }
  const changed = Uint8Array.from(bytes);
  for (let n = kind === 3 ? 1 : 20; n > 0; n--) {
    changed[place()] = random() < 0.3 ? (random() < 0.5 ? 255 : 0) : below(256);
  }
  return changed;
}

const mutations = randomCases(400, 2000);

it(
  `${mutations} mutations of ${files.length} files neither crash nor hang`,
  { timeout: 60_000 + 120 * mutations },
  async () => {
    const random = seeded(11);
    const outcomes = { pixels: 0, faults: 0 };
    const others: string[] = [];
    for (let i = 0; i < mutations; i++) {
      const { file, bytes } = files[i % files.length] ?? { file: '', bytes: Buffer.alloc(0) };
      const damaged = mutate(bytes, random);
      try {
        const picture = DicomPicture.open(damaged, { anyPurpose: true });
        // What would be refused for its size before anything is decoded (images/memory.ts).
        if (picture.pixels.rows * picture.pixels.columns > 2 ** 24) outcomes.faults++;
        else {
          if (picture.isColour) await picture.colour();
          else await picture.grey();
          outcomes.pixels++;
        }
      } catch (error) {
        if (error instanceof DicomFault) outcomes.faults++;
        else others.push(`${i} ${file}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      }
    }
    expect(others.slice(0, 5)).toEqual([]);
    // Damage was done, and not to every file.
    expect(outcomes.faults).toBeGreaterThan(mutations / 5);
    expect(outcomes.pixels).toBeGreaterThan(mutations / 5);
  },
);
