/** How an image is laid onto the network's square input: torchvision's Resize and CenterCrop, or squeezed. */
import type { Preprocessing } from './model';
import type { Span } from './resample';

/** The resized image, the region of it that is used, and where that region lies in the square. */
export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly columns: Span;
  readonly rows: Span;
  /** First column and row of the square that hold image; outside is black (grey level 0, as PIL pads). */
  readonly left: number;
  readonly top: number;
}

/** Where an image of `width` × `height` px comes to lie in the square of `preprocessing.size`. */
export function placeImage(
  width: number,
  height: number,
  preprocessing: Pick<Preprocessing, 'size' | 'cropPct' | 'crop'>,
): Placement {
  const { size } = preprocessing;
  if (preprocessing.crop === 'whole') {
    const all = { start: 0, length: size };
    return { width: size, height: size, columns: all, rows: all, left: 0, top: 0 };
  }
  const shorter = Math.floor(size / preprocessing.cropPct);
  // torchvision truncates the longer side.
  const resized =
    width <= height
      ? { width: shorter, height: Math.trunc((shorter * height) / width) }
      : { width: Math.trunc((shorter * width) / height), height: shorter };
  const across = cropAxis(resized.width, size);
  const down = cropAxis(resized.height, size);
  return { ...resized, columns: across.span, rows: down.span, left: across.place, top: down.place };
}

function cropAxis(length: number, size: number): { readonly span: Span; readonly place: number } {
  if (length < size) return { span: { start: 0, length }, place: Math.floor((size - length) / 2) };
  return { span: { start: roundHalfToEven((length - size) / 2), length: size }, place: 0 };
}

/** Python's round. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
