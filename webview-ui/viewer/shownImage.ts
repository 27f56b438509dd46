/** An image with its pixels as they are seen through a window: painted once for each window, ahead of its turn or in it. */
import type { DetailPixels } from '../../src/protocol/engineApi';
import { element } from '../dom';
import { draftOf, isSameCut, quickCut, wholeOf, type Cut } from './draft';
import type { Size, Viewport } from './viewport';
import { buildTable, paint, samplesOf, type WindowLevel } from './windowLevel';

/** Which part of an image, and the image of that part. */
export interface Draft {
  readonly cut: Cut;
  readonly image: ShownImage;
}

export class ShownImage {
  readonly samples: Uint8Array | Uint16Array;
  /** The image at its own size, as the window shows it. */
  readonly source = element('canvas', {});
  private readonly data: ImageData;
  private painted: { readonly wl: WindowLevel; readonly inverted: boolean } | undefined;

  private small: Draft | undefined;

  constructor(
    readonly pixels: DetailPixels,
    samples: Uint8Array | Uint16Array = samplesOf(pixels),
  ) {
    this.samples = samples;
    this.source.width = pixels.width;
    this.source.height = pixels.height;
    this.data = new ImageData(pixels.width, pixels.height);
  }

  /** Its size on the screen at scale 1: a pixel of it is a pixel wide, and as high as the file says. */
  get shape(): Size {
    const { width, height, aspect = 1 } = this.pixels;
    return { width, height: height * aspect };
  }

  /**
   * What is quick enough to be painted for each move of a hand.
   * @param screen of the canvas that it is shown on, in pixels of the screen
   */
  draft(view: Viewport, screen: Size): Draft {
    const cut = quickCut(this.pixels, view, screen);
    if (isSameCut(cut, wholeOf(this.pixels))) return { cut, image: this };
    if (!this.small || !isSameCut(this.small.cut, cut)) {
      const { pixels, samples } = draftOf(this.pixels, this.samples, cut);
      this.small = { cut, image: new ShownImage(pixels, samples) };
    }
    return this.small;
  }

  /** Paints `source`, unless it is as asked already. */
  paint(wl: WindowLevel, inverted: boolean): void {
    if (this.painted && this.painted.inverted === inverted && isSame(this.painted.wl, wl)) return;
    this.painted = { wl, inverted };
    const table = buildTable(this.pixels.bits, wl, inverted);
    paint(this.pixels, this.samples, table, new Uint32Array(this.data.data.buffer));
    this.source.getContext('2d')?.putImageData(this.data, 0, 0);
  }
}

function isSame(a: WindowLevel, b: WindowLevel): boolean {
  return a.window === b.window && a.level === b.level && (a.curve ?? 'linear') === (b.curve ?? 'linear');
}
