/** What tells an image's content, as it is remembered or as it is read now. */
import { sameStamp, stampFile, type ContentHashes } from './contentHashes';
import { hashImageFile } from './readFile';

/** undefined where the file cannot be read. What is read is remembered, unless the file changed meanwhile. */
export async function rememberedHash(memo: ContentHashes, file: string): Promise<string | undefined> {
  const stamp = await stampFile(file);
  if (!stamp) return undefined;
  const known = memo.known(file, stamp);
  if (known !== undefined) return known;
  const hash = await hashImageFile(file).catch(() => undefined);
  if (hash !== undefined && sameStamp(stamp, await stampFile(file))) memo.record(file, stamp, hash);
  return hash;
}
