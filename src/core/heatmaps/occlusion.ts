/**
 * Occlusion (Zeiler and Fergus, Visualizing and understanding convolutional networks, ECCV 2014, section 4.2): a
 * patch hides a part of the image, and the map says what the output loses by it. Defined for any network.
 */
import { scoreMasked, type MaskedRuns } from './maskedRuns';

/**
 * Places along a side of the map. A patch stands at the centre of each and is as large as two by two of them, so
 * that neighbours overlap by half: 1/7 of the input wide, every 1/14.
 */
export const occlusionGrid = 14;

export interface OcclusionRequest extends MaskedRuns {
  /** Side of the square input, px. */
  readonly size: number;
  /** Uncalibrated logits of the whole image. */
  readonly logits: Float64Array;
  /** Places along a side; default {@link occlusionGrid}. */
  readonly grid?: number | undefined;
}

/**
 * Maps of every output, outputs × grid × grid: logit(whole image) − logit(image without the patch), uncalibrated.
 * The patch takes the mean of what the network was given, per channel: a fixed grey would be a bright lesion in a
 * dark ultrasound image. Patches are clipped at the border.
 */
export async function occlusion(request: OcclusionRequest): Promise<Float32Array> {
  const { image, layer, size, logits, grid = occlusionGrid } = request;
  const area = size * size;
  const means = Array.from({ length: image.length / area }, (_, channel) =>
    meanOf(image.subarray(channel * area, (channel + 1) * area)),
  );
  const places = grid * grid;
  const scores = await scoreMasked(request, places, (place, into) => {
    const [top, bottom] = patchSpan(Math.floor(place / grid), grid, size);
    const [left, right] = patchSpan(place % grid, grid, size);
    into.set(image);
    for (const [channel, mean] of means.entries()) {
      for (let y = top; y < bottom; y++) {
        const row = channel * area + y * size;
        into.fill(mean, row + left, row + right);
      }
    }
  });
  const outputs = layer.outputs.length;
  const values = new Float32Array(outputs * places);
  for (let output = 0; output < outputs; output++) {
    for (let place = 0; place < places; place++) {
      values[output * places + place] = logits[output]! - scores[place * outputs + output]!;
    }
  }
  return values;
}

/** First pixel of the patch at a place of the grid, and the one behind its last. */
function patchSpan(place: number, grid: number, size: number): readonly [number, number] {
  const edge = (cells: number) => Math.min(size, Math.max(0, Math.floor((cells * size) / grid + 0.5)));
  return [edge(place - 0.5), edge(place + 1.5)];
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
