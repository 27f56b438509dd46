/**
 * Pixels against pydicom 3 with its decoders (test/golden/dicom.py): what is stored, in every transfer syntax and photometric
 * interpretation, and what is shown, by the standard's formulas.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DicomPicture } from '../../../src/core/dicom/dicom';
import { DicomFault } from '../../../src/core/dicom/fault';
import { windowTable } from '../../../src/core/dicom/greyView';

interface Golden {
  readonly file: string;
  /** Why pydicom gives no pixels. */
  readonly refused?: string;
  /** From 1. */
  readonly frame: number;
  readonly shape: readonly number[];
  /** Of the values as float64. */
  readonly sha256?: string;
  /** Values spread over the frame, where a codec loses or colour is converted. */
  readonly samples?: readonly number[];
  readonly tolerance?: number;
  readonly decoder?: string;
  /** 8-bit grey, base64. */
  readonly shown?: string;
  /** Of the palette's RGB. */
  readonly colours?: string;
}

const values = path.resolve('test/golden/values/dicom');
const shared = path.resolve('../shared/data/dicom');
const golden = JSON.parse(readFileSync(path.join(values, 'golden.json'), 'utf8')) as Golden[];

/** Where the files of github.com/pydicom/pydicom-data are, if anywhere: HTJ2K, lossless JPEG and more. */
const publicFiles = process.env['OVERREAD_PUBLIC_DICOM'] ?? '/nowhere';

function pathOf(file: string): string {
  if (file.startsWith('shared/')) return path.join(shared, path.basename(file));
  if (file.startsWith('public/')) return path.join(publicFiles, path.basename(file));
  return path.join(values, file);
}
const there = (entry: Golden) => existsSync(pathOf(entry.file));
const open = ({ file, frame }: Golden) =>
  DicomPicture.open(readFileSync(pathOf(file)), { frame, anyPurpose: true });

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
for (const [group, place] of [
  ['shared/', '../shared/data/dicom, which is not here'],
  ['public/', 'public files: OVERREAD_PUBLIC_DICOM names no folder with them'],
] as const) {
  const missing = golden.filter((entry) => entry.file.startsWith(group) && !there(entry)).length;
  if (missing > 0) console.log(`skipped: ${missing} frames of ${place}`);
}

const stored = golden.filter((entry) => entry.refused === undefined && there(entry));

/** Files that pydicom refuses and that are read here, with their samples. */
const readAllTheSame: Readonly<Record<string, number>> = {
  // A number of frames like "1A" is read as far as it is one.
  'badVR.dcm': 100,
  // Its meta information names no transfer syntax; the elements tell it.
  'OT-PAL-8-face.dcm': 640 * 480,
  // The length of its meta information is wrong; where it ends is seen.
  'emri_small_jpeg_2k_lossless_too_short.dcm': 64 * 64,
};

describe('stored pixels', () => {
  it('are known for every transfer syntax and photometric interpretation', () => {
    expect(stored.length).toBeGreaterThan(140);
  });

  it.each(stored.map((entry) => ({ ...entry, name: `${entry.file} #${entry.frame}` })))(
    '$name',
    async (entry) => {
      const { width, height, channels, data } = await open(entry).decode();
      expect([height, width, ...(channels === 3 ? [3] : [])]).toEqual(entry.shape);
      const all = Float64Array.from(data);
      if (entry.sha256 !== undefined) {
        expect(sha256(new Uint8Array(all.buffer))).toBe(entry.sha256);
        return;
      }
      const { samples = [], tolerance = 0, decoder } = entry;
      const off = samples.map((value, i) =>
        Math.abs(value - (all[Math.floor((i * all.length) / samples.length)] ?? NaN)),
      );
      const most = off.reduce((a, b) => (a >= b ? a : b), 0);
      expect(most, `beside ${decoder ?? 'pydicom'}`).toBeLessThanOrEqual(tolerance);
    },
  );

  it.each(golden.filter((entry) => entry.refused !== undefined && there(entry)))(
    '$file, of which pydicom gives none',
    async (entry) => {
      const bytes = readFileSync(pathOf(entry.file));
      const read = async () => DicomPicture.open(bytes, { anyPurpose: true }).decode();
      const samples = readAllTheSame[path.basename(entry.file)];
      if (samples !== undefined) expect((await read()).data.length).toBe(samples);
      else await expect(read()).rejects.toBeInstanceOf(DicomFault);
    },
  );
});

describe('what is shown', () => {
  it.each(
    golden
      .filter(({ shown }) => shown !== undefined)
      .map((entry) => ({ ...entry, name: `${entry.file} #${entry.frame}` })),
  )('$name', async (entry) => {
    const { samples, most, windows } = await open(entry).grey();
    const table = windowTable(most, windows[0]);
    const expected = Buffer.from(entry.shown ?? '', 'base64');
    const off = [...samples].map((sample, i) => Math.abs((table[sample] ?? NaN) - (expected[i] ?? NaN)));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
    expect(await open(entry).eightBit('window')).toEqual(
      Uint8Array.from(samples, (sample) => table[sample] ?? 0),
    );
  });

  it.each(golden.filter((entry) => entry.colours !== undefined && there(entry)))(
    'the palette of $file',
    async (entry) => {
      const { rgb } = await open(entry).colour();
      expect(sha256(Uint8Array.from(rgb))).toBe(entry.colours);
    },
  );
});
