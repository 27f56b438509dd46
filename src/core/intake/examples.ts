/** A few images of each class, for a person to see whether the labels are what they seem. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import type { ImageResolver } from '../dataset/imagePath';
import type { Dataset, Sample } from '../dataset/model';

/** Images of a class, or with a finding. */
export interface Examples {
  readonly label: string;
  /** Absolute paths; fewer than four where there are no more, or their files cannot be found. */
  readonly files: readonly string[];
}

const perLabel = 4;

/** Of each class (multi-class), or of each finding that is present (multi-label), up to four images over the table. */
export function examplesOf(dataset: Dataset, resolver: ImageResolver): Examples[] {
  const [only] = dataset.findings;
  const wanted =
    dataset.task === 'multi-class'
      ? (only?.values ?? []).map((label) => ({ label, finding: 0, value: label }))
      : dataset.findings.map(({ name }, finding) => ({ label: name, finding, value: '1' }));
  return wanted.map(({ label, finding, value }) => ({
    label,
    files: someOf(
      dataset.samples.filter(({ given }) => given[finding] === value),
      resolver,
    ),
  }));
}

function someOf(samples: readonly Sample[], resolver: ImageResolver): string[] {
  const step = Math.max(1, Math.floor(samples.length / perLabel));
  return samples
    .filter((_, i) => i % step === 0)
    .slice(0, perLabel)
    .flatMap((sample) => {
      try {
        return [path.resolve(resolver.resolve(sample))];
      } catch (error) {
        if (error instanceof OverreadError) return [];
        throw error;
      }
    });
}
