/** What the engine asks of the process that looks at a project as a whole: it reads all from disk. Types only. */
import type { FolderPolicy } from '../../core/base/projectFolder';
import type { CohortReport } from '../../core/cohorts/model';
import type { ShortcutReport } from '../../core/cohorts/shortcuts/model';
import type { CorrectionReport } from '../../core/corrections/model';
import type { RunDifference } from '../../core/evaluation/runDifference';
import type { Split } from '../../core/dataset/model';
import type { FoundSuspects } from '../../core/suspects/itemSuspects';
import type { MapColour, MapInParts, MapPositions } from '../../core/featureMap/model';

export interface LookingPlace {
  /** Absolute, as the window names it. */
  readonly root: string;
  readonly policy: FolderPolicy;
}

export interface LookingMethods {
  /** @throws OVR800 there is no run */
  cohorts(place: LookingPlace, part: Split): Promise<CohortReport>;
  /** Computes features that are not in the cache. @throws as `shortcutReport` */
  shortcuts(place: LookingPlace): Promise<ShortcutReport>;
  /** @throws as `correctionReport` */
  corrections(place: LookingPlace): Promise<CorrectionReport>;
  /** What became of the project from one run to another, without intervals. @throws OVR800, OVR801, as `diffRuns` */
  difference(place: LookingPlace, before: string, after: string): Promise<RunDifference>;
  /**
   * Labels that are probably wrong: by the predictions of the run that is shown, or, `repeated`, as `overread suspects` finds them.
   * @param samples as the engine has them
   * @throws OVR800 there is no run, or another one; OVR803 the table is another; `repeated`: OVR804 features are not in the cache, OVR700, OVR207
   */
  suspects(place: LookingPlace, run: string, samples: number, repeated: boolean): Promise<FoundSuspects>;
  /** @throws OVR800 there is no run; OVR804 its features are not in the cache */
  map(place: LookingPlace): Promise<MapInParts>;
  /** Some colours of the map that was given last, from one on. @throws OVR803 another was given since */
  mapColours(map: string, from: number): Promise<readonly MapColour[]>;
  /** The same images by UMAP. @throws as `map`; OVR001 they are too many */
  umap(place: LookingPlace): Promise<MapPositions>;
}
