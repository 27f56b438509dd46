/**
 * Thumbnails: WebP files under `thumbnails/` of the project's part of the user's cache, sharded by the first two digits
 * of the image's content hash, the hash in the name. A page may show them by path and keep them for ever: other
 * content has another name. They are not in the project: one that came with it would be shown for the image.
 */
import * as path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { exists, writeFileAtomic } from '../base/files';
import { NewestFirst } from '../base/newestFirst';
import { sameStamp, stampFile, type ContentHashes } from './contentHashes';
import { asUndecodable, openDecoder, useDecoded, type DecodeOptions, type OpenedImage } from './decode';
import { imageFormat } from './format';
import { hashImage } from './frameReference';
import { bytesWhenDecoded, decodedMemory, refuseLarge, type DecodedSize } from './memory';
import type { DecodedImage } from './model';
import { useImageFile } from './readFile';
import { windowForScreen } from './window';

/** Longest side of a thumbnail, px. */
export const thumbnailSide = 256;

/** WebP quality, chosen by eye: no blocks are visible in lung fields. */
const quality = 82;

/**
 * Draws a thumbnail as WebP: longest side at most `side` px, never enlarged, upright; 16-bit images windowed. Images
 * are shrunk row by row as they are decoded, large JPEGs at reduced size, which is enough for the eye.
 * @throws OVR301, OVR302
 */
export async function drawThumbnail(
  bytes: Uint8Array,
  file: string,
  side = thumbnailSide,
  options?: DecodeOptions,
): Promise<Uint8Array> {
  const encode = (image: Sharp) => image.webp({ quality, effort: 2 }).toBuffer();
  if (imageFormat(bytes)?.plan) {
    return useDecoded(bytes, file, (image) => encode(shrinkDecoded(image, side)), options);
  }
  const opened = await openDecoder(bytes, file, options);
  const held = heldWhileShrinking(opened);
  refuseLarge(file, held);
  const { input, header } = opened;
  const small = input
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .removeAlpha();
  return decodedMemory.hold(bytesWhenDecoded(held), () =>
    asUndecodable(opened, async () =>
      header.depth === 'ushort' ? encode(await windowed(small, header.space)) : encode(small),
    ),
  );
}

/** An image that libvips has not decoded; pixels that are no squares are shown at their size. */
function shrinkDecoded(image: DecodedImage, side: number): Sharp {
  const { width, height, channels, data, aspect = 1 } = windowForScreen(image);
  const shown = shownSize(width, height, aspect);
  const shrink = Math.min(1, side / Math.max(shown.width, shown.height));
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false }).resize({
    width: Math.max(1, Math.round(shown.width * shrink)),
    height: Math.max(1, Math.round(shown.height * shrink)),
    fit: 'fill',
  });
}

/** The size at which pixels of this aspect (height over width) have their shape: one side as it is, the other longer. */
function shownSize(width: number, height: number, aspect: number): { width: number; height: number } {
  return aspect >= 1 ? { width, height: height * aspect } : { width: width / aspect, height };
}

/** Rows that the decoder and the filters hold at once, at most. */
const rowsAtOnce = 1024;

/** The part of an image that is in memory while it is shrunk: all of it where its rows do not come one by one. */
function heldWhileShrinking({ format, header, size }: OpenedImage): DecodedSize {
  const turned = header.orientation !== undefined && header.orientation > 1;
  const whole = header.isProgressive || !format.rowByRow || turned;
  return whole ? size : { ...size, height: Math.min(size.height, rowsAtOnce) };
}

/** 16 bit to what a screen shows, on the pixels of the thumbnail. */
async function windowed(small: Sharp, space: string | undefined): Promise<Sharp> {
  const { data, info } = await small
    .toColourspace(space === 'grey16' || space === 'b-w' ? 'grey16' : 'rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const channels = info.channels === 1 ? 1 : 3;
  const pixels = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  const seen = windowForScreen({ width, height, channels, bits: 16, data: pixels });
  return sharp(seen.data, { raw: { width, height, channels } });
}

/** Where thumbnails lie in the project's part of the user's cache. */
export function thumbnailsBelow(cacheFolder: string): string {
  return path.join(cacheFolder, 'thumbnails');
}

export interface ThumbnailOptions {
  readonly side?: number;
  /** Images decoded at once. Of those that wait the newest goes first: it is what is on the screen now. */
  readonly atOnce?: number;
}

/** The thumbnails of a project. One object for each project: it knows which are being made. */
export class Thumbnails {
  private readonly making = new Map<string, Promise<string>>();
  private readonly turns: NewestFirst;
  private readonly side: number;

  /** @param cacheFolder the project's part of the user's cache (`projectCacheFolder`) */
  constructor(
    private readonly cacheFolder: string,
    private readonly hashes: ContentHashes,
    options?: ThumbnailOptions,
  ) {
    this.side = options?.side ?? thumbnailSide;
    this.turns = new NewestFirst(options?.atOnce ?? 4);
  }

  /** Where the thumbnail of this content lies, whether or not it was made. */
  path(hash: string): string {
    return path.join(thumbnailsBelow(this.cacheFolder), hash.slice(0, 2), `${hash}-${this.side}.webp`);
  }

  /**
   * The thumbnail file of an image, made if need be. Asking twice at once makes it once.
   *
   * @param file absolute path of the image
   * @throws OVR300, OVR301, OVR302, OVR003
   */
  makeThumbnail(file: string): Promise<string> {
    const begun = this.making.get(file);
    if (begun) return begun;
    const made = this.turns
      .run(() => this.make(file))
      .finally(() => {
        this.making.delete(file);
        if (this.making.size === 0) void this.hashes.flush();
      });
    this.making.set(file, made);
    return made;
  }

  private async make(file: string): Promise<string> {
    const stamp = await stampFile(file);
    const known = stamp ? this.hashes.known(file, stamp) : undefined;
    if (known !== undefined && (await exists(this.path(known)))) return this.path(known);
    return useImageFile(file, async (bytes) => {
      const hash = hashImage(bytes, file);
      if (stamp && sameStamp(stamp, await stampFile(file))) this.hashes.record(file, stamp, hash);
      const target = this.path(hash);
      if (!(await exists(target))) await writeFileAtomic(target, await drawThumbnail(bytes, file, this.side));
      return target;
    });
  }
}
