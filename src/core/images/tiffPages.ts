/**
 * What libvips does not tell of a TIFF file: which of its pictures are pages, and the range that its numbers have.
 * The layout: Adobe, "TIFF Revision 6.0" (1992); BigTIFF as libtiff writes it.
 */

/** A picture of a file in its own right. */
export interface TiffPage {
  /** Its place among all pictures of the file, from 0. */
  readonly index: number;
  /** SMinSampleValue and SMaxSampleValue, of all channels together. */
  readonly range: { readonly low: number; readonly high: number } | undefined;
}

/** More pictures than a person names one by one. */
const mostPictures = 100_000;

const tags = { newSubfileType: 254, subfileType: 255, lowest: 340, highest: 341 } as const;

/** The pages of a file, without copies at reduced size and masks of transparency; as far as it can be read. */
export function tiffPages(bytes: Uint8Array): TiffPage[] {
  const pages: TiffPage[] = [];
  const reader = new Directories(bytes);
  const seen = new Set<number>();
  let at = reader.first;
  for (let index = 0; index < mostPictures && at > 0 && !seen.has(at); index++) {
    seen.add(at);
    const directory = reader.read(at);
    if (!directory) break;
    const kind = directory.numbers(tags.newSubfileType)[0] ?? 0;
    const isCopy = (kind & 1) !== 0 || (kind & 4) !== 0 || directory.numbers(tags.subfileType)[0] === 2;
    if (!isCopy) {
      const low = Math.min(...directory.numbers(tags.lowest));
      const high = Math.max(...directory.numbers(tags.highest));
      const known = Number.isFinite(low) && Number.isFinite(high) && low < high;
      pages.push({ index, range: known ? { low, high } : undefined });
    }
    at = directory.next;
  }
  return pages;
}

interface Directory {
  /** The values of a tag; none where it is not there. */
  readonly numbers: (tag: number) => readonly number[];
  readonly next: number;
}

/** Bytes of a value by its type: byte, ascii, short, long, rational, and the signed and floating ones. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

class Directories {
  readonly first: number;
  private readonly view: DataView;
  private readonly little: boolean;
  private readonly big: boolean;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = bytes[0] === 0x49;
    this.big = bytes.byteLength >= 16 && this.view.getUint16(2, this.little) === 43;
    this.first = bytes.byteLength < 8 ? 0 : this.offset(this.big ? 8 : 4);
  }

  read(at: number): Directory | undefined {
    try {
      const count = this.big
        ? Number(this.view.getBigUint64(at, this.little))
        : this.view.getUint16(at, this.little);
      const [start, step] = this.big ? [at + 8, 20] : [at + 2, 12];
      const next = this.offset(start + count * step);
      return { numbers: (tag) => this.numbers(tag, start, count, step), next };
    } catch (error) {
      // The file ends before the directory does: the decoder says so.
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private numbers(tag: number, start: number, count: number, step: number): number[] {
    for (let k = 0; k < count; k++) {
      const entry = start + k * step;
      if (this.view.getUint16(entry, this.little) !== tag) continue;
      const type = this.view.getUint16(entry + 2, this.little);
      const values = this.big ? this.offset(entry + 4) : this.view.getUint32(entry + 4, this.little);
      const size = typeBytes[type] ?? 0;
      if (size === 0 || values > 64) return [];
      const field = entry + (this.big ? 12 : 8);
      const at = size * values <= (this.big ? 8 : 4) ? field : this.offset(field);
      if (at + size * values > this.view.byteLength) return [];
      return Array.from({ length: values }, (_, i) => this.value(type, at + i * size));
    }
    return [];
  }

  private offset(at: number): number {
    return this.big ? Number(this.view.getBigUint64(at, this.little)) : this.view.getUint32(at, this.little);
  }

  private value(type: number, at: number): number {
    const { view, little } = this;
    if (type === 3) return view.getUint16(at, little);
    if (type === 4 || type === 13) return view.getUint32(at, little);
    if (type === 6) return view.getInt8(at);
    if (type === 8) return view.getInt16(at, little);
    if (type === 9) return view.getInt32(at, little);
    if (type === 11) return view.getFloat32(at, little);
    if (type === 12) return view.getFloat64(at, little);
    return view.getUint8(at);
  }
}
