/** Reads every image of a project once: what it holds, whether it can be decoded, what a person should know of it. */
import { OverreadError, throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { resolveImages } from '../dataset/imagePath';
import { sameStamp, stampFile, type ContentHashes } from '../images/contentHashes';
import { useDecoded } from '../images/decode';
import { hashImage } from '../images/frameReference';
import { imageNotices, type ImageNotice } from '../images/notices';
import { useImageFile } from '../images/readFile';
import type { Project } from '../project/project';
import { sketchOf, type Sketch } from './pictures/sketch';

/** What reading an image told. */
export interface CheckedImage {
  /** Of its content; undefined where it cannot be read. */
  readonly hash: string | undefined;
  readonly problem: Problem | undefined;
  readonly notices: readonly ImageNotice[];
  /** What it looks like, where it was decoded. */
  readonly sketch?: Sketch;
}

/** Images that are read at once: the decoder has threads of its own. */
const atOnce = 4;

export interface ReadOptions extends WorkOptions {
  /** Images whose content is known are not read again, and none is decoded. */
  readonly quick?: boolean;
  readonly memo: ContentHashes;
}

/** One entry for each sample, in their order. @throws OVR002 */
export async function readImages(project: Project, options: ReadOptions): Promise<CheckedImage[]> {
  const { samples } = project.dataset;
  const located = await resolveImages(project.root, project.config, samples, options);
  const checked: CheckedImage[] = located.map(() => ({ hash: undefined, problem: undefined, notices: [] }));
  let done = 0;
  const rest = located.entries();
  const worker = async (): Promise<void> => {
    for (const [i, place] of rest) {
      throwIfCancelled(options.signal);
      checked[i] =
        'problem' in place
          ? { hash: undefined, problem: place.problem, notices: [] }
          : await readOne(place.file, options);
      options.onProgress?.({ stage: 'check', done: ++done, total: located.length });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await options.memo.flush();
  return checked;
}

async function readOne(file: string, { quick, memo }: ReadOptions): Promise<CheckedImage> {
  const stamp = await stampFile(file);
  const known = quick === true && stamp ? memo.known(file, stamp) : undefined;
  if (known !== undefined) return { hash: known, problem: undefined, notices: [] };
  let hash: string | undefined;
  try {
    return await useImageFile(file, async (bytes) => {
      hash = hashImage(bytes, file);
      if (stamp && sameStamp(stamp, await stampFile(file))) memo.record(file, stamp, hash);
      if (quick === true) return { hash, problem: undefined, notices: [] };
      return useDecoded(bytes, file, async (image) => {
        const sketch = sketchOf(image);
        return { hash, problem: undefined, notices: await imageNotices(bytes, image), sketch };
      });
    });
  } catch (error) {
    if (!(error instanceof OverreadError) || error.code === 'OVR002') throw error;
    return { hash, problem: { ...error.toJSON(), severity: 'error' }, notices: [] };
  }
}
