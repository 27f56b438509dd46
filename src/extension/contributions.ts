/**
 * The ids that the code and `package.json` share, by name: the tables of `manifest/`, from which `package.json` is
 * made, and the few words beside them. Nothing here imports `vscode`.
 */
import { commandRows, type CommandName } from './manifest/commandRows';
import { gridCommandRows, type GridCommandName } from './manifest/gridCommandRows';
import { pageRows } from './manifest/pageRows';
import { viewRows } from './manifest/viewRows';

export type { Settings } from './manifest/settingRows';

/** `{ finetune: 'overread.finetune', … }` of a table. */
function idsOf<Prefix extends string, Name extends string>(
  prefix: Prefix,
  rows: readonly { readonly name: Name }[],
): { readonly [N in Name]: `${Prefix}.${N}` } {
  return Object.fromEntries(rows.map(({ name }) => [name, `${prefix}.${name}`])) as {
    readonly [N in Name]: `${Prefix}.${N}`;
  };
}

/** Commands of the palette, the views and the editors, by name. */
export const commands = idsOf('overread', commandRows);
export type CommandId = (typeof commands)[CommandName];

/** Commands that the review grid carries out on its own selection, by name. */
export const gridCommands = idsOf('overread.grid', gridCommandRows);
export type GridCommandId = (typeof gridCommands)[GridCommandName];

/** The views of the activity bar. */
export const views = idsOf('overread', viewRows);

/** The pages in editor tabs. */
export const viewTypes = idsOf('overread', pageRows);

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

/** Values of `contextValue` in the trees. View types are words of `when` clauses too, so they must differ from these. */
export const treeItems = {
  run: 'overread.run',
  comparison: 'overread.comparisonNode',
  job: 'overread.jobNode',
} as const;

export const settingsSection = 'overread';
export const taskType = 'overread';
/** Owner of the faults of data in the Problems panel. */
export const dataDiagnostics = 'overread-data';
export const walkthrough = 'overread.start';
export const configFileName = 'overread.yaml';
export const extensionId = 'overread.overread';
