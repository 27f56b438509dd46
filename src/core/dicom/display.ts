/** How a file means its grey to be shown (PS3.3 C.11.1, C.11.2, C.11.6), read for one frame. */
import type { DataSet } from 'dicom-parser';
import { dataSetFor, itemsOf, macros, numbersOf, signedOf, textOf, textsOf } from './attributes';
import { readTable, type LookupTable } from './lookupTable';
import type { PixelDescription } from './model';

const tags = {
  padding: 'x00280120',
  paddingLimit: 'x00280121',
  center: 'x00281050',
  width: 'x00281051',
  intercept: 'x00281052',
  slope: 'x00281053',
  explanation: 'x00281055',
  voiFunction: 'x00281056',
  modalitySequence: 'x00283000',
  voiSequence: 'x00283010',
  tableExplanation: 'x00283003',
  presentationShape: 'x20500020',
  spacing: 'x00280030',
  imagerSpacing: 'x00181164',
  aspectRatio: 'x00280034',
};

/** A window as the file gives it, in real values. */
export interface FileWindow {
  readonly name: string;
  readonly center: number;
  readonly width: number;
}

export interface GreyDisplay {
  /** From stored to real values: a table, or a line. */
  readonly modality: LookupTable | { readonly slope: number; readonly intercept: number };
  /** From real values to grey, before any window; the file's other tables are not used. */
  readonly voi: LookupTable | undefined;
  readonly windows: readonly FileWindow[];
  readonly windowFunction: 'linear' | 'linear exact' | 'sigmoid';
  /** Dark is what has high values. */
  readonly inverse: boolean;
  /** Stored values, both ends in it, that are no part of the picture. */
  readonly padding: { readonly from: number; readonly to: number } | undefined;
}

/** @param frame from 0 */
export function readDisplay(dataSet: DataSet, pixels: PixelDescription, frame: number): GreyDisplay {
  const { signed, photometric } = pixels;
  const values = dataSetFor(dataSet, frame, macros.pixelValues, tags.slope) ?? dataSet;
  const [modalityItem] = itemsOf(dataSet, tags.modalitySequence);
  const table = modalityItem && !pixels.float ? readTable(modalityItem, signed) : undefined;
  const slope = numbersOf(values, tags.slope)[0] ?? 1;
  const line = { slope: slope === 0 ? 1 : slope, intercept: numbersOf(values, tags.intercept)[0] ?? 0 };
  const [voiItem] = itemsOf(dataSet, tags.voiSequence);
  // A table's real values have a sign where those that go into it may be negative.
  const belowZero = table === undefined && (signed || line.intercept < 0 || line.slope < 0);
  const shape = textOf(dataSet, tags.presentationShape).toUpperCase();
  return {
    modality: table ?? line,
    voi: voiItem && !pixels.float ? readTable(voiItem, belowZero) : undefined,
    ...readWindows(dataSet, frame),
    inverse: shape === 'INVERSE' || (shape === '' && photometric === 'MONOCHROME1'),
    padding: readPadding(dataSet, signed),
  };
}

function readWindows(dataSet: DataSet, frame: number): Pick<GreyDisplay, 'windows' | 'windowFunction'> {
  const source = dataSetFor(dataSet, frame, macros.voi, tags.center);
  if (!source) return { windows: [], windowFunction: 'linear' };
  const named = textOf(source, tags.voiFunction).toUpperCase();
  const windowFunction =
    named === 'SIGMOID' ? 'sigmoid' : named === 'LINEAR_EXACT' ? 'linear exact' : 'linear';
  const [centers, widths] = [numbersOf(source, tags.center), numbersOf(source, tags.width)];
  const names = textsOf(source, tags.explanation);
  // LINEAR has no meaning below a width of 1, the others not at 0.
  const least = windowFunction === 'linear' ? 1 : Number.MIN_VALUE;
  const windows = centers.flatMap((center, i): FileWindow[] => {
    const width = widths[i];
    return width === undefined || width < least ? [] : [{ name: names[i] ?? '', center, width }];
  });
  return { windows, windowFunction };
}

function readPadding(dataSet: DataSet, signed: boolean): GreyDisplay['padding'] {
  const value = signedOf(dataSet, tags.padding, signed);
  if (value === undefined) return undefined;
  const limit = signedOf(dataSet, tags.paddingLimit, signed) ?? value;
  return { from: Math.min(value, limit), to: Math.max(value, limit) };
}

/**
 * The height of a pixel over its width: by the spacing in the patient, at the detector, or the ratio alone; 1 where the
 * file says nothing.
 */
export function readAspect(dataSet: DataSet, frame: number): number {
  const measures = dataSetFor(dataSet, frame, macros.pixelMeasures, tags.spacing);
  const candidates = [
    measures && numbersOf(measures, tags.spacing),
    numbersOf(dataSet, tags.imagerSpacing),
    numbersOf(dataSet, tags.aspectRatio),
  ];
  for (const pair of candidates) {
    const [rows, columns] = pair ?? [];
    if (rows === undefined || columns === undefined || rows <= 0 || columns <= 0) continue;
    const aspect = rows / columns;
    // Beyond, the numbers are no sizes of pixels.
    return aspect > 0.05 && aspect < 20 ? aspect : 1;
  }
  return 1;
}
