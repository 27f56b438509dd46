/** Reads a file piece by piece, the next piece while the last one is looked at. */
import type * as fs from 'node:fs/promises';
import { readRange } from './labelFile';

/** Bytes read at a time. A file of a gigabyte is neither one string nor one buffer. */
export const pieceBytes = 1 << 20;

/** Room before a piece for what was left over of the piece before: a few hundred lines. */
const roomBefore = 1 << 16;

const nothing = Buffer.alloc(0);

interface Piece {
  readonly buffer: Buffer;
  readonly read: number;
}

export class ReadAhead {
  private position: number;
  private coming: Promise<Piece>;
  private spare: Buffer | undefined;
  private current: Buffer | undefined;

  /** @param start the first byte to read, up to `end` */
  constructor(
    private readonly handle: fs.FileHandle,
    start: number,
    private readonly end: number,
  ) {
    this.position = start;
    this.coming = this.read();
  }

  /**
   * What was left over of the piece before, and the next piece behind it; undefined at the end of the file. The piece
   * before is gone then.
   */
  async next(rest: Buffer): Promise<Buffer | undefined> {
    const { buffer, read } = await this.coming;
    if (read === 0) return undefined;
    const start = roomBefore - rest.length;
    const piece =
      start >= 0
        ? buffer.subarray(start, roomBefore + read)
        : Buffer.concat([rest, buffer.subarray(roomBefore, roomBefore + read)]);
    if (start >= 0) rest.copy(buffer, start);
    this.spare = this.current;
    this.current = buffer;
    this.coming = this.read();
    return piece;
  }

  /** Ends when nothing is read any more, so that the file can be closed. */
  async close(): Promise<void> {
    await this.coming.catch(() => undefined);
  }

  private async read(): Promise<Piece> {
    const wanted = Math.min(pieceBytes, this.end - this.position);
    if (wanted === 0) return { buffer: nothing, read: 0 };
    const buffer = this.spare ?? Buffer.allocUnsafeSlow(roomBefore + wanted);
    this.spare = undefined;
    const read = await readRange(this.handle, buffer, roomBefore, wanted, this.position);
    this.position += read;
    return { buffer, read };
  }
}
