/**
 * What the extension host may ask of the engine, and what the engine tells unasked. Every call names its
 * project by the folder of its overread.yaml. Types only; both sides derive their RPC from these interfaces.
 */
import type { ListedTag } from '../core/dicom/model';
import type { ErrorReport, Problem, Progress } from '../core/base/report';
import type { Check, ItemFinding } from '../core/checks/model';
import type { StandingCheck } from '../core/checks/itemChecks';
import type { CohortReport } from '../core/cohorts/model';
import type { ShortcutReport } from '../core/cohorts/shortcuts/model';
import type { CorrectionReport } from '../core/corrections/model';
import type { MapColour, MapInParts, MapPositions } from '../core/featureMap/model';
import type { Finding, LabelValue, Split, Task } from '../core/dataset/model';
import type { NetworkDifferences } from '../core/comparisons/differences';
import type { ConfigFix, ConfigPlace, KeyOffers, SettingHelp } from '../core/config/model';
import type { GreyLevels } from '../core/images/model';
import type { JobSummary } from '../core/jobs/model';
import type { TrainingReport } from '../core/trainers/torch/trainingReport';
import type { Answer, LabelEvent, Reading, Role } from '../core/labels/model';
import type { Joined } from '../core/project/joinSamples';
import type { Heatmap } from '../core/heatmaps/model';
import type {
  ArchitectureCatalog,
  ArchitectureChoice,
  ArchitectureRow,
  BlockRow,
  ChosenConfig,
  Use,
} from '../core/catalog/model';
import type { Comparison, ComparisonSummary } from '../core/evaluation/comparison';
import type { FigureDifference, RunDifference } from '../core/evaluation/runDifference';
import type { RunRecord } from '../core/runs/model';
import type { ShownMetrics } from '../core/evaluation/model';
import type {
  ConfusionCounts,
  DatasetGroup,
  ItemKey,
  ItemQuery,
  ItemScore,
  LabelChange,
  QueueCounts,
  QueueInfo,
  RareFinding,
  ReviewItem,
  SortInfo,
} from '../core/review/model';

import type { OperatingTarget } from '../core/config/model';
import type { RunAnalysis } from '../core/evaluation/runAnalysis';
import type { GuaranteeAsked, GuaranteeReport, TriedThreshold } from './runPageApi';

export type {
  Answer,
  ArchitectureCatalog,
  ArchitectureChoice,
  ArchitectureRow,
  BlockRow,
  Check,
  ChosenConfig,
  ConfigFix,
  ConfigPlace,
  KeyOffers,
  SettingHelp,
  Comparison,
  ComparisonSummary,
  ConfusionCounts,
  DatasetGroup,
  ErrorReport,
  FigureDifference,
  Finding,
  Heatmap,
  ItemFinding,
  ItemKey,
  ItemQuery,
  ItemScore,
  JobSummary,
  Joined,
  LabelChange,
  LabelEvent,
  Reading,
  LabelValue,
  Problem,
  Progress,
  QueueCounts,
  QueueInfo,
  RareFinding,
  ReviewItem,
  Role,
  RunDifference,
  RunRecord,
  SortInfo,
  Split,
  StandingCheck,
  Task,
  Use,
};
export type { Estimate, Metrics } from '../core/evaluation/model';

/** A filter that is kept as a queue: text of a project, which is run only where it is trusted. */
export interface SavedQueue {
  readonly name: string;
  readonly where: string;
}

/** What the last check of the data was made of, and what became of that. */
export interface CheckState {
  /** When it was made, UTC; null: there was none. */
  readonly made: string | null;
  /** It decoded no image. */
  readonly quick: boolean;
  /** Table or split are others than they were: what it says of rows that are gone was dropped. */
  readonly isOfOtherTable: boolean;
  /** Labels changed since: what contradicts only now is not known. */
  readonly isOfOtherLabels: boolean;
  /** Findings that were dropped. */
  readonly gone: number;
}

/** What the last check found. Nothing of it while somebody reads blind. */
export interface CheckFindings {
  /** As far as it holds, the gravest kinds first, each at the row where its first sample is now; of many the first. */
  readonly findings: readonly StandingCheck[];
  /** How many there are in all that are no mere notes. */
  readonly grave: number;
  /** What `check.ignore` lets be. */
  readonly ignored: readonly Check[];
}

