/** Images and their preprocessing. Types only. */

/** Decoded pixels, row-major, channels interleaved, orientation already applied. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** 8 or 16 bit as stored; grey stays grey, palette is expanded, alpha is dropped as PIL's convert('RGB') does. */
  readonly bits: 8 | 16;
  readonly data: Uint8Array | Uint16Array;
}

/**
 * What weights own: how an image becomes the network's input (timm's `default_cfg`). Part of the cache key,
 * so every field is plain data.
 */
export interface Preprocessing {
  /** Side of the square network input, px. */
  readonly size: number;
  /** timm's crop_pct: the image is resized so that its shorter side is floor(size / cropPct). */
  readonly cropPct: number;
  readonly interpolation: 'bicubic' | 'bilinear';
  /**
   * Channels of the network's input. 3: grey images are repeated. 1: colour images become grey by Pillow's
   * convert('L').
   */
  readonly channels: 1 | 3;
  /** Per channel, on values in [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** `timm`: resize the shorter side, then centre crop. `whole`: the whole image squeezed to size × size. */
  readonly crop: 'timm' | 'whole';
}

/** Pixels for viewing: one grey plane of 8 or 16 bit, or interleaved RGB of 8 bit. */
export interface ViewPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
  readonly data: ArrayBuffer;
}
