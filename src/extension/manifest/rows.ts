/** What a row of the manifest's tables says. */

/** What must be there for a command to do its work. Each unmet need has one sentence and one way out. */
export type Need = 'trust' | 'project' | 'run' | 'grid';

export interface CommandRow {
  /** The id without `overread.`. */
  readonly name: string;
  /** As the palette shows it, after "Overread: ". */
  readonly title: string;
  /** A product icon: `$(eye)`. */
  readonly icon?: string;
  readonly needs: readonly Need[];
  /** The `when` clause of the palette; `never`: other parts of the extension call it, nobody picks it. Default: always. */
  readonly palette?: string;
  readonly menus?: readonly MenuRow[];
  readonly keys?: readonly KeyRow[];
}

/** A place in a menu. */
export interface MenuRow {
  readonly in:
    | 'view/title'
    | 'view/item/context'
    | 'explorer/context'
    | 'editor/title'
    | 'webview/context'
    | `overread.${string}`;
  readonly when: string;
  readonly group: string;
}

export interface KeyRow {
  readonly key: string;
  readonly mac?: string;
  readonly when?: string;
  /** What the command is called with. */
  readonly args?: unknown;
}

/** The context of a workspace that holds a project. */
export const projectsHere = "overread.projects == 'some'";

export function icon(name: string): string {
  return `$(${name})`;
}

/** In the title of a view; `always`: also before there is a project. */
export function inView(view: string, group: string, shown: 'project' | 'always' = 'project'): MenuRow {
  const here = `view == overread.${view}`;
  return { in: 'view/title', when: shown === 'always' ? here : `${here} && ${projectsHere}`, group };
}

/** On a node of a view's tree, by its context value. */
export function onItem(view: string, item: string, group: string): MenuRow {
  return { in: 'view/item/context', when: `view == overread.${view} && viewItem == ${item}`, group };
}
