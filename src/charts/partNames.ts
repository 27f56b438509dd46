/** The parts on which a run is looked at, by the names that people read. */
import type { AnalysedPart } from '../core/evaluation/runAnalysis';

const names: Readonly<Record<AnalysedPart, string>> = {
  out_of_fold: 'out of fold',
  validation: 'validation',
  test: 'test',
  all: 'all images',
};

export function partName(part: AnalysedPart): string {
  return names[part];
}
