/** The shape of the images: width over height, which tells where an image comes from as often as what it shows. */
import { OverreadError, throwIfCancelled } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import { resolveImages } from '../../dataset/imagePath';
import { imageSize } from '../../images/decode';
import { useImageFile } from '../../images/readFile';
import type { Project } from '../../project/project';
import type { Grouping } from '../groupings';

/** Headers that are read at once. */
const atOnce = 8;
/** Shapes that differ by less are one. */
const step = 0.02;

export const aspectRatio = 'aspect ratio';

/**
 * Width over height of every image, from its header; NaN where it cannot be read.
 * @throws OVR002 cancelled
 */
export async function aspectRatios(
  { root, config, dataset }: Pick<Project, 'config' | 'dataset' | 'root'>,
  options: WorkOptions,
): Promise<Float64Array> {
  const located = await resolveImages(root, config, dataset.samples, options);
  const ratios = new Float64Array(located.length).fill(NaN);
  const rest = located.entries();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const [i, place] of rest) {
      throwIfCancelled(options.signal);
      if ('file' in place) ratios[i] = await ratioOf(place.file);
      options.onProgress?.({ stage: 'headers', done: ++done, total: located.length });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ratios;
}

async function ratioOf(file: string): Promise<number> {
  try {
    const { width, height } = await useImageFile(file, (bytes) => imageSize(bytes, file));
    return width / height;
  } catch (error) {
    if (error instanceof OverreadError && error.code !== 'OVR002') return NaN;
    throw error;
  }
}

/**
 * Shapes as groups: what most images have, what is narrower and what is wider; thirds where no shape is common. Or why there
 * are none. Filters know no shape, so `where` is empty.
 */
export function aspectGroups(ratios: Float64Array): Grouping | string {
  const known = ratios.filter((ratio) => !Number.isNaN(ratio)).sort();
  const counts = new Map<number, number>();
  for (const ratio of known) {
    const shape = Math.round(ratio / step);
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  if (counts.size < 2) return 'all images have the same shape';
  const [common = 0, most = 0] = [...counts].sort(([a, m], [b, n]) => n - m || a - b)[0] ?? [];
  const isCommon = 3 * most >= known.length;
  const [low, high] = isCommon
    ? [(common - 0.5) * step, (common + 0.5) * step]
    : [known[Math.floor(known.length / 3)] ?? 0, known[Math.floor((2 * known.length) / 3)] ?? 0];
  const names = isCommon
    ? [
        `narrower than ${(common * step).toFixed(2)}`,
        `about ${(common * step).toFixed(2)}`,
        `wider than ${(common * step).toFixed(2)}`,
      ]
    : [`below ${low.toFixed(2)}`, `${low.toFixed(2)} to ${high.toFixed(2)}`, `from ${high.toFixed(2)}`];
  return {
    column: aspectRatio,
    note: isCommon
      ? 'width over height: the commonest shape, and either side of it'
      : 'width over height in thirds',
    groups: names.map((name) => ({ name, where: '' })),
    of: Int32Array.from(ratios, (ratio) =>
      Number.isNaN(ratio) ? -1 : ratio < low ? 0 : ratio < high ? 1 : 2,
    ),
    numbers: null,
  };
}
