/**
 * From stored grey to grey for viewing, in the order of PS3.4 N.2: padding is set aside, modality table or rescale, VOI table
 * where there is one, inverted once. Window and level are left to whoever shows it; what the file says of them comes along.
 */
import type { FileWindow, GreyDisplay } from './display';
import { lookUp, type LookupTable } from './lookupTable';
import type { GreyView, Samples, StoredFrame, ViewWindow } from './model';

/** The stored values of a frame as whole steps from the lowest one that may be. */
interface Steps {
  /** Step = value − offset, which lies between 0 and `most`. */
  readonly data: Samples;
  readonly offset: number;
  readonly most: number;
  /** Stored value = scale × step + lowest. */
  readonly scale: number;
  readonly lowest: number;
  /** 1 where the pixel is padding or no number. */
  readonly background: Uint8Array | undefined;
}

interface GreyPlan extends Mapping {
  readonly steps: Steps;
  readonly windows: GreyView['windows'];
}

/** @param frame grey: one channel */
export function viewGrey(frame: StoredFrame, display: GreyDisplay): GreyView {
  const { width, height } = frame;
  const { steps, values, most, slope, intercept, windows } = planGrey(frame, display);
  const samples = new Uint16Array(steps.data.length);
  mapInto(samples, steps, values);
  return { width, height, samples, most, slope, intercept, windows };
}

/**
 * The frame in 8 bit, in one pass over its pixels.
 * @param how under its first window, or from the lowest to the highest value that may be
 */
export function renderGrey(
  frame: StoredFrame,
  display: GreyDisplay,
  how: 'window' | 'full-range',
): Uint8Array {
  const { steps, values, most, windows } = planGrey(frame, display);
  const fullRange: ViewWindow = { name: '', window: Math.max(1, most), level: most / 2, curve: 'linear' };
  const table = windowTable(most, how === 'window' ? windows[0] : fullRange);
  const grey = Uint8Array.from(values, (sample) => table[sample] ?? 0);
  const { data, background } = steps;
  const isSame = data instanceof Uint8Array && !background && grey.every((level, step) => level === step);
  if (isSame) return data;
  const out = new Uint8Array(data.length);
  mapInto(out, steps, grey);
  return out;
}

/** Background is black, whatever the window. */
function mapInto(out: Uint8Array | Uint16Array, steps: Steps, values: Uint8Array | Uint16Array): void {
  const { data, offset, background } = steps;
  for (let i = 0; i < out.length; i++) out[i] = values[data[i]! - offset]!;
  if (background) for (let i = 0; i < out.length; i++) if (background[i] === 1) out[i] = 0;
}

function planGrey(frame: StoredFrame, display: GreyDisplay): GreyPlan {
  const steps = stepsOf(frame, display.padding);
  const mapping = toSamples(steps, display);
  return { ...mapping, steps, windows: windowsOf(mapping, steps, frame, display) };
}

function stepsOf({ data, bitsStored, signed }: StoredFrame, padding: GreyDisplay['padding']): Steps {
  const background = padding && backgroundOf(data, padding.from, padding.to);
  const isWhole = !(data instanceof Float32Array || data instanceof Float64Array) && bitsStored <= 16;
  if (!isWhole) return quantised(data, background);
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  return { data, offset: lowest, most: 2 ** bitsStored - 1, scale: 1, lowest, background };
}

function backgroundOf(data: Samples, from: number, to: number): Uint8Array | undefined {
  const background = new Uint8Array(data.length);
  let any = false;
  for (let i = 0; i < data.length; i++) {
    if (data[i]! >= from && data[i]! <= to) {
      background[i] = 1;
      any = true;
    }
  }
  return any ? background : undefined;
}

/** More than 16 bits, and floating point: 65,536 steps between the lowest and the highest value of the frame. */
function quantised(data: Samples, padding: Uint8Array | undefined): Steps {
  const background = padding ?? new Uint8Array(data.length);
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) background[i] = 1;
    if (background[i] === 1) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  const scale = high > low ? (high - low) / 65_535 : 1;
  const step = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (background[i] === 0) step[i] = Math.round((data[i]! - low) / scale);
  }
  return { data: step, offset: 0, most: 65_535, scale, lowest: low, background };
}