/** A sample beside what leaving it out, or answering it, would touch. */
export interface SampleFacts {
  readonly sample: string;
  readonly split: Split;
  readonly patient: string;
  /** The class that stands, or the findings that are present; empty for none. */
  readonly label: string;
  readonly excluded: boolean;
  /** Every sample that an edit acts on: itself, or all of its study. */
  readonly touches: readonly string[];
}

export interface ProjectSummary {
  readonly root: string;
  readonly name: string;
  readonly task: Task;
  readonly findings: readonly Finding[];
  /** Per finding: the values that the number keys give, in order. */
  readonly valuesByKey: readonly (readonly string[])[];
  readonly samples: number;
  readonly metadataColumns: readonly string[];
  readonly groups: readonly DatasetGroup[];
  /** What there is to review, in the order in which it is listed. The first is what a reviewer comes for. */
  readonly queueInfos: readonly QueueInfo[];
  /** Queues of the project's own (`review.queues`), each a filter; none while the reading is blind. */
  readonly savedQueues: readonly SavedQueue[];
  /** The orders that a list may have. */
  readonly sortInfos: readonly SortInfo[];
  /** Findings that are too rare to judge: what contradicts their labels is no error. Empty where it is hidden. */
  readonly rare: readonly RareFinding[];
  /** Review items of each queue in the parts that are reviewed. */
  readonly queues: QueueCounts;
  /** `review.splits` of the project: the parts shown unless a query asks otherwise. */
  readonly reviewedSplits: readonly Split[];
  /** The run that is shown: the newest that the project trained, or the one that was chosen. */
  readonly latestRun: string | null;
  /** The run that it is compared with: the one before it, or one that was chosen. null: none, or hidden. */
  readonly comparedRun: string | null;
  /** Of the run that is shown; its figures mean little where they are random. null where its network is not known. */
  readonly weights: { readonly name: string; readonly random: boolean } | null;
  /** Review items, of every part, that were edited after the shown run was made; all edited ones without a run. null: hidden. */
  readonly editsSinceRun: number | null;
  /** Whether a refit follows every answer, and why not where it was asked for. */
  readonly live: { readonly on: boolean; readonly failure: string | null };
  readonly suspects: SuspectsState;
  /** Items leave the engine as their pictures until the reader has answered them. */
  readonly blind: boolean;
  /** `review.blind` of the project, which the person may have overruled. */
  readonly blindByProject: boolean;
  /** How often somebody looked at the test part; null where that cannot be read. */
  readonly testLooks: number | null;
  readonly annotator: string;
  readonly problems: readonly Problem[];
  /** Absolute folder, in the user's cache, that holds the thumbnails: the page may read there. */
  readonly thumbnails: string;
  /** null in a blind reading. */
  readonly checks: CheckState | null;
  /** Absolute file of the last check, in the user's cache, which the host watches. */
  readonly checksFile: string;
  /** Absolute paths of the table and of those that are joined to it, which the host watches. */
  readonly tables?: readonly string[];
}

/** How far suspected labels are known. */
export interface SuspectsState {
  /** They are being found, and will be others. */
  readonly busy: boolean;
  /** By the run's own predictions alone; false: as `overread suspects` finds them. null: not known yet, or there is no run. */
  readonly byRun: boolean | null;
  /** Why they stay those by the run; null otherwise. */
  readonly failure: string | null;
}

/** What changes in a project's summary with its labels. */
export interface LabelNews extends Pick<
  ProjectSummary,
  'groups' | 'rare' | 'queues' | 'editsSinceRun' | 'problems' | 'suspects' | 'checks'
> {
  /** Events were taken up that no answer, undo or redo of this window had told of. */
  readonly news: boolean;
}

/** What the person set in the editor; holds for every project of the engine until it is set again. */
export interface EngineSettings {
  /** Who edits; null: git's user name. */
  readonly annotator: string | null;
  /**
   * Whether the workspace is trusted. Until it is told so, the engine writes nothing into a project and starts no
   * program of the machine.
   */
  readonly trusted: boolean;
  /** Names of folders directly below a project that may be links (`runs`). From the machine, never from a project. */
  readonly linkedFolders: readonly string[];
}

