/** GIF: the first picture, in the colours of its palette. */
import sharp, { type Sharp, type SharpOptions } from 'sharp';

/** @throws for transparent pixels: PIL shows the colour that lies under them, and libvips does not tell it */
export async function openGif(bytes: Uint8Array, options: SharpOptions): Promise<Sharp> {
  const opened = sharp(bytes, options);
  const { hasAlpha } = await opened.metadata();
  if (hasAlpha && !(await opened.clone().stats()).isOpaque) throw new Error('it has transparent pixels');
  return opened;
}
