/**
 * Every id that the manifest and the code share, once. test/extension/manifest.test.ts compares them with
 * package.json and package.nls.json both ways. Nothing here imports `vscode`.
 */

/** Commands of the palette, the views and the editors. */
export const commands = {
  newProjectFromFolder: 'overread.newProjectFromFolder',
  newProjectFromCsv: 'overread.newProjectFromCsv',
  createSampleProject: 'overread.createSampleProject',
  selectProject: 'overread.selectProject',
  openConfiguration: 'overread.openConfiguration',
  chooseArchitecture: 'overread.chooseArchitecture',
  truncateArchitecture: 'overread.truncateArchitecture',
  refresh: 'overread.refresh',
  finetune: 'overread.finetune',
  reviewErrors: 'overread.reviewErrors',
  reviewAll: 'overread.reviewAll',
  reviewInOverread: 'overread.reviewInOverread',
  openQuery: 'overread.openQuery',
  exportModel: 'overread.exportModel',
  exportLabels: 'overread.exportLabels',
  deleteRun: 'overread.deleteRun',
  revealRun: 'overread.revealRun',
  compare: 'overread.compare',
  openComparison: 'overread.openComparison',
  deleteComparison: 'overread.deleteComparison',
  revealComparison: 'overread.revealComparison',
  undoLabelEdit: 'overread.undoLabelEdit',
  redoLabelEdit: 'overread.redoLabelEdit',
  doctor: 'overread.doctor',
  restartEngine: 'overread.restartEngine',
  showLog: 'overread.showLog',
  showTerminal: 'overread.showTerminal',
  openWalkthrough: 'overread.openWalkthrough',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** Commands that the review grid carries out on its own selection. */
export const gridCommands = {
  label1: 'overread.grid.label1',
  label2: 'overread.grid.label2',
  label3: 'overread.grid.label3',
  label4: 'overread.grid.label4',
  label5: 'overread.grid.label5',
  label6: 'overread.grid.label6',
  label7: 'overread.grid.label7',
  label8: 'overread.grid.label8',
  label9: 'overread.grid.label9',
  accept: 'overread.grid.accept',
  keep: 'overread.grid.keep',
  uncertain: 'overread.grid.uncertain',
  exclude: 'overread.grid.exclude',
  include: 'overread.grid.include',
  pickLabel: 'overread.grid.pickLabel',
  undo: 'overread.grid.undo',
  redo: 'overread.grid.redo',
  selectAll: 'overread.grid.selectAll',
  toggleBlind: 'overread.grid.toggleBlind',
  toggleDetail: 'overread.grid.toggleDetail',
  toggleHeatmap: 'overread.grid.toggleHeatmap',
  toggleTileHeatmaps: 'overread.grid.toggleTileHeatmaps',
  focusFilter: 'overread.grid.focusFilter',
  next: 'overread.grid.next',
  previous: 'overread.grid.previous',
  reveal: 'overread.grid.reveal',
  openImage: 'overread.grid.openImage',
  copyPath: 'overread.grid.copyPath',
} as const;
export type GridCommandId = (typeof gridCommands)[keyof typeof gridCommands];

/**
 * The activity-bar container and its views. The manifest is held against it.
 * @public
 */
export const viewContainer = 'overread';
export const views = {
  dataset: 'overread.dataset',
  queues: 'overread.queues',
  runs: 'overread.runs',
} as const;

/** Webview panels. */
export const viewTypes = { grid: 'overread.grid', comparison: 'overread.comparison' } as const;

/** Context keys that `when` clauses test; each with its meaning. */
export const contextKeys = {
  /** `searching` until the workspace was looked through, then `none` or `some`. */
  projects: 'overread.projects',
  /** The current project could be read. */
  projectReady: 'overread.projectReady',
  /** The current project has a finished run. */
  hasRun: 'overread.hasRun',
  /** Keys go to the tiles of the active review grid. */
  gridFocused: 'overread.gridFocused',
  /** A text field inside the grid has the focus: letters are text, not answers. */
  textFocused: 'overread.textFocused',
  /** How many tiles are selected in the active grid. */
  gridSelected: 'overread.gridSelected',
} as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

/** Values of `contextValue` in the trees. */
/** `comparisonNode`: view types and context values are words of `when` clauses, and must differ. */
export const treeItems = { run: 'overread.run', comparison: 'overread.comparisonNode' } as const;

/** Settings, without their common prefix, and the type of each value. */
export const settingsSection = 'overread';
export interface Settings {
  readonly annotator: string;
  readonly linkedFolders: readonly string[];
  readonly 'review.role': 'reader' | 'adjudicator';
  readonly 'review.tileSize': number;
  readonly 'review.blind': boolean;
  readonly architecture: string;
  readonly weights: string;
  readonly hints: boolean;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml';
}
/** The manifest is held against them. @public */
export const settingNames = [
  'annotator',
  'linkedFolders',
  'review.role',
  'review.tileSize',
  'review.blind',
  'architecture',
  'weights',
  'device',
  'hints',
] as const satisfies readonly (keyof Settings)[];

export const taskType = 'overread';
/** The manifest is held against it. @public */
export const problemMatcher = '$overread';
/** Owner of the faults of data in the Problems panel. */
export const dataDiagnostics = 'overread-data';
/** Owner of what the problem matcher finds in people's own tasks; ours need none. @public */
export const matchedDiagnostics = 'overread-task';
export const walkthrough = 'overread.start';
export const configFileName = 'overread.yaml';
export const extensionId = 'overread.overread';
