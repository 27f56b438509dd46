/** An image of the project as small grey pictures for registration. */
import sharp from 'sharp';
import { present } from '../../base/present';
import { useDecoded } from '../../images/decode';
import { useImageFile } from '../../images/readFile';
import { windowForScreen } from '../../images/window';
import type { Pyramid } from './register';
import { evened, halved, type Plane } from './plane';

/** Longest side of the small picture, by which images are found to agree, px. */
const side = 96;
/** The larger one has so many times the side: there speckle and the noise of the film count. */
export const finer = 2;
/** Of the surroundings whose mean is taken off, px of each. */
const radius = { coarse: 3, fine: 2 } as const;

/** An image in two sizes. */
export interface Planes {
  readonly coarse: Pyramid;
  readonly fine: Plane;
}

/** @param file absolute @throws OVR300 to OVR306 the image cannot be read */
export function readPlanes(file: string): Promise<Planes> {
  return useImageFile(file, (bytes) =>
    useDecoded(bytes, file, async (image) => {
      const { width, height, channels, data } = windowForScreen(image);
      const small = await sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
        .resize({ width: finer * side, height: finer * side, fit: 'inside', kernel: 'cubic' })
        .toColourspace('b-w')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      const plane = {
        width: small.info.width,
        height: small.info.height,
        data: Float32Array.from(small.data),
      };
      return { coarse: pyramidOf(halved(plane)), fine: evened(plane, radius.fine) };
    }),
  );
}

/** A grey picture as it is registered. */
export function pyramidOf(whole: Plane): Pyramid {
  const half = halved(whole);
  const [a, b, c] = [whole, half, halved(half)].map((plane) => evened(plane, radius.coarse));
  return [present(a, 'a size'), present(b, 'a size'), present(c, 'a size')];
}
