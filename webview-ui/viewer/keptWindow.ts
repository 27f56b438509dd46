/**
 * Window, level and inversion from image to image: what a reader has set stays until it is reset, for images whose grey
 * has the same scale. Without it each image starts with its own.
 */
import type { DetailPixels } from '../../src/protocol/engineApi';
import { autoWindow, startWindow, type WindowLevel } from './windowLevel';

type Samples = Uint8Array | Uint16Array;

export class KeptWindow {
  inverted = false;
  private set: { readonly wl: WindowLevel; readonly scale: string } | 'auto' | undefined;

  /** The window that an image is seen through first. */
  of(pixels: DetailPixels, samples: Samples): WindowLevel {
    const { set } = this;
    if (set === 'auto') return autoWindow(samples, pixels.bits);
    return set && set.scale === scaleOf(pixels) ? set.wl : startWindow(pixels, samples);
  }

  /** By hand, or a window that the file names. */
  keep(wl: WindowLevel, pixels: DetailPixels | undefined): void {
    if (pixels) this.set = { wl, scale: scaleOf(pixels) };
  }

  /** Each image by its own values. */
  keepAuto(): void {
    this.set = 'auto';
  }

  reset(): void {
    this.set = undefined;
    this.inverted = false;
  }
}

/** Equal for images of which a grey value means the same. */
function scaleOf({ bits, channels, levels }: DetailPixels): string {
  return [bits, channels, levels?.most, levels?.slope, levels?.intercept].join();
}
