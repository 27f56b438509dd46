/** Values of the table that cannot be: ages that nobody reaches, one patient of two sexes. */
import { counted } from '../base/counted';
import type { CheckContext } from './checkTable';
import { sampleCheck } from './groupCheck';
import type { Check } from './model';

const ageName = /(^|[^a-z])(patient )?age([^a-z]|$)/i;
const sexName = /(^|[^a-z])(patient )?(sex|gender)([^a-z]|$)/i;
/** The oldest person on record was 122. */
const oldest = 122;
/** Rows that are told one by one. */
const mostRows = 100;

export function metadataChecks({ project }: CheckContext): Check[] {
  const { metadataColumns, samples } = project.dataset;
  const ages = metadataColumns
    .filter((name) => ageName.test(spaced(name)))
    .flatMap((column) => {
      const wrong = samples.flatMap(({ metadata }, i) => {
        const text = metadata[column];
        const years = text === undefined ? NaN : yearsOf(text);
        return years < 0 || years > oldest ? [{ i, text: text ?? '' }] : [];
      });
      const listed = wrong.slice(0, mostRows).map(({ i, text }) =>
        sampleCheck(project, [i], 1, {
          ...{ code: 'OVR216', kind: 'metadata', severity: 'warning' },
          message: `The ${column} ${text} cannot be`,
          fixes: [{ title: 'Correct it in the table, or leave the cell empty' }],
        }),
      );
      return [
        ...listed,
        ...(wrong.length > mostRows
          ? [more(context(project.config.dataset.table, column), wrong.length - mostRows)]
          : []),
      ];
    });
  return [
    ...ages,
    ...metadataColumns
      .filter((name) => sexName.test(spaced(name)))
      .flatMap((column) => twoSexes(project, column)),
  ];
}

/** `PatientAge`, `patient_age` and `Patient Age` read alike. */
const spaced = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ');

/** DICOM writes `058Y`, `006M`, `021D`; NaN for what is no age. */
function yearsOf(text: string): number {
  const [, digits, unit] = /^\s*(-?\d+(?:[.,]\d+)?)\s*([YMWD]?)\s*$/i.exec(text) ?? [];
  const value = Number((digits ?? 'x').replace(',', '.'));
  const years = { M: 12, W: 52.18, D: 365.25 }[(unit ?? '').toUpperCase()] ?? 1;
  return value / years;
}

const context = (file: string, field: string) => ({ file, field });

function more(place: { readonly file: string; readonly field: string }, count: number): Check {
  return {
    ...{ code: 'OVR216', kind: 'metadata', severity: 'warning', samples: [], score: null, fixes: [] },
    message: `${counted(count, 'further value')} of ${place.field} cannot be`,
    place,
  };
}

function twoSexes(project: CheckContext['project'], column: string): Check[] {
  const { samples } = project.dataset;
  const byPatient = new Map<string, number[]>();
  for (const [i, { group, metadata }] of samples.entries()) {
    if (/^[mf]/i.test(metadata[column] ?? '')) byPatient.set(group, [...(byPatient.get(group) ?? []), i]);
  }
  const sexOf = (i: number): string => (samples[i]?.metadata[column] ?? '').slice(0, 1).toUpperCase();
  return [...byPatient.values()]
    .filter((own) => new Set(own.map(sexOf)).size > 1)
    .slice(0, mostRows)
    .map((own) =>
      sampleCheck(project, own, null, {
        ...{ code: 'OVR216', kind: 'metadata', severity: 'warning' },
        message: `${counted(own.length, 'image')} of one patient say ${[...new Set(own.map(sexOf))].join(' and ')} in ${column}: a wrong cell, or two people under one name`,
        fixes: [{ title: 'Correct the cell, or the patient, in the table' }],
      }),
    );
}
