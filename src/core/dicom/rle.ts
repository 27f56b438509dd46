/** RLE Lossless (PS3.5 annex G): one PackBits segment for each byte of each sample, the highest byte first. */
import { undecodable } from './fault';

/**
 * Decodes a frame to native little-endian bytes, colour by pixel.
 * @param samples per pixel
 * @param bytesPerSample 1, 2 or 4
 * @throws DicomFault
 */
export function decodeRle(
  bytes: Uint8Array,
  pixels: number,
  samples: number,
  bytesPerSample: number,
): Uint8Array {
  if (bytes.length < 64) throw undecodable('a frame is shorter than its RLE header');
  const header = new DataView(bytes.buffer, bytes.byteOffset, 64);
  const segments = header.getUint32(0, true);
  if (segments !== samples * bytesPerSample) {
    throw undecodable(
      `a frame has ${segments} RLE segments where its pixels need ${samples * bytesPerSample}`,
    );
  }
  const stride = samples * bytesPerSample;
  const out = new Uint8Array(pixels * stride);
  for (let segment = 0; segment < segments; segment++) {
    const from = header.getUint32(4 + 4 * segment, true);
    const to = segment + 1 < segments ? header.getUint32(8 + 4 * segment, true) : bytes.length;
    if (from < 64 || to > bytes.length || from > to)
      throw undecodable('an RLE segment lies outside of its frame');
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    unpack(bytes.subarray(from, to), out, sample * bytesPerSample + byte, stride, pixels);
  }
  return out;
}

/** PackBits into every `stride`-th byte from `start`. */
function unpack(packed: Uint8Array, out: Uint8Array, start: number, stride: number, count: number): void {
  let done = 0;
  let at = 0;
  let to = start;
  while (done < count && at + 1 < packed.length) {
    const control = packed[at]!;
    at++;
    if (control === 128) continue;
    if (control < 128) {
      const run = Math.min(control + 1, count - done, packed.length - at);
      for (let i = 0; i < run; i++, to += stride) out[to] = packed[at + i]!;
      at += control + 1;
      done += run;
    } else {
      const run = Math.min(257 - control, count - done);
      const value = packed[at]!;
      for (let i = 0; i < run; i++, to += stride) out[to] = value;
      at++;
      done += run;
    }
  }
  if (done < count) throw undecodable(`an RLE segment ends after ${done} of ${count} values`);
}
