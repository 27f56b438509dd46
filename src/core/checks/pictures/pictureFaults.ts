/**
 * Images that are blank, without contrast, inverted, cropped or tiny: what was measured, held against what is usual in their set. Each
 * rule is one comparison that a person can follow; the limits were chosen on 690 chest films and 780 ultrasound images (docs/check.md).
 */
import { setPicture, type SetPicture } from './setPicture';
import { sides, type Sketch } from './sketch';

export type PictureKind = 'blank' | 'low-contrast' | 'inverted' | 'cropped' | 'tiny';

export interface PictureFault {
  /** Its place among the sketches. */
  readonly image: number;
  readonly kind: PictureKind;
  /** What was measured, and what is usual: a sentence without a full stop. */
  readonly measured: string;
}

/** Fewer say nothing of what is usual. */
const fewestImages = 30;
/** Grey levels of an image in which nothing is to be seen. */
const blankUpTo = 4;
/** Of the usual span of grey levels. */
const lowContrast = 0.25;
/** Pixels along the shorter side, and of what is usual. */
const tiny = { pixels: 32, share: 0.25 } as const;
/** A set has a common picture where half of its images agree so far with their mean. */
const commonAgreement = 0.6;
/** A black strip of this share, where of 19 in 20 images it is at most `usual`. */
const strip = { share: 0.2, usual: 0.1 } as const;
/** So many times as wide, or as high, as is usual, and four deviations from it. */
const otherShape = 1.75;
/** Agreement with a part of the mean image, and how much more than with the whole. */
const part = { agreement: 0.5, more: 0.35 } as const;

/** The first fault of each image, in the order of the images. @param sketches undefined where there is none */
export function pictureFaults(sketches: readonly (Sketch | undefined)[]): PictureFault[] {
  const known = sketches.filter((one) => one !== undefined);
  const usual = known.length < fewestImages ? undefined : usualOf(known);
  const picture = usual && setPicture(sketches);
  const typical = picture && typicalOf(picture.agreement);
  return sketches.flatMap((sketch, image): PictureFault[] => {
    if (!sketch) return [];
    const fault =
      ofGreyLevels(sketch, usual) ??
      ofSize(sketch, usual) ??
      (picture && typical && ofPicture(image, picture, typical)) ??
      (usual && ofEdges(sketch, usual));
    return fault ? [{ image, ...fault }] : [];
  });
}

type Fault = Omit<PictureFault, 'image'>;

/** What is usual in a set. */
interface Usual {
  readonly span: number;
  readonly side: number;
  /** Of the logarithm of width over height: median and deviation. */
  readonly shape: { readonly median: number; readonly deviation: number };
  /** Of each side, what 19 of 20 images have at most. */
  readonly black: readonly number[];
}

function usualOf(sketches: readonly Sketch[]): Usual {
  const of = (value: (sketch: Sketch) => number): Float64Array => Float64Array.from(sketches, value).sort();
  const shapes = of(({ width, height }) => Math.log(width / height));
  const median = quantile(shapes, 0.5);
  return {
    span: quantile(
      of(({ span }) => span),
      0.5,
    ),
    side: quantile(
      of(({ width, height }) => Math.min(width, height)),
      0.5,
    ),
    // 1.4826 × the median of the absolute deviations is the standard deviation of a normal distribution.
    shape: {
      median,
      deviation: 1.4826 * quantile(shapes.map((shape) => Math.abs(shape - median)).sort(), 0.5),
    },
    black: sides.map((_, side) =>
      quantile(
        of(({ black }) => black[side] ?? 0),
        0.95,
      ),
    ),
  };
}

/** How far the images agree with their mean: half of them, 19 and 9 of ten at least. Nothing where they have no common picture. */
function typicalOf(agreement: Float64Array): { median: number; most: number; nine: number } | undefined {
  const sorted = agreement.filter((value) => !Number.isNaN(value)).sort();
  const median = quantile(sorted, 0.5);
  if (median < commonAgreement) return undefined;
  return { median, most: Math.max(0.3, quantile(sorted, 0.05)), nine: quantile(sorted, 0.1) };
}

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;

function ofGreyLevels({ span }: Sketch, usual: Usual | undefined): Fault | undefined {
  if (span <= blankUpTo) {
    return { kind: 'blank', measured: `Nothing is to be seen: its grey levels span ${span} of 255` };
  }
  if (!usual || span >= lowContrast * usual.span) return undefined;
  return { kind: 'low-contrast', measured: `Its grey levels span ${span} of 255, usually ${usual.span}` };
}

function ofSize({ width, height }: Sketch, usual: Usual | undefined): Fault | undefined {
  const side = Math.min(width, height);
  if (side >= tiny.pixels && !(usual && side < tiny.share * usual.side)) return undefined;
  const others = usual && usual.side >= tiny.pixels ? `, usually ${usual.side} on the shorter side` : '';
  return { kind: 'tiny', measured: `It has ${width} × ${height} px${others}` };
}

/** By the picture that the set has in common. */
function ofPicture(
  image: number,
  { agreement, partAgreement }: SetPicture,
  typical: { readonly median: number; readonly most: number; readonly nine: number },
): Fault | undefined {
  const [own, ofPart] = [agreement[image]!, partAgreement[image]!];
  if (-own >= typical.most) {
    return {
      kind: 'inverted',
      measured: `Black and white seem to be exchanged: it agrees with the mean of all images by ${own.toFixed(2)}, its inverse by ${(-own).toFixed(2)}, usually ${typical.median.toFixed(2)}`,
    };
  }
  if (own >= typical.nine || ofPart < part.agreement || ofPart - own < part.more) return undefined;
  return {
    kind: 'cropped',
    measured: `It seems to show a part of what the others show: it agrees with a part of their mean by ${ofPart.toFixed(2)}, with the whole by ${own.toFixed(2)}, usually ${typical.median.toFixed(2)}`,
  };
}

function ofEdges({ width, height, black }: Sketch, usual: Usual): Fault | undefined {
  const side = black.findIndex((share, n) => share >= strip.share && (usual.black[n] ?? 1) <= strip.usual);
  if (side >= 0) {
    const [share, most] = [black[side] ?? 0, usual.black[side] ?? 0].map((one) => Math.round(100 * one));
    const of = side < 2 ? 'height' : 'width';
    return {
      kind: 'cropped',
      measured: `A black strip takes ${share} % of the ${of} at the ${sides[side] ?? ''}, of 19 in 20 images at most ${most} %`,
    };
  }
  const { median, deviation } = usual.shape;
  const away = Math.log(width / height) - median;
  if (Math.abs(away) <= Math.max(Math.log(otherShape), 4 * deviation)) return undefined;
  return {
    kind: 'cropped',
    measured: `It has another shape: ${width} × ${height} px is ${Math.exp(Math.abs(away)).toFixed(1)} times as ${away > 0 ? 'wide' : 'high'} as is usual`,
  };
}
