/** How fast each network was on this machine, from real work: a small file in the per-user cache. */
import * as path from 'node:path';
import { isErrnoException } from '../base/errnoException';
import { readTextIfPresent, writeFileAtomic } from '../base/files';
import type { WeightsIdentity } from '../networks/model';
import type { OpenedDevice } from '../onnx/model';

/** Fewer images say little: the first ones wait for the others' start. */
export const fewestImages = 32;

/** One measurement: from files to features, so reading, decoding and preprocessing are in it. */
export interface MeasuredSpeed {
  readonly architecture: string;
  /** Side of the square input, px. */
  readonly size: number;
  readonly device: OpenedDevice['device'];
  readonly truncate: string | null;
  /** Absent: single. */
  readonly precision?: 'fp16';
  /** Images that were computed, and how many a second from the opened network to the last feature. */
  readonly images: number;
  readonly imagesPerSecond: number;
  /** UTC, ISO 8601. */
  readonly measured: string;
}

interface SpeedFile {
  readonly version: 1;
  readonly speeds: readonly MeasuredSpeed[];
}

/** Everything measured, the newest first; nothing where the file is absent or broken. */
export async function readSpeeds(cacheDir: string): Promise<readonly MeasuredSpeed[]> {
  const text = await readTextIfPresent(speedFile(cacheDir)).catch(() => undefined);
  if (text === undefined) return [];
  try {
    const { version, speeds } = JSON.parse(text) as Partial<SpeedFile>;
    if (version !== 1 || !Array.isArray(speeds)) return [];
    return speeds
      .filter(isSpeed)
      .toSorted((a, b) => (a.measured > b.measured ? -1 : a.measured < b.measured ? 1 : 0));
  } catch {
    return [];
  }
}

/**
 * Remembers a measurement in the place of an earlier one of the same architecture, size, device, cut and precision. Work on
 * fewer than `fewestImages` is left out. A cache that cannot be written is no fault of the work that was measured.
 */
export async function recordSpeed(
  cacheDir: string,
  { architecture, preprocessing, truncate, precision }: WeightsIdentity,
  measurement: {
    readonly device: OpenedDevice['device'];
    readonly images: number;
    readonly seconds: number;
  },
): Promise<void> {
  const { device, images, seconds } = measurement;
  if (images < fewestImages || !(seconds > 0)) return;
  const speed: MeasuredSpeed = {
    architecture,
    size: preprocessing.size,
    device,
    truncate,
    ...(precision === undefined ? {} : { precision }),
    images,
    imagesPerSecond: Number((images / seconds).toPrecision(3)),
    measured: new Date().toISOString(),
  };
  const others = (await readSpeeds(cacheDir)).filter((other) => keyOf(other) !== keyOf(speed));
  const file: SpeedFile = { version: 1, speeds: [speed, ...others] };
  try {
    await writeFileAtomic(speedFile(cacheDir), `${JSON.stringify(file, null, 2)}\n`);
  } catch (error) {
    if (!isErrnoException(error)) throw error;
  }
}

/** The newest measurement of an architecture that was not cut, in single precision. */
export function speedOf(speeds: readonly MeasuredSpeed[], architecture: string): MeasuredSpeed | undefined {
  return speeds.find(
    (speed) =>
      speed.architecture === architecture && speed.truncate === null && speed.precision === undefined,
  );
}

function speedFile(cacheDir: string): string {
  return path.join(cacheDir, 'speed.json');
}

function keyOf({ architecture, size, device, truncate, precision }: MeasuredSpeed): string {
  return JSON.stringify([
    architecture,
    size,
    device,
    truncate,
    ...(precision === undefined ? [] : [precision]),
  ]);
}

function isSpeed(value: unknown): value is MeasuredSpeed {
  if (typeof value !== 'object' || value === null) return false;
  const speed = value as Partial<Record<keyof MeasuredSpeed, unknown>>;
  const texts = [speed.architecture, speed.device, speed.measured];
  const numbers = [speed.size, speed.images, speed.imagesPerSecond];
  return (
    texts.every((text) => typeof text === 'string') &&
    numbers.every((number) => typeof number === 'number' && Number.isFinite(number)) &&
    (speed.truncate === null || typeof speed.truncate === 'string') &&
    (speed.precision === undefined || speed.precision === 'fp16')
  );
}
