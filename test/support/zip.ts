/** Zips as a test wants them, also such as say another length than they have. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly content: Uint8Array;
  readonly deflated?: boolean;
  /** The expanded length that the zip says; the true one where it is left out. */
  readonly announced?: number;
}

/** A zip of these entries, as far as a wheel needs it. */
export function zipOf(entries: Readonly<Record<string, Uint8Array | ZipEntry>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, given] of Object.entries(entries)) {
    const { content, deflated, announced }: ZipEntry =
      given instanceof Uint8Array ? { content: given } : given;
    const stored = deflated === true ? deflateRawSync(content, { level: 1 }) : Buffer.from(content);
    const label = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(deflated === true ? 8 : 0, 8);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(stored.length, 18);
    local.writeUInt32LE(announced ?? content.byteLength, 22);
    local.writeUInt16LE(label.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    local.copy(central, 6, 4, 28);
    central.writeUInt32LE(offset, 42);
    parts.push(local, label, stored);
    directory.push(central, label);
    offset += 30 + label.length + stored.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
