/** What a DICOM file holds as far as its picture goes. Types only. */

/** The Image Pixel Module (PS3.3 C.7.6.3), checked. */
export interface PixelDescription {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  readonly photometric: string;
  /** 0: colour by pixel, 1: colour by plane; of native data only, a codec knows its own. */
  readonly planar: 0 | 1;
  readonly bitsAllocated: 1 | 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Float or Double Float Pixel Data instead of Pixel Data. */
  readonly float: boolean;
  readonly frames: number;
}

export type Samples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * One frame as it is stored: decompressed, overlay bits and unused bits masked, row-major, colour by pixel, YBR made
 * RGB; palette colour is still its indices.
 */
export interface StoredFrame {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Samples;
  /** Of grey and palette colour: what the values may take, so that full range has a meaning. */
  readonly bitsStored: number;
  readonly signed: boolean;
}

/** A window of the file, or of the image's own percentiles, in samples of the view. */
export interface ViewWindow {
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
 * Grey for viewing: bright is what the file means to be bright, background is 0, and window and level act on samples that
 * stand for real values.
 */
export interface GreyView {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint16Array;
  /** The largest sample that may be. */
  readonly most: number;
  /** Real value (Hounsfield units in CT) = slope × sample + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** The first is how the image is to be shown at first; never empty. */
  readonly windows: readonly [ViewWindow, ...ViewWindow[]];
}

/** An element as it is listed. */
export interface ListedTag {
  /** `0010,0010` */
  readonly tag: string;
  /** The keyword of PS3.6; '' where it has none: a private element. */
  readonly keyword: string;
  /** '' where the file does not say it. */
  readonly vr: string;
  /** Texts and numbers, those of several between backslashes; of others how many bytes or items there are. */
  readonly value: string;
  /** In how many sequences it lies. */
  readonly depth: number;
}
