/** What is taken of a DICOM header for a table, and what a person may ask of it. */
import { OverreadError } from '../../base/errors';
import { didYouMean } from '../../base/suggest';
import type { DicomHeader } from '../../dicom/header';
import type { TextTable } from '../../table/table';
import type { Links } from './labelsOf';
import type { Identity } from './patients';
import { dateOf, daysColumn, keywords, offeredColumns, valueOf, type Keyword } from './tagColumns';

/** Which columns are wanted. */
export interface ColumnWishes {
  /** Which of the offered columns are written; by default all that hold something. */
  readonly columns?: readonly string[];
  /** Elements by keyword, and columns of the table of labels, that are written because somebody named them. */
  readonly keep?: readonly string[];
}

/** What is taken of a header; the rest is let go. */
export interface HeaderFacts {
  readonly identity: Identity;
  readonly links: Omit<Links, 'path' | 'file'>;
  /** By the names of offered columns. */
  readonly offered: ReadonlyMap<string, string>;
  readonly kept: ReadonlyMap<Keyword, string>;
  readonly date: number | undefined;
  readonly burnedIn: string;
}

export function takeFacts(header: DicomHeader, kept: readonly Keyword[]): HeaderFacts {
  const of = (keyword: Keyword): string => valueOf(header, keyword);
  return {
    identity: {
      patientId: of('PatientID'),
      patientName: of('PatientName'),
      birthDate: of('PatientBirthDate'),
      sex: of('PatientSex'),
      institution: of('InstitutionName'),
      accession: of('AccessionNumber'),
      study: of('StudyInstanceUID'),
    },
    links: {
      SOPInstanceUID: of('SOPInstanceUID'),
      SeriesInstanceUID: of('SeriesInstanceUID'),
      StudyInstanceUID: of('StudyInstanceUID'),
      AccessionNumber: of('AccessionNumber'),
      StudyID: of('StudyID'),
      PatientID: of('PatientID'),
    },
    offered: new Map(offeredColumns.map((column) => [column.name, column.read(header)])),
    kept: new Map(kept.map((keyword) => [keyword, of(keyword)])),
    date: dateOf(of('StudyDate')),
    burnedIn: of('BurnedInAnnotation'),
  };
}

export function wantedColumns({ columns }: ColumnWishes): readonly string[] {
  const known = [...offeredColumns.map(({ name }) => name), daysColumn];
  const unknown = columns?.find((name) => !known.includes(name));
  if (unknown === undefined) return columns ?? known;
  throw new OverreadError({
    code: 'OVR104',
    message: `--columns names "${unknown}", which is none of the columns that are offered`,
    expected: `some of ${known.join(', ')}; other elements are written with --keep, one by one`,
    fix: didYouMean(unknown, known) || 'Take some of these',
  });
}

/** The elements that were named one by one. @throws OVR104 neither an element nor a column of the labels */
export function keptKeywords({ keep = [] }: ColumnWishes, labels: TextTable | undefined): readonly Keyword[] {
  return keep.flatMap((name) => {
    const keyword = keywords.find((one) => one === name);
    if (keyword !== undefined) return [keyword];
    if (labels?.names.includes(name) === true) return [];
    const known = [...keywords, ...(labels?.names ?? [])];
    throw new OverreadError({
      code: 'OVR104',
      message: `--keep names "${name}", which is no element that can be written and no column of the labels`,
      expected: `some of ${keywords.join(', ')}`,
      fix: didYouMean(name, known) || 'Take some of these',
    });
  });
}
