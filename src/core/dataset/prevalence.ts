/** How often each class or finding is there, once uncertain and unmentioned are mapped: what training will see. */
import { counted } from '../base/counted';
import { type Dataset, type Finding, type LabelValue, type Meaning } from './model';
import { uncertainValue } from '../config/model';

/** Counts of one class (multi-class) or finding (multi-label), in images. */
export interface Prevalence {
  readonly name: string;
  /** Images with each value as given; `''` is unmentioned or unlabelled. */
  readonly values: Readonly<Record<string, number>>;
  readonly positive: number;
  readonly negative: number;
  /** Left out: masked by the mapping, or unlabelled. */
  readonly masked: number;
  /** positive / (positive + negative), 0 to 1; null when nothing counts. */
  readonly prevalence: number | null;
}

/** What a given value of a multi-label finding means to training and metrics. */
export function meaningOf(finding: Finding, value: LabelValue): Meaning {
  if (value === null) return finding.unmentioned;
  if (value === uncertainValue) return finding.uncertain;
  return value === '1' ? 'positive' : 'negative';
}

/** The labels to count: of a sample and a finding, by their places in the dataset. */
export type LabelsToCount = (sample: number, finding: number) => LabelValue;

const givenIn =
  ({ samples }: Dataset): LabelsToCount =>
  (sample, finding) =>
    samples[sample]?.given[finding] ?? null;

/**
 * One entry per class or finding, in the order of the model's outputs.
 * @param labels the given ones, unless others are named
 */
export function computePrevalence(dataset: Dataset, labels = givenIn(dataset)): Prevalence[] {
  return dataset.task === 'multi-class'
    ? classPrevalence(dataset, labels)
    : findingPrevalence(dataset, labels);
}

function classPrevalence(dataset: Dataset, labels: LabelsToCount): Prevalence[] {
  const counts = countValues(dataset, 0, labels);
  const masked = (counts[''] ?? 0) + (counts[uncertainValue] ?? 0);
  const labelled = dataset.samples.length - masked;
  return (dataset.findings[0]?.values ?? []).map((name) => {
    const positive = counts[name] ?? 0;
    return {
      name,
      values: { [name]: positive },
      positive,
      negative: labelled - positive,
      masked,
      prevalence: labelled === 0 ? null : positive / labelled,
    };
  });
}

function findingPrevalence(dataset: Dataset, labels: LabelsToCount): Prevalence[] {
  return dataset.findings.map((finding, f) => {
    const values = countValues(dataset, f, labels);
    const sums: Record<Meaning, number> = { positive: 0, negative: 0, masked: 0 };
    for (const [value, count] of Object.entries(values)) {
      sums[meaningOf(finding, value === '' ? null : value)] += count;
    }
    const counted = sums.positive + sums.negative;
    return {
      name: finding.name,
      values,
      ...sums,
      prevalence: counted === 0 ? null : sums.positive / counted,
    };
  });
}

function countValues(dataset: Dataset, finding: number, labels: LabelsToCount): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let sample = 0; sample < dataset.samples.length; sample++) {
    const value = labels(sample, finding) ?? '';
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/**
 * A line per class or finding for people: the mapping, the counts and the prevalence that results.
 * @param labels the given ones, unless others are named
 */
export function describePrevalence(dataset: Dataset, labels = givenIn(dataset)): string[] {
  const percent = (share: number | null): string =>
    share === null ? 'none' : `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;
  const rows = computePrevalence(dataset, labels);
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  if (dataset.task === 'multi-class') {
    const counts = countValues(dataset, 0, labels);
    const unlabelled = counts[''] ?? 0;
    const uncertain = counts[uncertainValue] ?? 0;
    return [
      ...rows.map(
        (row) => `${row.name.padEnd(width)}  ${counted(row.positive, 'image')}, ${percent(row.prevalence)}`,
      ),
      ...(uncertain === 0
        ? []
        : [`${counted(uncertain, 'image')} uncertain: neither trained nor measured on`]),
      ...(unlabelled === 0 ? [] : [`${counted(unlabelled, 'image')} without a label`]),
    ];
  }
  return rows.map((row, f) => {
    const finding = dataset.findings[f];
    const mapping = (['uncertain', 'unmentioned'] as const)
      .map((kind) => ({ kind, count: row.values[kind === 'uncertain' ? kind : ''] ?? 0 }))
      .filter(({ count }) => count > 0)
      .map(({ kind, count }) => `${kind} ${count} → ${finding?.[kind] ?? ''}`);
    const given = `1: ${row.values['1'] ?? 0}, 0: ${row.values['0'] ?? 0}`;
    const counted = `${row.positive} positive, ${row.negative} negative, ${row.masked} masked images`;
    return `${row.name.padEnd(width)}  ${[given, ...mapping].join(', ')}  =  ${counted}: ${percent(row.prevalence)}`;
  });
}
