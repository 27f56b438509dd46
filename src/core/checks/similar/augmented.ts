/**
 * How alike a copy still is to its image: copies of the set's own images, saved again, brightened, moved, cut and turned a
 * little, go through the network. What is less alike than nearly all of them is no near duplicate.
 */
import sharp, { type Sharp } from 'sharp';
import { buildBackbone } from '../../backbones/backbone';
import { OverreadError, throwIfCancelled } from '../../base/errors';
import type { WorkOptions } from '../../base/ports';
import { SplitMix32 } from '../../base/random';
import { useDecoded } from '../../images/decode';
import { asGrey } from '../../images/grey';
import type { DecodedImage, Preprocessing } from '../../images/model';
import { dicomInput, preprocess } from '../../images/preprocess';
import { useImageFile } from '../../images/readFile';
import { windowForScreen } from '../../images/window';
import type { ComponentSpace } from '../../neighbours/components';
import type { CachedProject } from '../../project/cachedFeatures';
import { Tensor } from '../../onnx/nativeRuntime';
import { openSession } from '../../onnx/runtime';
import type { ResolvedWeights } from '../../weights/model';

/** Images that are copied. */
const images = 20;
/** Of the copies, so many may be less alike. */
const quantile = 0.1;
/** Whatever the copies say: below this strangers are alike by chance, above it copies in other hands are missed. */
const bounds = { least: 0.35, most: 0.7 } as const;
/** Where no copies can be made. */
export const usualThreshold = 0.6;

export interface CopyThreshold {
  /** Cosine similarity in the space. */
  readonly threshold: number;
  /** Copies that it was taken from; 0: the usual one. */
  readonly copies: number;
}

/**
 * The similarity that nine of ten copies reach. The copies of an unchanged set go through the network once: their features are kept.
 * @param files absolute path of each sample's image; undefined where there is none
 * @throws OVR002
 */
export async function copyThreshold(
  files: readonly (string | undefined)[],
  weights: ResolvedWeights,
  { cached, space }: { readonly cached: CachedProject; readonly space: ComponentSpace },
  options: WorkOptions,
): Promise<CopyThreshold> {
  const { rows, dim, present } = space.components;
  const places = [...files.keys()].filter((i) => files[i] !== undefined && present[i] === 1);
  const drawn = new SplitMix32(7).shuffle(places).slice(0, images);
  if (drawn.length === 0) return { threshold: usualThreshold, copies: 0 };
  const copies = await cached.copies(drawn, () =>
    featuresOfCopies(
      drawn.map((place) => files[place] ?? ''),
      weights,
      options,
    ),
  );
  const projected = space.project(copies);
  const perImage = copies.length / drawn.length;
  const similarities: number[] = [];
  for (const [k, place] of drawn.entries()) {
    // An image that cannot be read has none.
    if (!Number.isFinite(copies[k * perImage])) continue;
    const own = rowOf(rows, place, dim);
    for (let j = 0; j < changes.length; j++)
      similarities.push(cosine(own, rowOf(projected, changes.length * k + j, dim)));
  }
  if (similarities.length === 0) return { threshold: usualThreshold, copies: 0 };
  similarities.sort((a, b) => a - b);
  const reached = similarities[Math.floor(quantile * similarities.length)] ?? usualThreshold;
  return {
    threshold: Math.min(bounds.most, Math.max(bounds.least, reached)),
    copies: similarities.length,
  };
}

/** Row-major, for each file as many rows as there are changes; NaN where an image cannot be read. */
async function featuresOfCopies(
  files: readonly string[],
  weights: ResolvedWeights,
  { signal }: WorkOptions,
): Promise<{ readonly features: Float32Array; readonly isWhole: boolean }> {
  const { channels, size } = weights.identity.preprocessing;
  const backbone = await buildBackbone(weights, { channels });
  const { session } = await openSession(backbone.onnx, 'cpu');
  let isWhole = true;
  let all: Float32Array | undefined;
  try {
    for (const [k, file] of files.entries()) {
      throwIfCancelled(signal);
      const inputs = await copiesOf(file, weights.identity.preprocessing).catch(noImage);
      if (inputs.length === 0) {
        isWhole = false;
        continue;
      }
      const batch = new Float32Array(inputs.length * channels * size * size);
      inputs.forEach((input, j) => batch.set(input, j * channels * size * size));
      const image = new Tensor('float32', batch, [inputs.length, channels, size, size]);
      const { features } = await session.run({ image });
      const rows = features?.data as Float32Array;
      all ??= new Float32Array(files.length * rows.length).fill(NaN);
      all.set(rows, k * rows.length);
    }
  } finally {
    await session.release();
  }
  return { features: all ?? new Float32Array(0), isWhole };
}

/** An image that cannot be read has no copies; other checks tell of it. */
function noImage(error: unknown): Float32Array[] {
  if (error instanceof OverreadError && error.code !== 'OVR002') return [];
  throw error;
}

/** The network's inputs of an image's copies. */
function copiesOf(file: string, preprocessing: Preprocessing): Promise<Float32Array[]> {
  return useImageFile(file, (bytes) =>
    useDecoded(
      bytes,
      file,
      async (image) => {
        const inputs: Float32Array[] = [];
        for (const change of changes) {
          inputs.push(preprocess(await change(asGrey(image) ?? image), preprocessing));
        }
        return inputs;
      },
      dicomInput(preprocessing),
    ),
  );
}

/** What happens to images on their way from one collection into another. */
const changes: readonly ((image: DecodedImage) => Promise<DecodedImage>)[] = [
  (image) => changed(image, (picture) => picture, 'jpeg'),
  (image) => changed(image, (picture) => picture.linear(0.85, 20)),
  (image) =>
    changed(image, (picture, { width, height }) => picture.extract(inner(width, height, 0.05, 0.05, 0.9))),
  (image) =>
    changed(image, (picture, { width, height }) => picture.extract(inner(width, height, 0.06, 0, 0.94))),
  (image) =>
    changed(image, (picture, { width, height }) =>
      picture.resize({
        width: Math.max(8, Math.round(0.8 * width)),
        height: Math.max(8, Math.round(0.8 * height)),
      }),
    ),
  (image) => changed(image, (picture) => picture.rotate(3, { background: '#000' })),
];

function inner(
  width: number,
  height: number,
  left: number,
  top: number,
  share: number,
): { left: number; top: number; width: number; height: number } {
  return {
    left: Math.floor(left * width),
    top: Math.floor(top * height),
    width: Math.max(1, Math.floor(share * width)),
    height: Math.max(1, Math.floor(share * height)),
  };
}

async function changed(
  image: DecodedImage,
  change: (picture: Sharp, size: { readonly width: number; readonly height: number }) => Sharp,
  as: 'png' | 'jpeg' = 'png',
): Promise<DecodedImage> {
  const { width, height, channels, data } = windowForScreen(image);
  const picture = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  // By way of a file: some changes only take place on the way there.
  const through = await change(picture, { width, height }).toFormat(as, { quality: 40 }).toBuffer();
  const made = await sharp(through)
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: made.info.width, height: made.info.height, channels, bits: 8, data: made.data };
}

const rowOf = (rows: Float32Array, row: number, dim: number): Float32Array =>
  rows.subarray(row * dim, (row + 1) * dim);

/** Cosine similarity of two rows; 0 where one is zero. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    ab += a[j]! * b[j]!;
    aa += a[j]! * a[j]!;
    bb += b[j]! * b[j]!;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
