/**
 * Draws chest-like phantoms: made-up anatomy from formulas and random numbers, for demonstrations and tests.
 * No patient was imaged, and nothing here is meant to be realistic enough to learn medicine from.
 *
 * Coordinates: x from -1 (image left) to 1, y from 0 (top) to 1, so a unit of y is half as long as one of x.
 */
import type { SplitMix32 } from '../base/random';

export type PhantomClass = 'Normal' | 'Opacity' | 'Nodule';

/** What stays the same in all images of a patient. Lengths in the coordinates above. */
export interface Anatomy {
  readonly thoraxWidth: number;
  readonly heartWidth: number;
  readonly diaphragm: number;
  readonly ribSpacing: number;
  readonly ribContrast: number;
  readonly density: number;
}

export interface PhantomRequest {
  readonly size: number;
  readonly anatomy: Anatomy;
  readonly finding: PhantomClass;
  readonly view: 'PA' | 'AP';
  readonly random: SplitMix32;
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

/**
 * One phantom. @returns brightness in [0, 1], row-major, size × size; bone is bright as in a radiograph.
 * About 20 ms at 320 px.
 */
export function drawPhantom({ size, anatomy, finding, view, random }: PhantomRequest): Float32Array {
  const pose = {
    shift: 0.05 * random.normal(),
    tilt: 0.035 * random.normal(),
    zoom: 1 + 0.04 * random.normal(),
    // A shallow breath raises the diaphragm; lying patients breathe less.
    breath: (view === 'AP' ? 0.035 : 0) + 0.018 * random.normal(),
    heart: view === 'AP' ? 1.13 : 1,
  };
  // The body is soft at the scale of a pixel, so half the resolution will do, at a quarter of the time.
  const half = Math.ceil(size / 2);
  const tissue = new Float32Array(half * half);
  const lung = new Float32Array(half * half);
  for (let row = 0; row < half; row++) {
    for (let column = 0; column < half; column++) {
      const u = ((2 * (column + 0.5)) / half - 1 - pose.shift) * pose.zoom;
      const v = ((row + 0.5) / half - 0.5) * pose.zoom + 0.5;
      const x = u + pose.tilt * (v - 0.5) * 2;
      const y = v - pose.tilt * u * 0.5;
      const at = row * half + column;
      lung[at] = lungAt(x, y, anatomy, pose.breath);
      tissue[at] = tissueAt(x, y, lung[at], anatomy, pose.heart, pose.breath);
    }
  }
  const image = enlarge(tissue, half, size);
  const lungs = enlarge(lung, half, size);
  drawVessels(image, lungs, size, random);
  if (finding === 'Opacity') drawOpacity(image, lungs, size, random);
  if (finding === 'Nodule') drawNodule(image, lungs, size, random);
  if (view === 'AP' && random.uniform() < 0.6) drawWire(image, size, random);
  blurAndGrain(image, size, view === 'AP' ? 0.022 : 0.016, random);
  expose(image, random);
  drawMarker(image, size, random.uniform() < 0.5 ? 'L' : 'R');
  return image;
}

/** 0 outside, 1 inside, with an edge `softness` wide; `distance` is positive inside. */
function edge(distance: number, softness: number): number {
  const t = distance / softness;
  return t > 9 ? 1 : t < -9 ? 0 : 1 / (1 + Math.exp(-t));
}

/** exp(-t²), 0 where it is below 1e-7. */
function bell(t: number): number {
  return t > 4 || t < -4 ? 0 : Math.exp(-t * t);
}

/** Bilinear, pixel centres aligned. */
function enlarge(small: Float32Array, from: number, to: number): Float32Array {
  const large = new Float32Array(to * to);
  const place = (i: number): { first: number; weight: number } => {
    const at = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1.001);
    return { first: Math.floor(at), weight: at - Math.floor(at) };
  };
  const columns = Array.from({ length: to }, (_, x) => place(x));
  for (let y = 0; y < to; y++) {
    const { first: row, weight: down } = place(y);
    for (let x = 0; x < to; x++) {
      const { first, weight } = columns[x]!;
      const at = row * from + first;
      const above = small[at]! * (1 - weight) + small[at + 1]! * weight;
      const below = small[at + from]! * (1 - weight) + small[at + from + 1]! * weight;
      large[y * to + x] = above * (1 - down) + below * down;
    }
  }
  return large;
}

