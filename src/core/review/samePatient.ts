/** The other images of a patient, as a reader puts them side by side: in the order of time, else of their names. */
import type { Dataset } from '../dataset/model';

const byName = new Intl.Collator('en', { numeric: true });

/** What a column of times is called. */
const timeColumn = /date|time|taken|acquired|visit|follow.?up|age|year/i;

/**
 * All images of the patients of these samples, patient by patient in the order in which they are named.
 * @returns indices of samples
 */
export function samePatient({ samples, metadataColumns }: Dataset, of: readonly number[]): number[] {
  // One pass over the table, however many patients there are.
  const groups = new Map<string | undefined, number[]>(of.map((index) => [samples[index]?.group, []]));
  samples.forEach(({ group }, index) => groups.get(group)?.push(index));
  const times = metadataColumns.filter((name) => timeColumn.test(name));
  return [...groups.values()].flatMap((own) => {
    const keys = times
      .map((column) => own.map((index) => timeOf(samples[index]?.metadata[column])))
      .find((values) => values.every((value) => value !== undefined) && new Set(values).size > 1);
    const place = new Map(own.map((index, k) => [index, keys?.[k] ?? 0]));
    return own.sort(
      (a, b) =>
        (place.get(a) ?? 0) - (place.get(b) ?? 0) ||
        byName.compare(samples[a]?.path ?? '', samples[b]?.path ?? ''),
    );
  });
}

/** A number that rises with time; undefined for what is none. */
function timeOf(text: string | undefined): number | undefined {
  const value = text?.trim() ?? '';
  if (value === '') return undefined;
  // 20240131, as DICOM writes a day, rises as it stands.
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