interface Mapping {
  /** The sample of each step. */
  readonly values: Uint16Array;
  readonly most: number;
  readonly slope: number;
  readonly intercept: number;
  /** Whether a VOI table has made grey of it already: windows of the file are then no longer meant. */
  readonly sampled: boolean;
}

function toSamples(steps: Steps, { modality, voi, inverse }: GreyDisplay): Mapping {
  const stored = (step: number) => steps.scale * step + steps.lowest;
  const real = (step: number) =>
    'entries' in modality
      ? lookUp(modality, stored(step))
      : modality.slope * stored(step) + modality.intercept;
  const count = steps.most + 1;
  if (voi) return tabled(count, voi, (step) => lookUp(voi, Math.round(real(step))), inverse, true);
  if ('entries' in modality) return tabled(count, modality, real, inverse, false);
  // Bright is what has high real values, so a falling line turns the steps round; inverse turns them round again.
  const turned = inverse !== modality.slope < 0;
  const { most } = steps;
  const values = Uint16Array.from({ length: count }, (_, step) => (turned ? most - step : step));
  const slope = modality.slope * steps.scale;
  const intercept = modality.slope * steps.lowest + modality.intercept;
  return turned
    ? { values, most, slope: -slope, intercept: intercept + slope * most, sampled: false }
    : { values, most, slope, intercept, sampled: false };
}

/** Samples are what a table gives. */
function tabled(
  count: number,
  { bits }: LookupTable,
  value: (step: number) => number,
  inverse: boolean,
  sampled: boolean,
): Mapping {
  const most = 2 ** bits - 1;
  const values = Uint16Array.from({ length: count }, (_, step) => {
    const sample = Math.min(most, value(step));
    return inverse ? most - sample : sample;
  });
  return { values, most, slope: inverse ? -1 : 1, intercept: inverse ? most : 0, sampled };
}

function windowsOf(
  mapping: Mapping,
  steps: Steps,
  frame: StoredFrame,
  { windows, windowFunction }: GreyDisplay,
): GreyView['windows'] {
  const { most, sampled } = mapping;
  const full: ViewWindow = { name: '', window: Math.max(1, most), level: most / 2, curve: 'linear' };
  if (sampled) return [full];
  const inSamples = ({ name, center, width }: FileWindow): ViewWindow => {
    // LINEAR counts its ends as C.11.2.1.2.1 does: half a value below the centre, one less wide.
    const [level, window] = windowFunction === 'linear' ? [center - 0.5, width - 1] : [center, width];
    return {
      name,
      window: Math.max(1e-6, window / Math.abs(mapping.slope)),
      level: (level - mapping.intercept) / mapping.slope,
      curve: windowFunction === 'sigmoid' ? 'sigmoid' : 'linear',
      written: { width, center },
    };
  };
  const [first, ...rest] = windows.map(inSamples);
  if (first) return [first, ...rest];
  // As every other image of 8 bits: as it is.
  if (most <= 255 && frame.bitsStored <= 8) return [full];
  return [percentiles(steps, mapping)];
}

/** The part of the picture that may come out black, and white, so that a marker or a dead pixel sets no scale. */
const clipped = 0.005;

function percentiles({ data, offset, background }: Steps, { values, most }: Mapping): ViewWindow {
  const stored = new Uint32Array(values.length);
  let total = 0;
  for (let i = 0; i < data.length; i++) {
    if (background && background[i] === 1) continue;
    stored[data[i]! - offset]!++;
    total++;
  }
  const counts = new Uint32Array(most + 1);
  for (let step = 0; step < stored.length; step++) counts[values[step]!]! += stored[step]!;
  const few = total * clipped;
  let low = 0;
  for (let below = counts[0]!; below <= few && low < most; below += counts[low]!) low++;
  let high = most;
  for (let above = counts[most]!; above <= few && high > low; above += counts[high]!) high--;
  const window = Math.max(1, high - low);
  return { name: '', window, level: low + window / 2, curve: 'linear' };
}

/** The grey level, 0 to 255, of each sample up to `most` under a window. */
export function windowTable(most: number, { window, level, curve }: ViewWindow): Uint8Array {
  const table = new Uint8Array(most + 1);
  for (let sample = 0; sample <= most; sample++) {
    const along = (sample - level) / window;
    const share = curve === 'sigmoid' ? 1 / (1 + Math.exp(-4 * along)) : along + 0.5;
    table[sample] = Math.round(255 * Math.max(0, Math.min(1, share)));
  }
  return table;
}
