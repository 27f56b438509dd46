/** What changes in parts and folds when images are kept together, or no longer are. */
import { OverreadError } from '../base/errors';
import { ofRanges, type Pieces } from '../base/pieces';
import { present } from '../base/present';
import type { MovedSample } from '../split/keepTogether';
import type { Project } from './project';

export interface MovedSamples {
  /** Samples whose part is another than before. */
  readonly moved: readonly MovedSample[];
  /** Samples of the training part whose fold is another than before. */
  readonly foldsChanged: number;
}

/** The samples that stand elsewhere than before, in pieces. */
export function* movedSamples(
  { dataset, assignment }: Pick<Project, 'dataset' | 'assignment'>,
  after: Pick<Project, 'assignment'>,
): Pieces<MovedSamples> {
  const moved: MovedSample[] = [];
  let foldsChanged = 0;
  const { samples } = dataset;
  yield* ofRanges(samples.length, (begin, end) => {
    for (let i = begin; i < end; i++) {
      const [from, to] = [assignment.split[i], after.assignment.split[i]];
      if (from !== undefined && to !== undefined && from !== to)
        moved.push({ sample: present(samples[i], 'the sample').id, from, to });
      else if (assignment.fold[i] !== after.assignment.fold[i]) foldsChanged++;
    }
  });
  return { moved, foldsChanged };
}

/** @throws OVR400 one of them is not in the table */
export function refuseMissing({ dataset }: Pick<Project, 'dataset'>, ids: readonly string[]): void {
  const unknown = new Set(ids);
  for (const { id } of dataset.samples) unknown.delete(id);
  const [missing] = unknown;
  if (missing === undefined) return;
  throw new OverreadError({
    code: 'OVR400',
    message: `The table has no sample "${missing}"`,
    fix: 'Name samples as overread check does',
  });
}
