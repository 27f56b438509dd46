/**
 * Elements of DICOM headers as columns of a table. What is offered says nothing of who somebody is; everything else is
 * written where a person names it, one by one.
 */
import type { DicomHeader } from '../../dicom/header';

/** Elements by the keywords of PS3.6, with their numbers as dicom-parser has them. */
const tagTable = {
  AccessionNumber: 'x00080050',
  BodyPartExamined: 'x00180015',
  BurnedInAnnotation: 'x00280301',
  Columns: 'x00280011',
  ImageLaterality: 'x00200062',
  ImagerPixelSpacing: 'x00181164',
  InstanceNumber: 'x00200013',
  InstitutionName: 'x00080080',
  Laterality: 'x00200060',
  Manufacturer: 'x00080070',
  ManufacturerModelName: 'x00081090',
  Modality: 'x00080060',
  NumberOfFrames: 'x00280008',
  PatientAge: 'x00101010',
  PatientBirthDate: 'x00100030',
  PatientID: 'x00100020',
  PatientName: 'x00100010',
  PatientSex: 'x00100040',
  PhotometricInterpretation: 'x00280004',
  PixelSpacing: 'x00280030',
  ProtocolName: 'x00181030',
  Rows: 'x00280010',
  SeriesDescription: 'x0008103e',
  SeriesInstanceUID: 'x0020000e',
  SOPInstanceUID: 'x00080018',
  StationName: 'x00081010',
  StudyDate: 'x00080020',
  StudyDescription: 'x00081030',
  StudyID: 'x00200010',
  StudyInstanceUID: 'x0020000d',
  ViewPosition: 'x00185101',
} as const;

/** Keywords that can be named. */
export type Keyword = keyof typeof tagTable;

export const keywords = Object.keys(tagTable) as readonly Keyword[];

/** The first value of an element, trimmed; '' where there is none. */
export function valueOf(header: DicomHeader, keyword: Keyword): string {
  return header.texts(tagTable[keyword])[0]?.trim() ?? '';
}

/** A column that is offered. */
export interface OfferedColumn {
  readonly name: string;
  readonly what: string;
  read(header: DicomHeader): string;
}

const plain = (name: string, keyword: Keyword): OfferedColumn => ({
  name,
  what: keyword,
  read: (header) => valueOf(header, keyword),
});

const number = (name: string, keyword: 'Rows' | 'Columns'): OfferedColumn => ({
  name,
  what: keyword,
  read: ({ dataSet }) => dataSet.uint16(tagTable[keyword])?.toString() ?? '',
});

/** Years at which ages end: the few who are older would be known by it (45 CFR 164.514(b)(2)(i)(C) has 89). */
export const oldestAge = 90;

/** What says nothing of who somebody is. Days since the patient's first study are added beside these. */
export const offeredColumns: readonly OfferedColumn[] = [
  plain('modality', 'Modality'),
  plain('body_part', 'BodyPartExamined'),
  plain('view', 'ViewPosition'),
  {
    name: 'laterality',
    what: 'ImageLaterality, else Laterality',
    read: (header) => valueOf(header, 'ImageLaterality') || valueOf(header, 'Laterality'),
  },
  plain('sex', 'PatientSex'),
  { name: 'age', what: `PatientAge in years, at most ${oldestAge}`, read: ageOf },
  plain('manufacturer', 'Manufacturer'),
  number('rows', 'Rows'),
  number('columns', 'Columns'),
  {
    name: 'pixel_spacing',
    what: 'PixelSpacing, else ImagerPixelSpacing, mm from row to row',
    read: (header) => valueOf(header, 'PixelSpacing') || valueOf(header, 'ImagerPixelSpacing'),
  },
  plain('photometric', 'PhotometricInterpretation'),
  plain('frames', 'NumberOfFrames'),
];

/** The name of the column with the days since the patient's first study. */
export const daysColumn = 'days';

/** Years of age at the study: as it is written, else from the dates; '' where neither says it. */
function ageOf(header: DicomHeader): string {
  const written = /^(\d{1,3})([DWMY])$/i.exec(valueOf(header, 'PatientAge'));
  if (written) {
    const [, count = '', unit = 'Y'] = written;
    const perYear = { D: 365.25, W: 52.18, M: 12, Y: 1 }[unit.toUpperCase()] ?? 1;
    return String(Math.min(oldestAge, Math.floor(Number(count) / perYear)));
  }
  const born = dateOf(valueOf(header, 'PatientBirthDate'));
  const then = dateOf(valueOf(header, 'StudyDate'));
  if (born === undefined || then === undefined || then < born) return '';
  return String(Math.min(oldestAge, Math.floor((then - born) / 365.25)));
}

/** A date (DA: YYYYMMDD, of old YYYY.MM.DD) in days since 1970; undefined where it is none. */
export function dateOf(text: string): number | undefined {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const ms = Date.UTC(year, month - 1, day);
  return new Date(ms).getUTCMonth() === month - 1 ? ms / 86_400_000 : undefined;
}
