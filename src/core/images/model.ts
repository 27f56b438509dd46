/** Images and their preprocessing. Types only. */

/** Decoded pixels, row-major, channels interleaved, orientation already applied. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** 8 or 16 bit as stored; grey stays grey, palette is expanded, alpha is dropped as PIL's convert('RGB') does. */
  readonly bits: 8 | 16;
  readonly data: Uint8Array | Uint16Array;
  /** The height of a pixel over its width, where they differ. */
  readonly aspect?: number;
  /** What the grey values mean, where the file says so (DICOM). */
  readonly levels?: GreyLevels;
}

/** What the samples of a grey image stand for, and under which windows they are to be seen. */
export interface GreyLevels {
  /** The largest sample that may be. */
  readonly most: number;
  /** Real value (Hounsfield units in CT) = slope × sample + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** In samples; the first is how the image is shown at first. Never empty. */
  readonly windows: readonly GreyWindow[];
}

export interface GreyWindow {
  /** Its explanation in the file; '' where it has none. */
  readonly name: string;
  /** Black and white are half a window below and above the level. */
  readonly window: number;
  readonly level: number;
  readonly curve: 'linear' | 'sigmoid';
  /** As the file writes it, in real values. */
  readonly written?: { readonly width: number; readonly center: number };
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
  /** How the grey of DICOM files becomes 8 bit (`model.dicom`); absent: `window`. */
  readonly dicom?: 'full-range';
}

/** Pixels for viewing: one grey plane of 8 or 16 bit, or interleaved RGB of 8 bit. */
export interface ViewPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
  readonly data: ArrayBuffer;
  readonly aspect?: number;
  readonly levels?: GreyLevels;
}