export interface RunSummary {
  readonly record: RunRecord;
  /** Without the test part: what the editor never asks for does not reach it. */
  readonly metrics: ShownMetrics;
  readonly dir: string;
}

/** What images are gathered by. */
export type GatherBy = 'similar' | 'patient';

/** What a refit came to, beside the run before it, by the labels as they are now. */
export interface RefitAnswer {
  readonly difference: RunDifference;
  /** The place of the shown run among all runs by their time, from 1. */
  readonly number: number;
  /** Whether the figures have their intervals. */
  readonly intervals: boolean;
  /** The network behind the shown run; null where the project knows none. */
  readonly network: {
    readonly weights: string;
    readonly random: boolean;
    /** What overread.yaml asks for, where that is another network; null where it is this one. */
    readonly configured: string | null;
  } | null;
  /** Images of which the shown run has no prediction, because they could not be read. */
  readonly skipped: number;
}

/** An entry of `check.ignore`. */
export interface IgnoredFinding {
  readonly code: string;
  /** Findings that name it; absent: all of the code. */
  readonly sample?: string;
  readonly reason: string;
}

/** A fault of overread.yaml with its place; lines and columns are 1-based, the end is exclusive. */
export interface ConfigDiagnostic {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** Changes that may be what was meant, the likeliest first. */
  readonly fixes: readonly ConfigFix[];
}

/** A list of items that was queried; it keeps its order while labels change under it. */
export interface ItemList {
  readonly list: string;
  /** Places of the list: items, or images where the query asks for these. */
  readonly total: number;
  /** Items that the query found, as the queue counts them. */
  readonly items: number;
  readonly confusion: ConfusionCounts;
}

/** An answer on items of a list that a page shows. What is written of it is the engine's to say. */
export interface AnswerRequest extends Answer {
  /** `all`: every item of the list. Keys of items that are gone are passed over. */
  readonly items: readonly ItemKey[] | 'all';
  /** With `all` of a list by image: the finding that is answered on every image. */
  readonly finding?: string;
  /** The list on show: its queue and the place of each item in it are kept beside the answer. */
  readonly list: string;
  readonly role?: Role;
}

/** How far an offer of labels is answered. */
export interface OfferProgress {
  readonly offer: string;
  readonly total: number;
  /** Labels of it that are still to be answered. */
  readonly open: number;
}

/** What an answer, undo or redo did. The label file was synced before this was sent. */
export interface EditOutcome {
  readonly batch: string;
  readonly op: 'edit' | 'undo' | 'redo';
  /** null where no item was touched that the table has. */
  readonly change: LabelChange | null;
  /** The new state of the items it touched; of thousands only those that were given to a page before. */
  readonly items: readonly ReviewItem[];
  readonly queues: QueueCounts;
  /** What the queues counted just before it: the difference is its own, whatever a live refit moved meanwhile. */
  readonly queuesBefore: QueueCounts;
  readonly editsSinceRun: number | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The offer that it touched. */
  readonly offer?: OfferProgress;
  /** Items that a page may have and that stand otherwise by it, though nobody answered them: of the same image, by the check. */
  readonly others?: readonly ReviewItem[];
}

export type { GreyLevels } from '../core/images/model';
export type { ListedTag };

/** Pixels for Read mode: one grey plane of 8 or 16 bit, or interleaved RGB of 8 bit. */
export interface DetailPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
  readonly data: ArrayBuffer;
  /** The height of a pixel over its width, where they differ. */
  readonly aspect?: number;
  /** Of grey: what its values mean, and the windows of the file, where it says so (DICOM). */
  readonly levels?: GreyLevels;
}

/** A DICOM file as a person reads it. */
export interface DicomTags {
  /** In the order of their numbers, those of sequences below their sequence. */
  readonly tags: readonly ListedTag[];
  /** False where there are more than are listed. */
  readonly whole: boolean;
  readonly frames: number;
  /** The frame that is shown where nobody names one, from 1. */
  readonly firstShown: number;
  /** The transfer syntax by name and UID. */
  readonly syntax: string;
  /** Why it has no image to show; null where it has one. */
  readonly whyNoPicture: string | null;
}

