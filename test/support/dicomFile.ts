/** Writes DICOM files for tests, element by element: Explicit VR Little Endian unless the transfer syntax says otherwise. */

export interface ElementValue {
  /** `00280010` */
  readonly tag: string;
  readonly vr: string;
  readonly value: string | readonly number[] | Uint8Array | readonly (readonly ElementValue[])[];
}

const longRepresentations = new Set(['OB', 'OW', 'OF', 'OD', 'OV', 'SQ', 'UN', 'UT']);

function valueBytes({ vr, value }: ElementValue): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'string')
    return Buffer.from(value.length % 2 === 0 ? value : `${value}${vr === 'UI' ? '\0' : ' '}`, 'latin1');
  if (vr === 'SQ') {
    return Buffer.concat(
      (value as readonly (readonly ElementValue[])[]).map((item) => {
        const bytes = Buffer.concat(item.map(elementBytes));
        const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
        head.writeUInt32LE(bytes.length, 4);
        return Buffer.concat([head, bytes]);
      }),
    );
  }
  const numbers = value as readonly number[];
  const size = { US: 2, SS: 2, UL: 4, FL: 4, FD: 8 }[vr] ?? 2;
  const bytes = Buffer.alloc(size * numbers.length);
  for (const [i, number] of numbers.entries()) {
    if (vr === 'SS') bytes.writeInt16LE(number, 2 * i);
    else if (vr === 'UL') bytes.writeUInt32LE(number, 4 * i);
    else if (vr === 'FL') bytes.writeFloatLE(number, 4 * i);
    else if (vr === 'FD') bytes.writeDoubleLE(number, 8 * i);
    else bytes.writeUInt16LE(number, 2 * i);
  }
  return bytes;
}

function elementBytes(element: ElementValue): Buffer {
  const bytes = valueBytes(element);
  const tag = Buffer.alloc(4);
  tag.writeUInt16LE(Number.parseInt(element.tag.slice(0, 4), 16), 0);
  tag.writeUInt16LE(Number.parseInt(element.tag.slice(4), 16), 2);
  const vr = Buffer.from(element.vr, 'latin1');
  if (!longRepresentations.has(element.vr)) {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(bytes.length, 0);
    return Buffer.concat([tag, vr, length, bytes]);
  }
  const length = Buffer.alloc(6);
  length.writeUInt32LE(bytes.length, 2);
  return Buffer.concat([tag, vr, length, bytes]);
}

export interface GreyFile {
  readonly width: number;
  readonly height: number;
  readonly bitsAllocated?: 8 | 16;
  readonly bitsStored?: number;
  readonly highBit?: number;
  readonly signed?: boolean;
  readonly photometric?: string;
  readonly samplesPerPixel?: 1 | 3;
  /** Native pixel data, little-endian; or the fragments of each frame, compressed. */
  readonly pixels: Uint8Array | readonly (readonly Uint8Array[])[];
  readonly transferSyntax?: string;
  readonly frames?: number;
  /** Further elements, before the pixel data. */
  readonly more?: readonly ElementValue[];
  /** Whether the basic offset table is filled. */
  readonly offsetTable?: boolean;
}

/** A whole file. */
export function writeDicom(file: GreyFile): Buffer {
  const { width, height, bitsAllocated = 8, samplesPerPixel = 1, pixels } = file;
  const bitsStored = file.bitsStored ?? bitsAllocated;
  const us = (tag: string, value: number): ElementValue => ({ tag, vr: 'US', value: [value] });
  const elements: ElementValue[] = [
    { tag: '00080016', vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.7' },
    { tag: '00080060', vr: 'CS', value: 'OT' },
    us('00280002', samplesPerPixel),
    { tag: '00280004', vr: 'CS', value: file.photometric ?? (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2') },
    ...(samplesPerPixel === 3 ? [us('00280006', 0)] : []),
    ...(file.frames === undefined ? [] : [{ tag: '00280008', vr: 'IS', value: String(file.frames) }]),
    us('00280010', height),
    us('00280011', width),
    us('00280100', bitsAllocated),
    us('00280101', bitsStored),
    us('00280102', file.highBit ?? bitsStored - 1),
    us('00280103', file.signed === true ? 1 : 0),
  ];
  const more = file.more ?? [];
  const all = [...elements.filter(({ tag }) => !more.some((one) => one.tag === tag)), ...more].sort((a, b) =>
    a.tag < b.tag ? -1 : 1,
  );
  const syntax: ElementValue = {
    tag: '00020010',
    vr: 'UI',
    value: file.transferSyntax ?? '1.2.840.10008.1.2.1',
  };
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM', 'latin1'),
    elementBytes(syntax),
    ...all.map(elementBytes),
    pixels instanceof Uint8Array
      ? elementBytes({ tag: '7fe00010', vr: bitsAllocated > 8 ? 'OW' : 'OB', value: evenly(pixels) })
      : encapsulated(pixels, file.offsetTable === true),
  ]);
}

function evenly(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
}

function encapsulated(frames: readonly (readonly Uint8Array[])[], offsetTable: boolean): Buffer {
  const item = (bytes: Uint8Array): Buffer => {
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(bytes.length, 4);
    return Buffer.concat([head, bytes]);
  };
  const written = frames.map((fragments) =>
    Buffer.concat(fragments.map((fragment) => item(evenly(fragment)))),
  );
  const table = Buffer.alloc(offsetTable ? 4 * frames.length : 0);
  if (offsetTable) {
    let at = 0;
    for (const [i, { length }] of written.entries()) {
      table.writeUInt32LE(at, 4 * i);
      at += length;
    }
  }
  return Buffer.concat([
    Buffer.from([0xe0, 0x7f, 0x10, 0x00]),
    Buffer.from('OB\0\0', 'latin1'),
    Buffer.from([0xff, 0xff, 0xff, 0xff]),
    item(table),
    ...written,
    Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
  ]);
}
