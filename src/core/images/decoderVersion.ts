/** The decoder whose pixels an image has. */
import sharp from 'sharp';

/** Part of the cache key. Ordinary JPEG is decoded by other code, to the same bits. */
export const decoderVersion = `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
