/** Colours of the points: a category each its own, a number along a scale that also rises in lightness. */
import { interpolateViridis, schemeTableau10 } from 'd3-scale-chromatic';
import type { MapColour } from '../../src/protocol/mapApi';

export type Rgb = readonly [number, number, number];

/** Of what has no value: neither light nor dark. */
export const noColour: Rgb = [128, 128, 128];

/** Ten colours that differ for people who see colours differently too; further categories begin anew. */
export function categoryColour(code: number): Rgb {
  return code < 0 ? noColour : parsed(schemeTableau10[code % schemeTableau10.length] ?? '#808080');
}

/** @param share 0 to 1; NaN for none */
export function scaleColour(share: number): Rgb {
  return Number.isNaN(share) ? noColour : parsed(interpolateViridis(0.08 + 0.87 * share));
}

/** The range that a scale runs over: what lies in the middle 98 % of the values. */
export function rangeOf(values: Float32Array): readonly [number, number] {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number): number =>
    known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? NaN;
  return [at(0.01), at(0.99)];
}

/** Four bytes for each point. */
export function pointColours(colour: MapColour | undefined, count: number): Uint8Array {
  const bytes = new Uint8Array(count * 4).fill(255);
  const write = (n: number, [r, g, b]: Rgb): void => bytes.set([r, g, b], n * 4);
  if (!colour) {
    for (let n = 0; n < count; n++) write(n, noColour);
    return bytes;
  }
  if (colour.kind === 'category') {
    const palette = colour.names.map((_, code) => categoryColour(code));
    colour.codes.forEach((code, n) => write(n, palette[code] ?? noColour));
    return bytes;
  }
  const [low, high] = rangeOf(colour.values);
  const steps = Array.from({ length: 64 }, (_, k) => scaleColour(k / 63));
  colour.values.forEach((value, n) => {
    const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
    write(n, Number.isNaN(value) ? noColour : (steps[Math.round(63 * share)] ?? noColour));
  });
  return bytes;
}

function parsed(text: string): Rgb {
  const hex = /^#(..)(..)(..)$/.exec(text);
  if (hex) return [parseInt(hex[1] ?? '', 16), parseInt(hex[2] ?? '', 16), parseInt(hex[3] ?? '', 16)];
  const rgb = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(text);
  return rgb ? [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])] : noColour;
}
