/** What a file's name says of it: whether it is an image, and what it is called without its ending. */
import { imageFormats } from './format';

/** The ends of image file names that Overread can decode. */
export const imageExtensions: readonly string[] = imageFormats.flatMap(({ extensions }) => extensions);

/** Whether a file name ends like an image. */
export function isImageName(name: string): boolean {
  return imageExtensionOf(name) !== '';
}

/** The ending of an image's name as it is written (`.JPG`); '' where it is none that is known: `1.2.840` has none. */
export function imageExtensionOf(name: string): string {
  const lower = name.toLowerCase();
  const end = imageExtensions.find((extension) => lower.endsWith(extension));
  return end === undefined ? '' : name.slice(-end.length);
}
