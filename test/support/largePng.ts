/** A PNG that is whole, small on disk and enormous when decoded. */
import { constants, crc32, deflateRawSync } from 'node:zlib';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Black, RGB, of 8 or 16 bit. @param mark makes its bytes, and so its hash, differ from others' */
export function largePng(width: number, height: number, bits: 8 | 16, mark: string): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`mark\0${mark}`, 'latin1')),
    chunk('IDAT', zeros((width * 3 * (bits / 8) + 1) * height)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A zlib stream of so many zeros, made of one compressed piece again and again. */
function zeros(length: number): Buffer {
  const pieceLength = 2 ** 20;
  const pack = (size: number) =>
    deflateRawSync(Buffer.alloc(size), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const piece = pack(pieceLength);
  const pieces = Array.from({ length: Math.floor(length / pieceLength) }, () => piece);
  // Adler-32 of zeros: the first sum stays 1, the second counts them.
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((((length % 65_521) << 16) | 1) >>> 0);
  const lastBlock = Buffer.from([0x03, 0x00]);
  return Buffer.concat([Buffer.from([0x78, 0x01]), ...pieces, pack(length % pieceLength), lastBlock, sum]);
}
