/** What lies inside the lungs of a phantom, or over them: vessels, opacities, nodules, a monitoring lead. */
import type { SplitMix32 } from '../base/random';
import { edge } from './phantomBody';

/** Adds a soft disc; centre in pixels. `amount(dx, dy)` is the brightness to add at an offset. */
function stamp(
  image: Float32Array,
  size: number,
  cx: number,
  cy: number,
  reach: number,
  amount: (dx: number, dy: number, at: number) => number,
): void {
  const left = Math.max(0, Math.floor(cx - reach));
  const right = Math.min(size - 1, Math.ceil(cx + reach));
  for (let y = Math.max(0, Math.floor(cy - reach)); y <= Math.min(size - 1, Math.ceil(cy + reach)); y++) {
    for (let x = left; x <= right; x++) {
      const at = y * size + x;
      image[at]! += amount(x - cx, y - cy, at);
    }
  }
}

/** Vessels branch out from the hila and thin out towards the chest wall. */
export function drawVessels(
  image: Float32Array,
  lungs: Float32Array,
  size: number,
  random: SplitMix32,
): void {
  for (const side of [-1, 1]) {
    const hilum = { x: size * (0.5 + side * 0.105), y: size * (side < 0 ? 0.46 : 0.44) };
    stamp(image, size, hilum.x, hilum.y, size * 0.09, (dx, dy) => {
      return 0.085 * Math.exp(-((dx / (0.028 * size)) ** 2) - (dy / (0.05 * size)) ** 2);
    });
    for (let branch = 0; branch < 13; branch++) {
      // Branches leave the hilum from its whole height, else their sum would be a bright spot.
      let x = hilum.x + size * 0.012 * random.normal();
      let y = hilum.y + size * (0.075 * (branch / 12 - 0.5) + 0.01 * random.normal());
      let angle = Math.PI * (branch / 12 - 0.5) * 1.25 + 0.12 * random.normal();
      const step = 2;
      const length = size * (0.2 + 0.12 * random.uniform());
      for (let way = 0; way < length; way += step) {
        const left = 1 - way / length;
        const radius = size * (0.0022 + 0.006 * left);
        const strength = 0.04 * left ** 0.7;
        stamp(image, size, x, y, 2.2 * radius, (dx, dy, at) => {
          return strength * lungs[at]! * Math.exp(-(dx * dx + dy * dy) / (radius * radius));
        });
        angle += 0.05 * random.normal();
        x += side * Math.cos(angle) * step;
        y += Math.sin(angle) * step;
      }
    }
  }
}

/** A place well inside a lung, in pixels, between two heights (share of the image). */
function placeInLung(
  lungs: Float32Array,
  size: number,
  random: SplitMix32,
  top: number,
  bottom: number,
): { x: number; y: number } {
  for (let attempt = 0; attempt < 200; attempt++) {
    const x = Math.floor(size * (0.1 + 0.8 * random.uniform()));
    const y = Math.floor(size * (top + (bottom - top) * random.uniform()));
    if (lungs[y * size + x]! > 0.9) return { x, y };
  }
  return { x: Math.floor(size * 0.25), y: Math.floor(size * 0.5) };
}

/** Adds what overlapping patches make, never brighter than `ceiling`: air can be replaced only once. */
function fillLung(image: Float32Array, lungs: Float32Array, density: Float32Array, ceiling: number): void {
  for (let at = 0; at < image.length; at++) {
    if (density[at] === 0) continue;
    const inLung = 0.12 + 0.88 * lungs[at]!;
    image[at]! += ceiling * inLung * (1 - Math.exp(-density[at]! / ceiling));
  }
}

/** One to three fluffy patches, some of them faint. */
export function drawOpacity(
  image: Float32Array,
  lungs: Float32Array,
  size: number,
  random: SplitMix32,
): void {
  const density = new Float32Array(image.length);
  const patches = 1 + random.below(3);
  const strength = 0.4 + 0.35 * random.uniform();
  for (let patch = 0; patch < patches; patch++) {
    const centre = placeInLung(lungs, size, random, 0.35, 0.78);
    const spread = size * (0.075 + 0.06 * random.uniform());
    for (let puff = 0; puff < 12; puff++) {
      const cx = centre.x + spread * 0.8 * random.normal();
      const cy = centre.y + spread * 0.8 * random.normal();
      const radius = spread * (0.35 + 0.5 * random.uniform());
      const amount = strength * (0.25 + 0.3 * random.uniform());
      stamp(density, size, cx, cy, 2.5 * radius, (dx, dy) => {
        return amount * Math.exp(-(dx * dx + dy * dy) / (radius * radius));
      });
    }
  }
  fillLung(image, lungs, density, 0.38);
}

/** One to three round nodules with fairly sharp rims. */
export function drawNodules(
  image: Float32Array,
  lungs: Float32Array,
  size: number,
  random: SplitMix32,
): void {
  const density = new Float32Array(image.length);
  const count = 1 + random.below(3);
  for (let nodule = 0; nodule < count; nodule++) {
    const centre = placeInLung(lungs, size, random, 0.22, 0.7);
    const radius = size * (0.036 + 0.022 * random.uniform());
    const amount = 0.45 + 0.4 * random.uniform();
    stamp(density, size, centre.x, centre.y, 2 * radius, (dx, dy) => {
      return amount * edge(radius - Math.hypot(dx, dy), radius * 0.1);
    });
  }
  fillLung(image, lungs, density, 0.36);
}

/** A monitoring lead: seen in bedside images, and no finding. */
export function drawWire(image: Float32Array, size: number, random: SplitMix32): void {
  let x = size * (0.2 + 0.6 * random.uniform());
  let angle = Math.PI / 2 + 0.4 * random.normal();
  for (let y = size; y > size * 0.45; y += -Math.abs(Math.sin(angle))) {
    stamp(image, size, x, y, 2.5, (dx, dy) => 0.09 * Math.exp(-(dx * dx + dy * dy) / 1.2));
    angle += 0.03 * random.normal();
    x += Math.cos(angle);
  }
  stamp(image, size, x, size * 0.45, size * 0.02, (dx, dy) => {
    return 0.2 * edge(size * 0.013 - Math.hypot(dx, dy), 0.6);
  });
}