export interface ItemDetail {
  readonly item: ReviewItem;
  /** Its scores, for the facts. */
  readonly scores: readonly ItemScore[];
  /** Calibrated probability of each output, for the bars. */
  readonly probabilities: readonly { readonly name: string; readonly p: number }[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What everybody says of the item now, in the table or by an event. */
  readonly readings: readonly Reading[];
  /** Everyone's events on this sample, oldest first. */
  readonly history: readonly LabelEvent[];
  /** multi-label: all findings of the image, in the order of the project, each as it may be seen. */
  readonly findings?: readonly ReviewItem[];
}

/** A thumbnail file in the user's cache, or why there is none. */
export type Thumbnail =
  { readonly sample: string; readonly file: string } | { readonly sample: string; readonly error: string };

export interface EngineMethods {
  /**
   * Reads the project (again, where its files changed).
   * @param blind whether its reading is to be blind; null: as `review.blind` says; absent: as before
   */
  openProject(root: string, blind?: boolean | null): Promise<ProjectSummary>;
  /** Takes up what was appended to the labels; nothing else is read. `news`: whether that was anything. */
  followLabels(root: string): Promise<LabelNews>;
  /** Called once after the start and whenever a setting changes. */
  configure(settings: EngineSettings): Promise<void>;
  runs(root: string): Promise<readonly RunSummary[]>;
  deleteRun(root: string, run: string): Promise<void>;
  /** What the last check found. */
  findings(root: string): Promise<CheckFindings>;
  /** Facts of samples, in the order asked; unknown ones are left out. @throws OVR412 while somebody reads blind, as the three below */
  sampleFacts(root: string, samples: readonly string[]): Promise<readonly SampleFacts[]>;
  /** What it would do to treat samples as one patient; nothing is written. @throws OVR400, OVR001 */
  planTogether(root: string, samples: readonly string[]): Promise<Joined>;
  /** Treats samples as one patient, as `overread together` does. @throws as `planTogether`; OVR405, OVR406, OVR003, OVR005 */
  keepTogether(root: string, samples: readonly string[], reason: string): Promise<Joined>;
  /** Leaves whole samples out of training and figures: one batch of events. @throws OVR400, OVR405, OVR406 */
  excludeSamples(root: string, samples: readonly string[], reason: string): Promise<EditOutcome>;
  /** The text of an overread.yaml with one more entry of `check.ignore`; comments stay. Writes nothing. @throws OVR101, OVR102 */
  letFindingBe(text: string, entry: IgnoredFinding): Promise<string>;
  /** Where the run that is shown errs more than elsewhere. @throws OVR412 while somebody reads blind, as the five below */
  cohorts(root: string, part: Split): Promise<CohortReport>;
  shortcuts(root: string): Promise<ShortcutReport>;
  /** The labels now against the given ones. */
  corrections(root: string): Promise<CorrectionReport>;
  map(root: string): Promise<MapInParts>;
  /** Some colours of the map that was given last, from one on. @throws OVR803 another was given since */
  mapColours(root: string, map: string, from: number): Promise<readonly MapColour[]>;
  umap(root: string): Promise<MapPositions>;
  /** Finished comparisons, newest first. */
  comparisons(root: string): Promise<readonly ComparisonSummary[]>;
  /** @param comparison the folder's name */
  comparison(root: string, comparison: string): Promise<Comparison>;
  /** Images on which two networks of a comparison differ, by their indices in its models. */
  comparisonDifferences(
    root: string,
    comparison: string,
    first: number,
    second: number,
  ): Promise<NetworkDifferences>;
  deleteComparison(root: string, comparison: string): Promise<void>;
  /** Jobs, newest first: work that outlives its window. */
  jobs(root: string): Promise<readonly JobSummary[]>;
  /**
   * A job and the curves of its training, as far as they have got.
   * @param job the folder's name
   * @throws OVR807 there is no such job, or it is damaged
   */
  training(root: string, job: string): Promise<WatchedTraining>;
  /**
   * Samples to be looked at beside those of these items: `similar`, the images that look most like them; `patient`, all of
   * the same patients, in the order of time or name. A query of them is ordered by `gathered`.
   * @throws OVR412 in a blind reading; OVR800, OVR804 there are no features to tell by
   */
  gather(root: string, keys: readonly ItemKey[], by: GatherBy): Promise<readonly string[]>;
  /**
   * A run as its page shows it, read anew, without bands. Resampling and reading are done in a process of their own.
   * @param run its whole name @param test also the test part: the look is counted
   * @throws OVR800, OVR801, OVR804
   */
  analyseRun(root: string, run: string, test: boolean): Promise<RunAnalysis>;
  /** The same with bands, which take seconds. */
  runBands(root: string, run: string, test: boolean): Promise<RunAnalysis>;
  /** Thresholds of an output worth trying, falling. */
  runThresholds(root: string, run: string, test: boolean, output: string): Promise<readonly number[]>;
  /** What a target of an output comes to. */
  tryTarget(
    root: string,
    run: string,
    test: boolean,
    output: string,
    target: OperatingTarget,
  ): Promise<TriedThreshold>;
  /** The samples that a threshold puts on the other side; none in a blind reading. */
  changedSides(
    root: string,
    run: string,
    test: boolean,
    output: string,
    threshold: number,
  ): Promise<readonly string[]>;
  /**
   * The text of an overread.yaml with this target among `operating_points`, null: without one for the output; comments stay.
   * Writes nothing. @throws OVR101, OVR102
   */
  keepTarget(text: string, output: string, target: OperatingTarget | null): Promise<string>;
  /** Why no guarantee can be given on the test part of a run; null where one may be tried. @throws as `analyseRun` */
  whyNoGuarantee(root: string, run: string, test: boolean): Promise<string | null>;
  /** Tries to give a guarantee, once: the look at the test part is counted before. @throws OVR005, OVR003, as `analyseRun` */
  guarantee(root: string, run: string, asked: GuaranteeAsked): Promise<GuaranteeReport>;
  /** Fits again after every answer, or no more. Off in a blind reading, whatever was asked for. */
  setLive(root: string, live: boolean): Promise<ProjectSummary>;
  /**
   * Whether a fine-tuning is a matter of moments: of the last layer, on features that the shown run has brought into the
   * cache, of not too many images. Else it is work for a job.
   */
  mayFinetune(root: string, request: FinetuneRequest): Promise<boolean>;
  /**
   * Whether a Python with PyTorch is there that would train: looked up, not tried.
   * @param offered absolute paths of those that the editor offers, the best first
   */
  isTorchHere(offered: readonly string[]): Promise<boolean>;
  /** Makes the run that `overread finetune` makes, in a process that is warm. */
  finetune(root: string, request: FinetuneRequest): Promise<FinetuneEnd>;
  /** Ends the fine-tuning that is under way, if there is one; it answers `cancelled`. */
  cancelFinetune(root: string): Promise<void>;
  /**
   * The query's items as they are ordered now, behind the first of a list that was shown: those stay where they are.
   * @param keep how many of the list stay
   * @throws as `query`; OVR803 the list is gone
   */
  relist(root: string, query: ItemQuery, list: string, keep: number): Promise<ItemList>;
  /**
   * Compares the shown run with another, for the queues of what was fixed and broken. @param run null: with none
   * @throws OVR800, OVR801, OVR804
   */
  compareRun(root: string, run: string | null): Promise<ProjectSummary>;
  /**
   * What became of the project from the compared run to the shown one; null where none is compared, or it is hidden.
   * @param intervals with intervals, where that is a matter of a second
   */
  refitAnswer(root: string, intervals: boolean): Promise<RefitAnswer | null>;
  /** Ends a job, in order or after a grace by force. @param job the folder's name */
  cancelJob(root: string, job: string): Promise<JobSummary>;
  checkConfig(root: string, text: string): Promise<readonly ConfigDiagnostic[]>;
  /** Where the settings stand in a text of overread.yaml, even one that is being typed. */
  configPlaces(text: string): Promise<readonly ConfigPlace[]>;
  /** Keys that may be written where one is being typed, or null; line and column from 1. */
  configKeys(text: string, line: number, column: number): Promise<KeyOffers | null>;
  query(root: string, query: ItemQuery): Promise<ItemList>;
  /** Places of a list; of one by image the images, with the findings that it is about. */
  items(list: string, start: number, count: number): Promise<readonly ReviewItem[]>;
  /** The items of these keys as they stand now, in the order asked; unknown keys are left out. Keys of images give these. */
  itemsOf(root: string, keys: readonly ItemKey[]): Promise<readonly ReviewItem[]>;
  /** All keys of a list, for "select all"; at most 200,000. */
  keys(list: string): Promise<readonly ItemKey[]>;
  releaseList(list: string): Promise<void>;
  /** The items of a list, in the order shown, as CSV. @throws OVR803 */
  listCsv(list: string): Promise<string>;
  detail(root: string, key: ItemKey): Promise<ItemDetail>;
  pixels(root: string, sample: string): Promise<DetailPixels>;
  /**
   * The same of a file of no project. @param file absolute @param frame from 1; null: the one that the file shows first
   * @throws OVR300 to OVR306, OVR003 it cannot be read or shown
   */
  filePixels(file: string, frame: number | null): Promise<DetailPixels>;
  /** The elements of a DICOM file. @param file absolute @throws OVR301, OVR304, OVR003 */
  dicomTags(file: string): Promise<DicomTags>;
  /** Somebody is about to look: the process that reads images starts before it is asked for the first. */
  prepareThumbnails(root: string): Promise<void>;
  thumbnails(root: string, samples: readonly string[]): Promise<readonly Thumbnail[]>;
  /**
   * Where in these images the shown run sees evidence for an output. Images that cannot be read are left out.
   * The first call opens the network.
   */
  heatmaps(root: string, samples: readonly string[], output: string): Promise<readonly Heatmap[]>;
  /** What there is to choose from for `model.architecture`, and what this project's data suggest. */
  architectures(root: string): Promise<ArchitectureCatalog>;
  /** The text of an overread.yaml with this choice in it; comments stay. Writes nothing. */
  chooseArchitecture(text: string, choice: ArchitectureChoice): Promise<ChosenConfig>;
  /** The text of an overread.yaml with this filter among `review.queues`; comments stay. Writes nothing. @throws OVR101, OVR102 */
  saveQueue(text: string, queue: SavedQueue): Promise<string>;
  imagePath(root: string, sample: string): Promise<string>;
  /** The samples whose image lies at or below one of these absolute paths. */
  samplesAt(root: string, paths: readonly string[]): Promise<readonly string[]>;
  answer(root: string, request: AnswerRequest): Promise<EditOutcome>;
  undo(root: string): Promise<EditOutcome>;
  redo(root: string): Promise<EditOutcome>;
  version(): Promise<{ readonly pid: number; readonly versions: Readonly<Record<string, string>> }>;
}

/** What a fine-tuning of the last layer is asked; what is absent is the project's. */
export interface FinetuneRequest {
  readonly architecture?: string;
  readonly weights?: string;
  readonly device?: string;
  readonly folds?: number;
  readonly name?: string;
}

/** A job and where its training stands. */
export interface WatchedTraining {
  readonly job: JobSummary;
  readonly training: TrainingReport;
}

/** How a fine-tuning in the engine ended. `left`: nothing was done, it is work for a job. */
export type FinetuneEnd =
  | { readonly ended: 'done'; readonly run: string; readonly problems: readonly Problem[] }
  | { readonly ended: 'failed'; readonly error: ErrorReport }
  | { readonly ended: 'cancelled' | 'left' };

export interface EngineEvents {
  /** A fine-tuning in the engine goes on. `line` is for whoever reads along; from `ranked` on the run is on disk. */
  finetuning: { readonly root: string; readonly line: string; readonly ranked: boolean };
  /** Labels, runs or the configuration changed on disk or by an edit; views refresh. */
  changed: { readonly root: string; readonly what: readonly ('labels' | 'runs' | 'dataset')[] };
  /** What is suspected of labels is another, or is being found: counts, and the order of what was not seen. */
  suspected: { readonly root: string };
  /** A live refit came to an end: what the model says, and the order of what was not seen, may be another. */
  refitted: { readonly root: string; readonly fit_ms: number; readonly all_ms: number };
  log: { readonly level: 'info' | 'warn' | 'error'; readonly message: string };
}
