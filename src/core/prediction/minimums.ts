/** Least figures that a model must reach, as CI asks for them. */
import { OverreadError } from '../base/errors';
import { didYouMean } from '../base/suggest';
import type { Estimate, Metrics, OutputMetrics } from '../evaluation/model';

/** Figures of the whole; more is better in all of them. */
const wholeFigures = {
  accuracy: ({ accuracy }) => accuracy,
  balanced_accuracy: ({ balanced_accuracy }) => balanced_accuracy,
  auroc: ({ auroc_macro }) => auroc_macro,
  auprc: ({ auprc_macro }) => auprc_macro,
  f1: ({ f1_macro }) => f1_macro,
} satisfies Record<string, (metrics: Metrics) => Estimate>;

/** Figures of one class or finding. */
const outputFigures = [
  'auroc',
  'auprc',
  'sensitivity',
  'specificity',
  'f1',
] as const satisfies readonly (keyof OutputMetrics)[];

export interface Minimum {
  /** As it was written: `auroc`, or `sensitivity:Pneumonia`. */
  readonly name: string;
  readonly least: number;
}

/** A minimum against what was reached. */
export interface Judged extends Minimum {
  /** null: undefined, for instance an AUROC of one class only. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the value, not its interval, is at least the minimum; an undefined one is not. */
  readonly met: boolean;
}

/**
 * `auroc=0.85`, `sensitivity:Pneumonia=0.9`.
 * @throws OVR001 it is no figure of which more is better, or no number from 0 to 1
 */
export function parseMinimum(text: string): Minimum {
  const at = text.lastIndexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const least = Number(text.slice(at + 1));
  const [figure, output] = partsOf(name);
  const known: readonly string[] = output === undefined ? Object.keys(wholeFigures) : outputFigures;
  const isNumber = at > 0 && text.slice(at + 1).trim() !== '' && least >= 0 && least <= 1;
  if (isNumber && known.includes(figure)) return { name, least };
  throw new OverreadError({
    code: 'OVR001',
    message: `"${text}" is no minimum`,
    expected:
      `a figure and a number from 0 to 1, such as auroc=0.85: ${Object.keys(wholeFigures).join(', ')}; or one of a ` +
      `class or finding, such as sensitivity:NAME=0.9: ${outputFigures.join(', ')}`,
    ...(isNumber ? { fix: didYouMean(figure, known) || 'Take one of these' } : {}),
  });
}

/** The figure before the first colon, and the name of a class or finding behind it. */
function partsOf(name: string): readonly [string, string | undefined] {
  const colon = name.indexOf(':');
  return colon < 0 ? [name, undefined] : [name.slice(0, colon), name.slice(colon + 1)];
}

/**
 * Whether each minimum is met.
 * @throws OVR001 it names a class or finding that the metrics do not have
 */
export function judge(minimums: readonly Minimum[], metrics: Metrics): Judged[] {
  return minimums.map((minimum) => {
    const { value, low, high } = estimateOf(minimum.name, metrics);
    return { ...minimum, value, low, high, met: value !== null && value >= minimum.least };
  });
}

/** That every minimum names what there is, before the work is done. @throws OVR001 */
export function checkMinimums(minimums: readonly Minimum[], outputs: readonly string[]): void {
  for (const { name } of minimums) {
    const [, output] = partsOf(name);
    if (output !== undefined && !outputs.includes(output)) throw noOutput(output, outputs);
  }
}

function estimateOf(name: string, metrics: Metrics): Estimate {
  const [figure, wanted] = partsOf(name);
  if (wanted === undefined) {
    return Object.entries(wholeFigures).find(([key]) => key === figure)?.[1](metrics) ?? noEstimate;
  }
  const output = metrics.outputs.find((one) => one.name === wanted);
  const key = outputFigures.find((one) => one === figure);
  if (!output)
    throw noOutput(
      wanted,
      metrics.outputs.map((one) => one.name),
    );
  return key === undefined ? noEstimate : output[key];
}

const noEstimate: Estimate = { value: null, low: null, high: null };

function noOutput(wanted: string, known: readonly string[]): OverreadError {
  return new OverreadError({
    code: 'OVR001',
    message: `--min names "${wanted}", which the model does not answer`,
    expected: `one of ${known.map((name) => `"${name}"`).join(', ')}`,
    fix: didYouMean(wanted, known) || 'Take one of these',
  });
}
