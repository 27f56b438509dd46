/**
 * The body of a phantom: lungs, heart, mediastinum, spine and ribs as formulas of the place.
 * Coordinates: x from -1 (image left) to 1, y from 0 (top) to 1, so a unit of y is half as long as one of x.
 */
import type { SplitMix32 } from '../base/random';

/** What stays the same in all images of a patient. Lengths in the coordinates above. */
export interface Anatomy {
  readonly thoraxWidth: number;
  readonly heartWidth: number;
  readonly diaphragm: number;
  readonly ribSpacing: number;
  readonly ribContrast: number;
  readonly density: number;
}

/** Random anatomy of one patient. */
export function drawAnatomy(random: SplitMix32): Anatomy {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  return {
    thoraxWidth: between(0.68, 0.86),
    heartWidth: between(0.23, 0.36),
    diaphragm: between(0.73, 0.83),
    ribSpacing: between(0.066, 0.08),
    ribContrast: between(0.035, 0.065),
    density: between(0.92, 1.08),
  };
}

/** 0 outside, 1 inside, with an edge `softness` wide; `distance` is positive inside. */
export function edge(distance: number, softness: number): number {
  const t = distance / softness;
  return t > 9 ? 1 : t < -9 ? 0 : 1 / (1 + Math.exp(-t));
}

/** exp(-t²), 0 where it is below 1e-7. */
export function bell(t: number): number {
  return t > 4 || t < -4 ? 0 : Math.exp(-t * t);
}

/** The share of lung at a place, 0 to 1: two fields with a narrow apex, cut by the domes of the diaphragm. */
export function lungAt(x: number, y: number, anatomy: Anatomy, breath: number): number {
  const side = x < 0 ? -1 : 1;
  const centre = side * anatomy.thoraxWidth * 0.53;
  // The right dome (left in the image) stands higher, over the liver.
  const floor = anatomy.diaphragm - breath + (side < 0 ? -0.025 : 0);
  const top = 0.13;
  const t = Math.min(Math.max((y - top) / (floor - top), 0), 1.2);
  const rise = 1 - Math.max(0, 1 - t / 0.6) ** 2.3;
  const halfWidth = anatomy.thoraxWidth * 0.4 * Math.sqrt(Math.max(rise, 0));
  const off = (x - centre) / anatomy.thoraxWidth;
  const dome = floor + 0.36 * off * off + (off * side > 0.15 ? 1.5 * (off * side - 0.15) ** 2 : 0);
  return edge(halfWidth - Math.abs(x - centre), 0.018) * edge(dome - y, 0.007) * edge(y - top, 0.012);
}

/** Brightness without vessels and findings. */
export function tissueAt(
  x: number,
  y: number,
  lung: number,
  anatomy: Anatomy,
  heartScale: number,
  breath: number,
): number {
  const width = anatomy.thoraxWidth;
  const torso = width * (1.12 + 0.1 * Math.sin(2.4 * (y - 0.1)));
  const neck = 0.26 + 1.9 * Math.max(0, y - 0.02) ** 0.8;
  const body = edge(Math.min(torso, neck) - Math.abs(x), 0.012);
  if (body < 0.002) return 0.015;
  let value = 0.56 * anatomy.density * body * (1 - 0.12 * (x / width) ** 2);
  value -= 0.37 * lung;

  // The heart leans to the patient's left, right in the image; its lower edge lies on the diaphragm.
  const heartWidth = anatomy.heartWidth * heartScale;
  const hx = (x - 0.12) / heartWidth;
  const hy = (y - (anatomy.diaphragm - breath - 0.13)) / 0.165;
  const lean = hx * 0.93 + hy * -0.3;
  const heart = edge(1 - Math.hypot(lean, hy), 0.05);
  value += 0.3 * heart * lung;

  const mediastinum = bell(x / (0.13 + 0.06 * Math.max(0, 0.35 - y)));
  const arch = bell((x - 0.15) / 0.07) * bell((y - 0.3) / 0.045);
  value += 0.13 * mediastinum * (1 - 0.5 * heart) + 0.14 * arch * lung;
  const trachea = bell(x / 0.04) * edge(0.33 - y, 0.02);
  value -= 0.1 * trachea;
  const vertebra = 0.5 + 0.5 * Math.cos((2 * Math.PI * y) / 0.062);
  value += 0.06 * bell(x / 0.075) * (0.5 + vertebra ** 3) * body;

  const inThorax = edge(width * 0.97 - Math.abs(x), 0.02) * edge(y - 0.1, 0.02) * edge(0.97 - y, 0.03);
  const a = Math.abs(x);
  // Ribs at the back fall gently outwards; those in front are fainter and fall towards the middle.
  const back = (y - 0.085 - 0.1 * a + 0.27 * Math.max(0, a - 0.2) ** 2) / anatomy.ribSpacing;
  const front = (y - 0.4 + 0.42 * a) / (anatomy.ribSpacing * 1.25);
  const ribs = band(back, 0.42) * edge(a - 0.07, 0.02) + 0.5 * band(front, 0.4) * edge(a - 0.3, 0.04);
  value += anatomy.ribContrast * ribs * inThorax * (0.5 + 0.5 * lung);

  const collar = 0.135 - 0.1 * (a - 0.35) + 0.05 * Math.sin(5 * a);
  value += 0.11 * bell((y - collar) / 0.014) * edge(a - 0.12, 0.02) * edge(width - a, 0.03);
  return value;
}

/** A periodic band, one per unit, `width` of it; its two rims are brighter, as cortical bone is. */
function band(phase: number, width: number): number {
  const d = Math.abs(phase - Math.floor(phase) - 0.5) / (width / 2);
  return d > 1.35 ? 0 : 0.65 * edge(1 - d, 0.09) + 0.6 * bell((d - 0.88) / 0.16);
}
