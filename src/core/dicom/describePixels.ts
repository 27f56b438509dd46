/** The Image Pixel Module of a file, checked before any memory is taken for its pixels. */
import type { DataSet } from 'dicom-parser';
import { textOf, unsignedOf } from './attributes';
import { DicomFault, undecodable } from './fault';
import type { PixelDescription } from './model';
import type { DicomFile } from './parse';

const tags = {
  samplesPerPixel: 'x00280002',
  photometric: 'x00280004',
  planar: 'x00280006',
  frames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  bitsAllocated: 'x00280100',
  bitsStored: 'x00280101',
  highBit: 'x00280102',
  representation: 'x00280103',
  floatPixels: 'x7fe00008',
  doublePixels: 'x7fe00009',
};

/** @throws DicomFault no picture where the file has no pixels; undecodable where its numbers make none */
export function describePixels(file: DicomFile): PixelDescription {
  const { dataSet } = file;
  const float = floatElement(dataSet) !== undefined;
  if (!file.pixelData && !float) {
    if (file.cutShort) throw undecodable('it ends before its pixel data');
    throw new DicomFault('no picture', `it has no pixel data${kindOf(dataSet)}`);
  }
  const required = (tag: string, name: string): number => {
    const value = unsignedOf(dataSet, tag);
    if (value === undefined || value === 0) throw undecodable(`it says no ${name}`);
    return value;
  };
  const rows = required(tags.rows, 'Rows');
  const columns = required(tags.columns, 'Columns');
  const bitsAllocated = required(tags.bitsAllocated, 'Bits Allocated');
  const samplesPerPixel = unsignedOf(dataSet, tags.samplesPerPixel) ?? 1;
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3)
    throw undecodable(`it has ${samplesPerPixel} samples per pixel`);
  if (!isAllocated(bitsAllocated)) throw undecodable(`it allocates ${bitsAllocated} bits per sample`);
  const bitsStored = float ? bitsAllocated : (unsignedOf(dataSet, tags.bitsStored) ?? bitsAllocated);
  const highBit = float ? bitsAllocated - 1 : (unsignedOf(dataSet, tags.highBit) ?? bitsStored - 1);
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated || highBit + 1 < bitsStored) {
    throw undecodable(`it stores ${bitsStored} of ${bitsAllocated} bits with ${highBit} as the highest`);
  }
  if (bitsAllocated === 64 && !float) throw undecodable('it allocates 64 bits per sample');
  const frames = Number.parseInt(textOf(dataSet, tags.frames), 10);
  return {
    rows,
    columns,
    samplesPerPixel,
    photometric:
      textOf(dataSet, tags.photometric).toUpperCase() || (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2'),
    planar: unsignedOf(dataSet, tags.planar) === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: !float && unsignedOf(dataSet, tags.representation) === 1,
    float,
    frames: Number.isFinite(frames) && frames > 0 ? frames : 1,
  };
}

/** Float or Double Float Pixel Data. */
export function floatElement(dataSet: DataSet) {
  return dataSet.elements[tags.floatPixels] ?? dataSet.elements[tags.doublePixels];
}

function isAllocated(bits: number): bits is PixelDescription['bitsAllocated'] {
  return [1, 8, 16, 32, 64].includes(bits);
}

function kindOf(dataSet: DataSet): string {
  const modality = textOf(dataSet, 'x00080060');
  return modality === '' ? '' : ` (modality ${modality.slice(0, 16)})`;
}
