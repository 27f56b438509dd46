/** What the engine asks of the process that looks at a run. Types only. */
import type { FolderPolicy } from '../../core/base/projectFolder';
import type { OperatingTarget } from '../../core/config/model';
import type { RunAnalysis } from '../../core/evaluation/runAnalysis';
import type { GuaranteeAsked, GuaranteeReport } from '../../core/report/guaranteeModel';
import type { TriedThreshold } from '../../protocol/runPageApi';

/** Which run is looked at. */
export interface AnalysisPlace {
  /** Absolute, as the window names it. */
  readonly root: string;
  readonly policy: FolderPolicy;
  /** The run's whole name. */
  readonly run: string;
  /** Also the test part. */
  readonly test: boolean;
}

export interface AnalysisMethods {
  /** Reads the run and lays out its parts, without bands. @throws OVR800, OVR801, OVR804 */
  openRun(place: AnalysisPlace): Promise<RunAnalysis>;
  /** The same with bands. */
  bands(): Promise<RunAnalysis>;
  /** Thresholds worth trying, falling. */
  thresholds(output: string): Promise<readonly number[]>;
  /** What a target comes to, and how many images change sides. */
  tryTarget(output: string, target: OperatingTarget): Promise<TriedThreshold>;
  /** Why no guarantee can be given; null where one may be tried. */
  whyNoGuarantee(): Promise<string | null>;
  /** As `guaranteeOf`: the look at the test part is counted, so that there is one try. */
  guarantee(asked: GuaranteeAsked): Promise<GuaranteeReport>;
  /** The samples that change sides, by their ids: those that would be called first. */
  changed(output: string, threshold: number): Promise<readonly string[]>;
}