/** The share of lung at a place, 0 to 1: two fields with a narrow apex, cut by the domes of the diaphragm. */
function lungAt(x: number, y: number, anatomy: Anatomy, breath: number): number {
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
function tissueAt(
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
function drawVessels(image: Float32Array, lungs: Float32Array, size: number, random: SplitMix32): void {
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

/** One to three fluffy patches, some of them faint. */
function drawOpacity(image: Float32Array, lungs: Float32Array, size: number, random: SplitMix32): void {
  const patches = 1 + random.below(3);
  const strength = 0.07 + 0.15 * random.uniform();
  for (let patch = 0; patch < patches; patch++) {
    const centre = placeInLung(lungs, size, random, 0.35, 0.78);
    const spread = size * (0.05 + 0.05 * random.uniform());
    for (let puff = 0; puff < 12; puff++) {
      const cx = centre.x + spread * 0.8 * random.normal();
      const cy = centre.y + spread * 0.8 * random.normal();
      const radius = spread * (0.35 + 0.5 * random.uniform());
      const amount = strength * (0.25 + 0.3 * random.uniform());
      stamp(image, size, cx, cy, 2.5 * radius, (dx, dy, at) => {
        return amount * (0.15 + 0.85 * lungs[at]!) * Math.exp(-(dx * dx + dy * dy) / (radius * radius));
      });
    }
  }
}

/** One round nodule with a fairly sharp rim. */
function drawNodule(image: Float32Array, lungs: Float32Array, size: number, random: SplitMix32): void {
  const centre = placeInLung(lungs, size, random, 0.22, 0.7);
  const radius = size * (0.024 + 0.018 * random.uniform());
  const amount = 0.11 + 0.14 * random.uniform();
  stamp(image, size, centre.x, centre.y, 2 * radius, (dx, dy) => {
    return amount * edge(radius - Math.hypot(dx, dy), radius * 0.13);
  });
}

/** A monitoring lead: seen in bedside images, and no finding. */
function drawWire(image: Float32Array, size: number, random: SplitMix32): void {
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

/** Scatter as a slow random field, quantum noise as grain, and the blur of the detector between the two. */
function blurAndGrain(image: Float32Array, size: number, grain: number, random: SplitMix32): void {
  const cells = 9;
  const field = Float32Array.from({ length: (cells + 1) ** 2 }, () => 0.02 * random.normal());
  const noise = Float32Array.from({ length: 4096 }, () => random.normal());
  for (let row = 0; row < size; row++) {
    const fy = (row / size) * cells;
    const y0 = Math.floor(fy);
    for (let column = 0; column < size; column++) {
      const fx = (column / size) * cells;
      const x0 = Math.floor(fx);
      const [sx, sy] = [smooth(fx - x0), smooth(fy - y0)];
      const corner = y0 * (cells + 1) + x0;
      const above = field[corner]! * (1 - sx) + field[corner + 1]! * sx;
      const below = field[corner + cells + 1]! * (1 - sx) + field[corner + cells + 2]! * sx;
      image[row * size + column]! += above * (1 - sy) + below * sy;
    }
  }
  blur(image, size);
  for (let at = 0; at < image.length; at++) {
    const value = Math.max(image[at]!, 0);
    image[at] = value + grain * (0.35 + value) * noise[random.uint32() & 4095]!;
  }
}

const smooth = (t: number): number => t * t * (3 - 2 * t);

/** One pass of [1 2 1] / 4 in each direction. */
function blur(image: Float32Array, size: number): void {
  for (const step of [1, size]) {
    const copy = image.slice();
    for (let at = step; at < image.length - step; at++) {
      image[at] = (copy[at - step]! + 2 * copy[at]! + copy[at + step]!) / 4;
    }
  }
}

/** Exposure and contrast differ from image to image, as between machines. */
function expose(image: Float32Array, random: SplitMix32): void {
  const gain = 1.22 + 0.1 * random.normal();
  const gamma = Math.exp(0.1 * random.normal());
  // A table of the curve: a power for each of 100,000 pixels would be a tenth of the drawing.
  const curve = Float32Array.from({ length: 4097 }, (_, i) => (i / 4096) ** gamma);
  for (let at = 0; at < image.length; at++) {
    const level = Math.min(Math.max(image[at]! * gain, 0), 1) * 4096;
    const below = Math.min(Math.floor(level), 4095);
    image[at] = curve[below]! + (curve[below + 1]! - curve[below]!) * (level - below);
  }
}

const glyphs = { L: ['1000', '1000', '1000', '1000', '1111'], R: ['1110', '1001', '1110', '1010', '1001'] };

/** The side marker of lead, in the upper corner on the patient's side. */
function drawMarker(image: Float32Array, size: number, side: 'L' | 'R'): void {
  const cell = Math.max(2, Math.round(size / 90));
  const left = side === 'L' ? size - 4 * cell - Math.round(size * 0.05) : Math.round(size * 0.05);
  const top = Math.round(size * 0.06);
  for (const [row, line] of glyphs[side].entries()) {
    for (let column = 0; column < line.length; column++) {
      if (line[column] !== '1') continue;
      for (let y = 0; y < cell; y++) {
        const start = (top + row * cell + y) * size + left + column * cell;
        image.fill(0.97, start, start + cell);
      }
    }
  }
}
