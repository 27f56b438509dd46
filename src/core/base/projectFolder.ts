/**
 * The one door through which anything is written inside a project. A project may come from anywhere: an archive or
 * a repository can hold a link (or a second name of a file, a pipe, a device) wherever Overread is about to write,
 * and what is written there would land outside. So the root is resolved once, each part below it must be a folder
 * and no link, and the last one a plain file with no other name.
 *
 * Races are out of scope (Node has no `openat`): whoever can swap files while Overread runs can write there anyway.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from './errors';
import { makeOneFolder, takeName } from './exclusiveName';
import { exists, syncFolder, writeAndSync, type FileContent } from './files';
import { fileSystemError, isFileSystemError } from './fileSystemErrors';
import { endsInNewline, openToAppend, probeEntry, refuseEntry, type IsOurs } from './plainFile';
import { splitRelative } from './relativePath';

/** What may be written below a root. The default is the strict one. */
export interface FolderPolicy {
  /** Names directly below the root that may be links, because people keep them on another disk: `runs`. */
  readonly linkedFolders?: readonly string[];
  /** The workspace is not trusted: nothing is written. */
  readonly readOnly?: boolean;
}

const temporaryPrefix = '.writing-';

/** Milliseconds after which a folder that was left half-written by a killed process is removed. */
const abandonedAfterMs = 24 * 3600 * 1000;

export class ProjectFolder {
  /** Work that has begun: a folder that is given up waits for it before it is removed. */
  private readonly underWay = new Set<Promise<unknown>>();
  private closed = false;

  private constructor(
    /** Absolute, without links. */
    readonly root: string,
    readonly policy: FolderPolicy,
  ) {}

  /**
   * The folder at `root`, which the user named: links that lead to it are theirs.
   * @param options.make makes it where it is missing
   * @throws OVR003 when there is no such folder
   */
  static async open(
    root: string,
    policy: FolderPolicy = {},
    options: { readonly make?: boolean } = {},
  ): Promise<ProjectFolder> {
    return guarded('The project folder cannot be used', root, async () => {
      if (options.make === true && policy.readOnly !== true) await fs.mkdir(root, { recursive: true });
      const real = await fs.realpath(root);
      if (!(await fs.stat(real)).isDirectory()) throw await refuseEntry(root, 'a folder');
      return new ProjectFolder(real, policy);
    });
  }

  /** Whether nothing may be written here, because the workspace is not trusted. */
  get readOnly(): boolean {
    return this.policy.readOnly === true;
  }

  /** Refuses where nothing may be written: before work that would end in writing. @throws OVR005 */
  refuseUntrusted(): void {
    if (this.readOnly) throw untrusted('.');
  }

  /** The absolute path of something below the root, for reading; its parts are not checked. */
  path(...parts: readonly string[]): string {
    return path.join(this.root, ...parts);
  }

  /**
   * Writes a file so that a reader, or a crash, sees the old content or the new, never a part: to a temporary name
   * in the same folder, fsync, rename, fsync of the folder. Folders are made.
   * @param relative below the root, parts separated by `/`
   * @throws OVR003 the file system refused; OVR005 a link, or something that is no plain file, is in the way
   */
  writeFile(relative: string, content: FileContent): Promise<void> {
    return this.replaceFile(relative, (temporary) => writeAndSync(temporary, content));
  }

