/** Which files the images are now: by the end of their paths, by their names, by their content. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { throwIfCancelled } from '../../base/errors';
import { sha256File } from '../../base/files';
import type { WorkOptions } from '../../base/ports';
import { ImageIndex, pathParts } from '../../dataset/imageIndex';
import type { ContentHashes } from '../../images/contentHashes';
import { imageExtensionOf } from '../../images/imageNames';
import type { ImageTree } from '../../images/imageTree';
import type { GoneImage } from './goneImages';

/** How a file was found. */
export type FoundBy = 'path' | 'name' | 'content';

/** What became of an image that is gone. */
export type Match =
  | { readonly image: GoneImage; readonly file: string; readonly by: FoundBy }
  | { readonly image: GoneImage; readonly candidates: readonly string[] };

/** A folder that was walked. */
export interface SearchedFolder {
  /** Absolute. */
  readonly folder: string;
  readonly tree: ImageTree;
}

/** Matches images that are gone with files that no sample has. */
export class MovedFiles {
  private readonly indexes: readonly { readonly folder: string; readonly index: ImageIndex }[];
  private readonly free: readonly string[];
  private readonly sizes = new Map<string, Promise<number>>();
  private readonly hashes = new Map<string, Promise<string>>();

  /**
   * @param taken files that other samples have, absolute, without links
   * @param memo what files were when they were last hashed
   * @param names how many samples have a name, by its stem
   */
  constructor(
    searched: readonly SearchedFolder[],
    taken: ReadonlySet<string>,
    private readonly memo: ContentHashes | undefined,
    private readonly names: ReadonlyMap<string, number>,
  ) {
    this.indexes = searched.map(({ folder, tree }) => {
      const files = tree.files.filter((file) => !taken.has(path.join(folder, file)));
      return { folder, index: new ImageIndex({ ...tree, files }) };
    });
    this.free = this.indexes.flatMap(({ folder, index }) =>
      index.tree.files.map((file) => path.join(folder, file)),
    );
  }

  /** One match for each image that is gone and of which there is something to say. */
  async match(gone: readonly GoneImage[], { signal, onProgress }: WorkOptions): Promise<Match[]> {
    const matches: Match[] = [];
    for (const [i, image] of gone.entries()) {
      throwIfCancelled(signal);
      onProgress?.({ stage: 'relink', done: i, total: gone.length });
      const found = (await this.byPath(image)) ?? (await this.byContent(image));
      if (found) matches.push(found);
    }
    return withoutSharedFiles(matches);
  }

  private async byPath(image: GoneImage): Promise<Match | undefined> {
    const parts = pathParts(image.written);
    const known = this.known(image);
    for (const { folder, index } of this.indexes) {
      const found = index.find(parts, 1);
      const candidates = ('file' in found ? [found.file] : found.candidates).map((one) =>
        path.join(folder, one),
      );
      const fitting: string[] = [];
      for (const one of candidates)
        if (known === undefined || known.size === (await this.size(one))) fitting.push(one);
      const [only] = fitting;
      if (only === undefined) continue;
      const isPath = sameFolder(only, image.written);
      if (fitting.length === 1 && (isPath || parts.length === 1 || this.isOnlyName(image)))
        return { image, file: only, by: isPath ? 'path' : 'name' };
      // A name that several samples have, or several files that fit: their content decides.
      const same = known ? await this.withHash(fitting, known.hash) : [];
      const [content] = same;
      if (content !== undefined && same.length === 1) return { image, file: content, by: 'content' };
      const several = known ? same : fitting;
      if (several.length > 1) return { image, candidates: several };
    }
    return undefined;
  }

  /** A file of another name with what the image held. */
  private async byContent(image: GoneImage): Promise<Match | undefined> {
    const known = this.known(image);
    if (!known) return undefined;
    const alike: string[] = [];
    for (const one of this.free) if ((await this.size(one)) === known.size) alike.push(one);
    const same = await this.withHash(alike, known.hash);
    const [only] = same;
    if (only === undefined) return undefined;
    return same.length === 1 ? { image, file: only, by: 'content' } : { image, candidates: same };
  }

  private isOnlyName(image: GoneImage): boolean {
    return this.names.get(stemOf(image.written)) === 1;
  }

  /** What the image held when it was last read. */
  private known({ file }: GoneImage): ReturnType<ContentHashes['lastKnown']> {
    return file === undefined ? undefined : this.memo?.lastKnown(file);
  }

  private async withHash(files: readonly string[], hash: string): Promise<string[]> {
    const found: string[] = [];
    for (const file of files) if ((await this.hash(file)) === hash) found.push(file);
    return found;
  }

  private size(file: string): Promise<number> {
    const known =
      this.sizes.get(file) ??
      fs.stat(file).then(
        ({ size }) => size,
        () => -1,
      );
    this.sizes.set(file, known);
    return known;
  }

  private hash(file: string): Promise<string> {
    const known = this.hashes.get(file) ?? sha256File(file).catch(() => '');
    this.hashes.set(file, known);
    return known;
  }
}

/** The name of an image without its ending, lower case. */
export function stemOf(written: string): string {
  const name = pathParts(written).at(-1) ?? '';
  return name
    .slice(0, name.length - imageExtensionOf(name).length)
    .normalize('NFC')
    .toLowerCase();
}

/** Whether the last folder of a path is the file's. */
function sameFolder(file: string, written: string): boolean {
  const folder = pathParts(written).at(-2)?.normalize('NFC').toLowerCase();
  return folder !== undefined && path.basename(path.dirname(file)).normalize('NFC').toLowerCase() === folder;
}

/** A file that two images would be is none of theirs, unless it lies in the folder of one. */
function withoutSharedFiles(matches: readonly Match[]): Match[] {
  const claims = new Map<string, Match[]>();
  for (const match of matches) {
    if (!('file' in match)) continue;
    const known = claims.get(match.file);
    if (known) known.push(match);
    else claims.set(match.file, [match]);
  }
  return matches.map((match) => {
    if (!('file' in match)) return match;
    const rivals = claims.get(match.file) ?? [];
    if (rivals.length === 1) return match;
    const best = rivals.filter((one) => 'by' in one && one.by === 'path');
    return best.length === 1 && best[0] === match ? match : { image: match.image, candidates: [match.file] };
  });
}
