/** How far probabilities mean what they say: the reliability diagram of one output. */
import { clopperPearson } from './exactTests';
import { calibrationBins, type OutputEntries } from './part';
import type { Reliability, ReliabilityBin } from './runAnalysis';

/** The bins are those of the calibration error of a run's figures: 15 of equal width. Equal to scikit-learn's calibration_curve. */
export function reliability({ confidence, positive, patient, bin }: OutputEntries): Reliability {
  const sums = Array.from({ length: calibrationBins }, () => ({ images: 0, predicted: 0, positives: 0 }));
  const patients = Array.from({ length: calibrationBins }, () => new Set<number>());
  for (let n = 0; n < confidence.length; n++) {
    const at = bin[n]!;
    const sum = sums[at];
    if (!sum) continue;
    sum.images++;
    sum.predicted += confidence[n]!;
    sum.positives += positive[n]!;
    patients[at]?.add(patient[n]!);
  }
  const bins = sums.flatMap(({ images, predicted, positives }, at): ReliabilityBin[] => {
    if (images === 0) return [];
    const observed = positives / images;
    const distinct = patients[at]?.size ?? 0;
    return [
      {
        from: at / calibrationBins,
        to: (at + 1) / calibrationBins,
        images,
        patients: distinct,
        predicted: predicted / images,
        observed,
        ...clopperPearson(observed * distinct, distinct),
      },
    ];
  });
  const gap = bins.reduce(
    (sum, { images, predicted, observed }) => sum + images * Math.abs(predicted - observed),
    0,
  );
  return { bins, ece: confidence.length === 0 ? null : gap / confidence.length };
}
