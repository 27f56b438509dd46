/** YBR to RGB (PS3.3 C.7.6.3.1.2): the inverse of ITU-R BT.601, of full range or of the studio's. */

/** In place, colour by pixel; samples of 8 or 16 bit. `most` is the largest value of a sample. */
export function rgbFromYbr(data: Uint8Array | Uint16Array, partial: boolean, most: number): void {
  const half = (most + 1) / 2;
  // Studio range at 8 bits: Y from 16 to 235, Cb and Cr from 16 to 240.
  const scale = (most + 1) / 256;
  const [black, lumaGain, colourGain] = partial ? [16 * scale, 255 / 219, 255 / 224] : [0, 1, 1];
  const clamp = (value: number) => Math.max(0, Math.min(most, Math.floor(value + 0.5)));
  for (let i = 0; i + 2 < data.length; i += 3) {
    const luma = (data[i]! - black) * lumaGain;
    const cb = (data[i + 1]! - half) * colourGain;
    const cr = (data[i + 2]! - half) * colourGain;
    data[i] = clamp(luma + 1.402 * cr);
    data[i + 1] = clamp(luma - (0.114 * 1.772 * cb) / 0.587 - (0.299 * 1.402 * cr) / 0.587);
    data[i + 2] = clamp(luma + 1.772 * cb);
  }
}
