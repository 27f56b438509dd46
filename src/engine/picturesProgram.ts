/**
 * The process that reads the images of one project, a program of its own: a disk or share that does not answer, or
 * an image that is hard on its decoder, holds up pictures and nothing else.
 */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { isInside } from '../core/base/files';
import { endNow, endWithParent } from '../core/base/lifeline';
import type { ProjectConfig } from '../core/config/config';
import { ImageResolver } from '../core/dataset/imagePath';
import { readInput } from '../core/heatmaps/networkInput';
import { ContentHashes, stampFile } from '../core/images/contentHashes';
import { splitFrame } from '../core/images/frameReference';
import { readPixels } from '../core/images/pixels';
import { Thumbnails } from '../core/images/thumbnail';
import { dicomTags } from './dicomTags';
import { serveEngine } from './helperProcess';
import type { PictureMethods, PictureOf, PicturePlace } from './picturesApi';

endWithParent();
process.on('disconnect', endNow);
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

interface Opened {
  readonly resolver: ImageResolver;
  readonly hashes: ContentHashes;
  readonly thumbnails: Thumbnails;
}

let opened: Promise<Opened> | undefined;

const methods: PictureMethods = {
  openProject: async (place, config) => {
    const before = opened;
    opened = open(place, config, before);
    await opened;
  },
  imagePath: async (picture) => splitFrame((await locate(picture)).file).file,
  thumbnail: async (picture) => {
    const { file, thumbnails } = await locate(picture);
    return thumbnails.makeThumbnail(file);
  },
  pixels: async (picture) => readPixels((await locate(picture)).file),
  contentKey: async (picture) => {
    const { file, hashes } = await locate(picture);
    const stamp = await stampFile(file);
    return (stamp && hashes.known(file, stamp)) ?? (await readInput(file)).key;
  },
  networkInput: async (picture, preprocessing, channels) => {
    const source = await readInput((await locate(picture)).file);
    return source.load(preprocessing, channels);
  },
  filePixels: (file) => readPixels(file),
  dicomTags,
  samplesAt: async (pictures, paths) => {
    const { resolver } = await whenOpened();
    const wanted = paths.map((file) => path.resolve(file));
    return pictures
      .filter((picture) => {
        const file = tryResolve(resolver, picture);
        return file !== undefined && wanted.some((folder) => isInside(folder, splitFrame(file).file));
      })
      .map(({ id }) => id);
  },
};

/** What is known of contents and of thumbnails under way is kept. */
async function open(
  { root, realRoot, cacheFolder }: PicturePlace,
  config: ProjectConfig,
  before: Promise<Opened> | undefined,
): Promise<Opened> {
  const resolver = await ImageResolver.open(root, config);
  const kept = await before;
  const hashes = kept?.hashes ?? (await ContentHashes.open(realRoot, cacheFolder));
  return { resolver, hashes, thumbnails: kept?.thumbnails ?? new Thumbnails(cacheFolder, hashes) };
}

async function whenOpened(): Promise<Opened> {
  if (!opened) throw new Error('No project is open');
  return opened;
}

async function locate(picture: PictureOf): Promise<Opened & { readonly file: string }> {
  const all = await whenOpened();
  return { ...all, file: all.resolver.resolve(picture) };
}

function tryResolve(resolver: ImageResolver, picture: PictureOf): string | undefined {
  try {
    return resolver.resolve(picture);
  } catch (error) {
    if (error instanceof OverreadError) return undefined;
    throw error;
  }
}

serveEngine(methods, 'Unexpected failure while reading an image; see the log');
