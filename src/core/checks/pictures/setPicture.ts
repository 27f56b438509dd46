/** What the images of a set have in common: the mean of their sketches, and how far each agrees with it. */
import { sketchSide, type Sketch } from './sketch';

/** Parts of the mean image that a cropped image may show: how large, and where. */
const partSizes = [0.5, 0.625, 0.75];
const partPlaces = [0, 0.5, 1];

export interface SetPicture {
  /** Correlation of each sketch with the mean of all, -1 to 1; NaN where there is no sketch. */
  readonly agreement: Float64Array;
  /** The greatest correlation of each sketch with a part of the mean image; NaN where there is no sketch. */
  readonly partAgreement: Float64Array;
}

/** Sketches are brought to mean 0 and length 1 first, so that neither brightness nor contrast counts. */
export function setPicture(sketches: readonly (Sketch | undefined)[]): SetPicture {
  const cells = sketchSide ** 2;
  const units = sketches.map((sketch) => sketch && unit(Float64Array.from(sketch.grey)));
  const mean = new Float64Array(cells);
  for (const one of units) one?.forEach((value, cell) => (mean[cell]! += value));
  const whole = unit(mean);
  const parts = partSizes.flatMap((size) =>
    partPlaces.flatMap((top) => partPlaces.map((left) => unit(partOf(whole, size, top, left)))),
  );
  const of = (one: Float64Array | undefined, others: readonly Float64Array[]): number =>
    one ? Math.max(...others.map((other) => product(one, other))) : NaN;
  return {
    agreement: Float64Array.from(units, (one) => of(one, [whole])),
    partAgreement: Float64Array.from(units, (one) => of(one, parts)),
  };
}

/** Mean 0 and length 1; zeros where all is one level. */
function unit(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(product(centred, centred));
  return length > 0 ? centred.map((value) => value / length) : centred;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n]! * b[n]!;
  return sum;
}

/** A square part of the picture, brought to the size of the whole bilinearly. @param top,left 0 to 1: of the room there is */
function partOf(whole: Float64Array, size: number, top: number, left: number): Float64Array {
  const at = (cell: number, offset: number): number =>
    Math.min(sketchSide - 1, Math.max(0, (1 - size) * sketchSide * offset + (cell + 0.5) * size - 0.5));
  return Float64Array.from(whole, (_, n) => {
    const [y, x] = [at(Math.floor(n / sketchSide), top), at(n % sketchSide, left)];
    const [y0, x0] = [Math.floor(y), Math.floor(x)];
    const [y1, x1] = [Math.min(sketchSide - 1, y0 + 1), Math.min(sketchSide - 1, x0 + 1)];
    const above = whole[y0 * sketchSide + x0]! * (1 - x + x0) + whole[y0 * sketchSide + x1]! * (x - x0);
    const below = whole[y1 * sketchSide + x0]! * (1 - x + x0) + whole[y1 * sketchSide + x1]! * (x - x0);
    return above * (1 - y + y0) + below * (y - y0);
  });
}
