/** The pages: each a folder of `webview-ui/`, shown in editor tabs that a reload of the window opens again. */

export interface PageRow {
  /** The folder in `webview-ui/`, and the view type without `overread.`. */
  readonly name: string;
}

export const pageRows = [{ name: 'grid' }, { name: 'comparison' }] as const satisfies readonly PageRow[];
