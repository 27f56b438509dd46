/** The checks there are, one row each. A further one is a row here and a function that gives its findings. */
import type { WorkOptions } from '../base/ports';
import type { Project } from '../project/project';
import { backboneChecks } from './backbone/backboneChecks';
import { columnChecks } from './columns';
import { duplicateChecks } from './duplicates';
import { formatChecks } from './formats';
import { imageChecks } from './images';
import { metadataChecks } from './metadata';
import type { Check } from './model';
import { partChecks } from './parts';
import { pictureChecks } from './pictures/pictureChecks';
import { projectChecks } from './projectProblems';
import type { CheckedImage } from './readImages';
import type { CheckedFeatures } from './similar/features';
import { nearDuplicateChecks } from './similar/nearDuplicates';
import { outlierChecks } from './similar/outliers';

/** What a check may look at. */
export interface CheckContext extends WorkOptions {
  readonly project: Project;
  /** The images, read once for all checks; one entry for each sample. */
  readonly images: () => Promise<readonly CheckedImage[]>;
  /** Features that are in the cache, read once; or why there are none; null where they were not asked for. */
  readonly features: () => Promise<CheckedFeatures | string | null>;
}

export interface CheckRow {
  readonly name: string;
  /** What it looks for, for people. */
  readonly title: string;
  /** It tells again what the reading of the project told. */
  readonly isReading?: boolean;
  readonly run: (context: CheckContext) => Promise<readonly Check[]> | readonly Check[];
}

export const checkTable: readonly CheckRow[] = [
  {
    name: 'project',
    title: 'settings, table, labels, patients and split',
    isReading: true,
    run: ({ project }) => projectChecks(project),
  },
  { name: 'columns', title: 'columns that are not used', run: columnChecks },
  { name: 'metadata', title: 'values that cannot be', run: metadataChecks },
  { name: 'parts', title: 'classes that a part lacks', run: partChecks },
  { name: 'images', title: 'images that are missing or cannot be read', run: imageChecks },
  { name: 'duplicates', title: 'the same image twice', run: duplicateChecks },
  {
    name: 'near-duplicates',
    title: 'images that are others, moved or saved again',
    run: nearDuplicateChecks,
  },
  { name: 'outliers', title: 'images that lie apart from all others', run: outlierChecks },
  {
    name: 'pictures',
    title: 'images that are blank, without contrast, inverted, cropped or tiny',
    run: pictureChecks,
  },
  { name: 'backbone', title: 'features that say nothing', run: backboneChecks },
  { name: 'formats', title: 'what became of images on their way to pixels', run: formatChecks },
];
