/**
 * What a reader has had more of than the picture: such an item is not answered blind any more. Looks are kept in the user's
 * cache, by keyed hashes of reader and item that say nothing, so that a restart of the engine, another window or a changed
 * table forgets none.
 */
import * as path from 'node:path';
import { MarkFile } from '../core/base/markFile';
import type { CacheMac } from '../core/base/cacheMac';
import type { Dataset } from '../core/dataset/model';
import type { LiveProject } from './liveProject';

/** What the engine knows of the reader. */
export interface Reader {
  /** The name as it stands in events; empty: nobody. */
  name(): string;
  /** The user's key, for names and marks that say nothing. */
  mac(): CacheMac;
}

/** Characters of a mark: 64 bits, so that no two items of a project share one. */
const markLength = 16;

export class Looks {
  private opened: MarkFile | undefined;
  /** By item: 1 where this engine has told anybody more of it than its picture. */
  private told: { readonly of: Dataset; readonly marks: Uint8Array } | undefined;

  /** @param folder the project's part of the user's cache, once the project is open */
  constructor(
    private readonly project: LiveProject,
    private readonly reader: Reader,
    private readonly folder: () => string,
  ) {}

  note(row: number): void {
    const { marks } = this;
    if (marks[row] === 1) return;
    marks[row] = 1;
    this.file.add(this.markOf(row));
  }

  has(row: number): boolean {
    return this.marks[row] === 1 || this.file.has(this.markOf(row));
  }

  /** Takes up what other processes of this user noted. */
  refresh(): Promise<void> {
    return this.file.refresh();
  }

  /** Has what was noted outlive this process. @throws the error of the file system */
  keep(): Promise<void> {
    return this.file.keep();
  }

  private get file(): MarkFile {
    this.opened ??= new MarkFile(path.join(this.folder(), 'looks.txt'));
    return this.opened;
  }

  private markOf(row: number): string {
    const { catalog, folder } = this.project;
    const mark = this.reader.mac().of('blind look', folder.root, this.reader.name(), catalog.key(row));
    return mark.toString('hex').slice(0, markLength);
  }

  /** Numbers of items mean something else in another table, where the file tells. */
  private get marks(): Uint8Array {
    const { dataset, labels } = this.project;
    if (this.told?.of !== dataset) this.told = { of: dataset, marks: new Uint8Array(labels.items) };
    return this.told.marks;
  }
}
