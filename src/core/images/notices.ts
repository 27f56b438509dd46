/** What became of an image on its way to pixels that a person may not expect. */
import sharp, { type Metadata } from 'sharp';
import { imageFormat } from './format';
import type { DecodedImage } from './model';
import { depthInUse } from './sixteenBit';

export type NoticeKind =
  'turned' | 'stretched' | 'part of the range' | 'inks' | 'transparency' | 'first picture';

/** What is said of images of each kind, behind their number. */
export const noticeSentences: Readonly<Record<NoticeKind, string>> = {
  turned: 'turned as the EXIF orientation says; other programs may show them otherwise',
  stretched: 'of numbers that are no grey levels, stretched between their tags or percentiles',
  'part of the range': 'with 16 bit that use a part of the range, brightened for the network',
  inks: 'in inks, converted without their profile',
  transparency: 'with transparency, which is dropped',
  'first picture': 'of several pictures, of which the first is taken',
};

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
  return format?.ownHeader ? notices : [...notices, ...ofHeader(await sharp(bytes).metadata())];
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
