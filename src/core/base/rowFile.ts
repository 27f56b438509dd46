/**
 * Rows of features in a file as they arrive: float32, row after row, behind room for a header. The memory of it is
 * one buffer, however many rows there are.
 */
import * as fs from 'node:fs';
import { asFileSystemError } from './fileSystemErrors';

/** Bytes that are gathered, or moved, at once. */
const bufferBytes = 2 ** 20;

export class RowFile {
  private readonly handle: number;
  private rowBytes = 0;
  private readonly buffer = Buffer.alloc(bufferBytes);
  /** Where the gathered bytes go in the file, and how many they are. */
  private start = 0;
  private gathered = 0;

  /**
   * @param file a new file
   * @param head bytes to leave free before the first row
   * @throws OVR003
   */
  constructor(
    private readonly file: string,
    private readonly head: number,
  ) {
    this.handle = this.attempt(() => fs.openSync(file, 'wx+'));
  }

  set(row: number, features: Float32Array): void {
    this.rowBytes = features.byteLength;
    this.put(Buffer.from(features.buffer, features.byteOffset, features.byteLength), this.offset(row));
  }

  copy(from: number, to: number): void {
    if (from !== to) this.put(this.read(from, 1), this.offset(to));
  }

  /** The values of some rows that were set. */
  rows(first: number, count: number): Float32Array {
    const bytes = this.read(first, count);
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  }

  /** Keeps these rows, which rise, one behind the other, and cuts off what is behind them. */
  keep(rows: readonly number[]): void {
    for (const [to, from] of rows.entries()) this.copy(from, to);
    this.flush();
    this.attempt(() => fs.ftruncateSync(this.handle, this.offset(rows.length)));
  }

  /** Writes the header and has everything on disk. */
  finish(header: Uint8Array): void {
    this.put(header, 0);
    this.flush();
    this.attempt(() => fs.fsyncSync(this.handle));
  }

  close(): void {
    fs.closeSync(this.handle);
  }

  private offset(row: number): number {
    return this.head + row * this.rowBytes;
  }

  private put(bytes: Uint8Array, at: number): void {
    if (at !== this.start + this.gathered || this.gathered + bytes.byteLength > bufferBytes) this.flush();
    if (bytes.byteLength > bufferBytes) {
      this.write(bytes, at);
      return;
    }
    if (this.gathered === 0) this.start = at;
    this.buffer.set(bytes, this.gathered);
    this.gathered += bytes.byteLength;
  }

  private flush(): void {
    this.write(this.buffer.subarray(0, this.gathered), this.start);
    this.gathered = 0;
  }

  private write(bytes: Uint8Array, at: number): void {
    this.attempt(() => {
      for (let done = 0; done < bytes.byteLength;) {
        done += fs.writeSync(this.handle, bytes, done, bytes.byteLength - done, at + done);
      }
    });
  }

  private read(first: number, count: number): Buffer {
    this.flush();
    // Aligned for Float32Array, which Node's pool does not promise.
    const bytes = Buffer.from(new ArrayBuffer(count * this.rowBytes));
    this.attempt(() => {
      for (let done = 0; done < bytes.length;) {
        const got = fs.readSync(this.handle, bytes, done, bytes.length - done, this.offset(first) + done);
        if (got === 0) break;
        done += got;
      }
    });
    return bytes;
  }

  private attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asFileSystemError(error, 'The features cannot be written', this.file);
    }
  }
}
