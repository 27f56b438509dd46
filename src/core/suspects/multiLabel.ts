/**
 * Confident learning with several findings: each is a problem of its own between absent and present. Labels that are
 * masked or unknown are left out per finding; a finding with too few of either is told and not judged. On complete labels
 * equal to cleanlab 2.9 (`multilabel_classification`).
 */
import { labelQuality } from './labelQuality';
import type { LabelledProbabilities, PruneMethod, QualityMethod } from './model';
import { lowestMarked, wrongLabels } from './prune';

/** One finding: its labels and probabilities where both are known, and which samples these are of. */
export interface FindingProblem extends LabelledProbabilities {
  readonly samples: Int32Array;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The rows of one output that have a label and a probability, as two classes.
 * @param y row-major samples × findings: 1, 0, or below 0 for unknown
 * @param p row-major samples × findings; NaN for none
 */
export function findingProblem(
  y: Int32Array,
  p: Float64Array,
  findings: number,
  finding: number,
): FindingProblem {
  const all = y.length / findings;
  let rows = 0;
  const samples = new Int32Array(all);
  for (let i = 0; i < all; i++) {
    const at = i * findings + finding;
    if (y[at]! >= 0 && !Number.isNaN(p[at]!)) samples[rows++] = i;
  }
  const labels = new Int32Array(rows);
  const pairs = new Float64Array(rows * 2);
  let positives = 0;
  for (let n = 0; n < rows; n++) {
    const at = samples[n]! * findings + finding;
    labels[n] = y[at]!;
    positives += y[at]!;
    pairs[2 * n] = 1 - p[at]!;
    pairs[2 * n + 1] = p[at]!;
  }
  return {
    samples: samples.subarray(0, rows),
    labels,
    p: pairs,
    classes: 2,
    positives,
    negatives: rows - positives,
  };
}

/** How much a worse finding outweighs the next better one. */
const weightOfWorst = 0.8;

/**
 * Quality of all labels of an image as one: an exponential moving average over the findings from the best to the worst, so
 * that the worst counts most. NaN where no finding has a score.
 * @param scores of its findings, NaN for none; put in order
 */
function qualityOfAll(scores: Float64Array): number {
  let known = 0;
  for (let f = 0; f < scores.length; f++) {
    const score = scores[f]!;
    if (Number.isNaN(score)) continue;
    let place = known++;
    // The best first: a dozen numbers are sorted soonest by insertion.
    for (; place > 0 && scores[place - 1]! < score; place--) scores[place] = scores[place - 1]!;
    scores[place] = score;
  }
  if (known === 0) return NaN;
  let average = scores[0]!;
  for (let n = 1; n < known; n++) average = weightOfWorst * scores[n]! + (1 - weightOfWorst) * average;
  return average;
}

/**
 * 1 for each image of which a label is called wrong: by any of its findings; with the methods `low_…` as many images as
 * are confidently wrong, those whose labels taken together are worst.
 * @param problems of every finding
 * @internal
 */
export function wrongImages(
  problems: readonly FindingProblem[],
  images: number,
  method: PruneMethod,
): Uint8Array {
  const byScore = method === 'low_self_confidence' || method === 'low_normalized_margin';
  const marks = new Uint8Array(images);
  for (const problem of problems) {
    const wrong = wrongLabels(problem, { method: byScore ? 'confident_learning' : method });
    for (let n = 0; n < wrong.length; n++) marks[problem.samples[n]!]! |= wrong[n]!;
  }
  if (!byScore) return marks;
  const wanted = marks.reduce((sum, mark) => sum + mark, 0);
  const quality = method === 'low_self_confidence' ? 'self_confidence' : 'normalized_margin';
  return lowestMarked(qualityOfImages(problems, images, quality), wanted);
}

/** The quality of all labels of each image as one; NaN for one without any known label. */
export function qualityOfImages(
  problems: readonly FindingProblem[],
  images: number,
  method: QualityMethod,
): Float64Array {
  const width = problems.length;
  const scores = new Float64Array(images * width).fill(NaN);
  for (const [f, problem] of problems.entries()) {
    const own = labelQuality(problem, method);
    const { samples } = problem;
    for (let n = 0; n < own.length; n++) scores[samples[n]! * width + f] = own[n]!;
  }
  const quality = new Float64Array(images);
  for (let i = 0; i < images; i++) quality[i] = qualityOfAll(scores.subarray(i * width, (i + 1) * width));
  return quality;
}
