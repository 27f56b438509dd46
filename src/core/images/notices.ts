/** What became of an image on its way to pixels that a person may not expect. */
import sharp, { type Metadata } from 'sharp';
import { imageFormat } from './format';
import type { DecodedImage } from './model';
import { depthInUse } from './sixteenBit';

export const noticeKinds = [
  'turned',
  'stretched',
  'part of the range',
  'inks',
  'transparency',
  'first picture',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export interface ImageNotice {
  readonly kind: NoticeKind;
  /** What is the same for images of one notice: the orientation, the bits in use. */
  readonly detail: string;
}

/**
 * @param bytes of the file
 * @param image that was decoded from them
 */
export async function imageNotices(bytes: Uint8Array, image: DecodedImage): Promise<ImageNotice[]> {
  const notices: ImageNotice[] = [];
  // DICOM says what its values mean.
  const format = imageFormat(bytes);
  if (format?.plan) return notices;
  if (image.data instanceof Uint16Array) {
    const depth = depthInUse(image.data);
    if (depth < 16) notices.push({ kind: 'part of the range', detail: `${depth} of 16 bit` });
  }
  // libvips has no header of a BMP.
  return format?.name === 'BMP' ? notices : [...notices, ...ofHeader(await sharp(bytes).metadata())];
}

function ofHeader({ orientation, depth, space, hasAlpha, pages, format }: Metadata): ImageNotice[] {
  return [
    ...(orientation !== undefined && orientation > 1
      ? [{ kind: 'turned', detail: `orientation ${orientation}` } as const]
      : []),
    ...(['float', 'short', 'int', 'uint'].includes(depth)
      ? [{ kind: 'stretched', detail: depth } as const]
      : []),
    ...(space === 'cmyk' ? [{ kind: 'inks', detail: 'CMYK' } as const] : []),
    ...(hasAlpha ? [{ kind: 'transparency', detail: '' } as const] : []),
    ...(format !== 'tiff' && (pages ?? 1) > 1 ? [{ kind: 'first picture', detail: '' } as const] : []),
  ];
}
