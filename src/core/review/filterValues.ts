/** Metadata as typed columns: what a filter compares `age > 60` with. */
import type { Dataset } from '../dataset/model';
import type { SampleColumn } from './filterSource';

const wholeNumber = /^[+-]?(0|[1-9]\d*)$/;
const decimalNumber = /^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const isoDate = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/**
 * A metadata column with the narrowest type that fits every cell that is filled: whole number, number, date
 * (2026-01-31), else text. Digits after a leading zero (`00012`) are an identifier and stay text.
 */
export function typedMetadata(dataset: Dataset, source: string): SampleColumn {
  const texts = dataset.samples.map((sample) => sample.metadata[source] ?? null);
  const filled = texts.filter((text): text is string => text !== null);
  const all = (pattern: RegExp): boolean =>
    filled.length > 0 && filled.every((text) => pattern.test(text.trim()));
  if (all(decimalNumber)) {
    const values = texts.map((text) => (text === null ? null : Number(text)));
    const isInteger =
      all(wholeNumber) && values.every((value) => value === null || Math.abs(value) <= 0x7fffffff);
    return { type: isInteger ? 'whole' : 'number', values };
  }
  return { type: all(isoDate) ? 'date' : 'text', values: texts };
}