  /**
   * Puts a file in place by rename. `write` fills a temporary name in the same folder and syncs it; when it fails,
   * nothing is left.
   * @throws OVR003, OVR005 as `writeFile`; what `write` throws
   */
  replaceFile(relative: string, write: (temporary: string) => Promise<void>): Promise<void> {
    return this.doing(relative, 'The file cannot be written', async () => {
      const { folder, name } = await this.folderOf(relative);
      const file = path.join(folder, name);
      const found = await probeEntry(file);
      // Another name of the file keeps the old content, so it may have one (a backup by hard links).
      if (found !== undefined && found !== 'file') throw await refuseEntry(file, 'a plain file');
      const temporary = path.join(folder, `${name}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
      try {
        await write(temporary);
        await fs.rename(temporary, file);
      } catch (error) {
        await fs.rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      }
      await syncFolder(folder);
    });
  }

  /**
   * Writes a file unless something of its name is there. Of two processes that come at once one writes: the name is
   * taken by a hard link, which only one can make, and only when the content is on disk.
   * @returns whether this call wrote it
   * @throws OVR003, OVR005 as `writeFile`
   */
  createFile(relative: string, content: FileContent): Promise<boolean> {
    return this.doing(relative, 'The file cannot be written', async () => {
      const { folder, name } = await this.folderOf(relative);
      const file = path.join(folder, name);
      const found = await probeEntry(file);
      if (found === 'file') return false;
      if (found !== undefined) throw await refuseEntry(file, 'a plain file');
      const temporary = path.join(folder, `${name}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
      try {
        await writeAndSync(temporary, content);
        return await takeName(temporary, file);
      } finally {
        await fs.rm(temporary, { force: true }).catch(() => undefined);
        await syncFolder(folder);
      }
    });
  }

  /**
   * Opens a file to read it and to append to it (`O_APPEND`), made where it is missing. The caller closes it.
   * @param isOurs is asked about the first line of a file that has content, without its line end; a file that a
   *   kill left with one torn line gives that. Nothing is appended to a file whose first line is another program's.
   * @throws OVR003, OVR005 as `writeFile`, and OVR005 when the file has another name (a hard link) or is not ours
   */
  openToAppend(relative: string, isOurs: IsOurs): Promise<fs.FileHandle> {
    return this.doing(relative, 'The file cannot be written', async () => {
      const { folder, name } = await this.folderOf(relative);
      const { handle, made } = await openToAppend(path.join(folder, name), isOurs);
      if (made) await syncFolder(folder);
      return handle;
    });
  }

  /**
   * Appends one line, and has it on disk when it resolves. A torn line before it (a kill) is ended first.
   * @param isOurs as in `openToAppend`
   * @throws OVR003, OVR005 as `openToAppend`
   */
  appendLine(relative: string, line: string, isOurs: IsOurs): Promise<void> {
    return this.doing(relative, 'The file cannot be written', async () => {
      const { folder, name } = await this.folderOf(relative);
      const { handle, made } = await openToAppend(path.join(folder, name), isOurs);
      try {
        // One write: lines of two processes do not mix.
        await handle.appendFile(`${(await endsInNewline(handle)) ? '' : '\n'}${line}\n`);
        await handle.sync();
      } catch (error) {
        // A file that was made for this line and holds nothing of it.
        const { size } = await handle.stat();
        if (made && size === 0) await fs.rm(path.join(folder, name), { force: true }).catch(() => undefined);
        throw error;
      } finally {
        await handle.close();
      }
      if (made) await syncFolder(folder);
    });
  }

  /**
   * Makes a folder and those above it. @returns its absolute path, without links
   * @throws OVR003, OVR005 as `writeFile`
   */
  makeFolder(relative: string): Promise<string> {
    return this.doing(relative, 'The folder cannot be made', () => this.walk(splitRelative(relative)));
  }

  /**
   * Finds out whether files can be written in a folder, by writing one and removing it: before long work whose
   * result would be lost. The folder is made where it is missing.
   * @throws OVR003, OVR005 as `writeFile`
   */
  tryWriting(relative: string): Promise<void> {
    return this.doing(relative, 'The folder cannot be written to', async () => {
      const folder = await this.walk(splitRelative(relative));
      const probe = path.join(
        folder,
        `${temporaryPrefix}probe-${process.pid}-${randomBytes(4).toString('hex')}`,
      );
      try {
        await writeAndSync(probe, new Uint8Array(probeBytes));
      } finally {
        await fs.rm(probe, { force: true }).catch(() => undefined);
      }
    });
  }

  /** Removes a file, or a link of that name. That there is none is no error. @throws OVR003, OVR005 */
  removeFile(relative: string): Promise<void> {
    return this.doing(relative, 'The file cannot be removed', async () => {
      const { folder, name } = await this.folderOf(relative);
      await fs.rm(path.join(folder, name), { force: true });
    });
  }

  /**
   * Makes a folder that is there whole or not at all: `write` fills a temporary one, which is then renamed. When
   * `write` throws, what it still has under way is waited for, and nothing is left.
   * @returns its absolute path
   * @throws OVR003, OVR005 as `writeFile`; what `write` throws
   */
  createWholeFolder(
    parent: string,
    name: string,
    write: (folder: ProjectFolder) => Promise<void>,
  ): Promise<string> {
    return this.doing(`${parent}/${name}`, 'The folder cannot be written', async () => {
      const folder = await this.walk(splitRelative(parent));
      const temporary = path.join(folder, `${temporaryPrefix}${name}-${process.pid}`);
      const final = path.join(folder, ...splitRelative(name, 1));
      await fs.mkdir(temporary);
      const inner = new ProjectFolder(temporary, {});
      try {
        await write(inner);
        await inner.close();
        await syncFolder(temporary);
        await fs.rename(temporary, final);
      } catch (error) {
        await inner.close();
        await fs.rm(temporary, { recursive: true, force: true }).catch(() => undefined);
        throw error;
      }
      await syncFolder(folder);
      return final;
    });
  }

  /** Removes a folder, by rename first, so that a reader never sees a part of it. @throws OVR003, OVR005 */
  removeWholeFolder(parent: string, name: string): Promise<void> {
    return this.doing(`${parent}/${name}`, 'The folder cannot be removed', async () => {
      const folder = await this.walk(splitRelative(parent));
      const file = path.join(folder, ...splitRelative(name, 1));
      if ((await probeEntry(file)) !== 'folder') throw await refuseEntry(file, 'a folder');
      const doomed = path.join(folder, `${temporaryPrefix}${name}-${process.pid}`);
      await fs.rename(file, doomed);
      await fs.rm(doomed, { recursive: true, force: true });
    });
  }

  /**
   * Removes temporary folders that a killed process left more than a day ago. It is housekeeping: what cannot be
   * removed stays. @param now ms since 1970
   */
  async sweepAbandonedFolders(parent: string, now: number): Promise<void> {
    if (this.readOnly || !(await exists(this.path(parent)))) return;
    const folder = await this.walk(splitRelative(parent)).catch(() => undefined);
    if (folder === undefined) return;
    for (const name of await fs.readdir(folder).catch(() => [])) {
      if (!name.startsWith(temporaryPrefix)) continue;
      const stat = await fs.lstat(path.join(folder, name)).catch(() => undefined);
      if (!stat?.isDirectory() || now - stat.mtimeMs <= abandonedAfterMs) continue;
      await fs.rm(path.join(folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }

  /** Refuses what begins from now on, and waits for what has begun. */
  private async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.underWay);
  }

  private async doing<T>(relative: string, what: string, work: () => Promise<T>): Promise<T> {
    if (this.readOnly) throw untrusted(relative);
    if (this.closed) throw new Error(`${relative} is written after its folder was given up`);
    const begun = guarded(what, path.join(this.root, relative), work);
    this.underWay.add(begun);
    try {
      return await begun;
    } finally {
      this.underWay.delete(begun);
    }
  }

  private async folderOf(relative: string): Promise<{ readonly folder: string; readonly name: string }> {
    const parts = splitRelative(relative);
    const name = parts.pop() ?? '';
    return { folder: await this.walk(parts), name };
  }

  /** The real folder at these parts; each is made where it is missing, and refused where it is none. */
  private async walk(parts: readonly string[]): Promise<string> {
    let folder = this.root;
    for (const [depth, part] of parts.entries()) {
      const below = path.join(folder, part);
      let found = await probeEntry(below);
      if (found === undefined) {
        await makeOneFolder(below);
        await syncFolder(folder);
        found = await probeEntry(below);
      }
      const mayBeLinked = depth === 0 && this.policy.linkedFolders?.includes(part) === true;
      if (found === 'folder') folder = below;
      else if (found === 'link' && mayBeLinked && (await fs.stat(below)).isDirectory()) {
        folder = await fs.realpath(below);
      } else throw await refuseEntry(below, 'a folder', depth === 0 ? part : undefined);
    }
    return folder;
  }
}

/** Bytes of the file that tries a folder: a full disk may still give a name and a small file. */
const probeBytes = 64 * 1024;

async function guarded<T>(what: string, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    // The folder that is at fault, or else the file: its temporary name means nothing to anybody.
    const above = error.path !== undefined && file.startsWith(error.path);
    throw fileSystemError(error, what, above ? error.path : file);
  }
}

function untrusted(relative: string): OverreadError {
  return new OverreadError({
    code: 'OVR005',
    message: 'Nothing is written here, because the workspace is not trusted',
    place: { file: relative },
    fix: 'Trust the workspace first, if you know where it comes from',
  });
}
