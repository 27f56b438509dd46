/** The content of image files of which nothing is remembered, told by reading them whole. */
import { OverreadError } from '../base/errors';
import { type ContentHashes, sameStamp, stampFile } from '../images/contentHashes';
import { hashImageFile } from '../images/readFile';

/** Files that are read at once. */
const atOnce = 8;

/**
 * Reads files for their content's sake, and remembers it.
 * @param images indices into `files`
 * @param take gets the hash of each that can be read
 */
export async function readContents(
  memo: ContentHashes,
  files: readonly { readonly file: string }[],
  images: readonly number[],
  take: (image: number, hash: string) => void,
): Promise<void> {
  const next = images.values();
  const work = async (): Promise<void> => {
    for (const i of next) {
      const hash = await hashOf(memo, files[i]?.file ?? '');
      if (hash !== undefined) take(i, hash);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await memo.flush();
}

/** The hash of a file's content; undefined for one that cannot be read. */
async function hashOf(memo: ContentHashes, file: string): Promise<string | undefined> {
  try {
    const before = await stampFile(file);
    const hash = await hashImageFile(file);
    if (before && sameStamp(before, await stampFile(file))) memo.record(file, before, hash);
    return hash;
  } catch (error) {
    if (error instanceof OverreadError) return undefined;
    throw error;
  }
}
