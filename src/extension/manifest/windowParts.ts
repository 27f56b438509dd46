/**
 * The parts of the window around the editors. An extension cannot ask which are on show; a keybinding can, so that F is bound
 * once for each of their combinations and says which it was.
 */

export interface WindowPartRow {
  /** The editor's context key. */
  readonly shown: string;
  /** Commands of the editor that change nothing where it is so already. */
  readonly hide: string;
  readonly show: string;
}

export const windowParts = {
  sideBar: {
    shown: 'sideBarVisible',
    hide: 'workbench.action.closeSidebar',
    show: 'workbench.action.focusSideBar',
  },
  auxiliaryBar: {
    shown: 'auxiliaryBarVisible',
    hide: 'workbench.action.closeAuxiliaryBar',
    show: 'workbench.action.focusAuxiliaryBar',
  },
  panel: {
    shown: 'panelVisible',
    hide: 'workbench.action.closePanel',
    show: 'workbench.action.focusPanel',
  },
} as const satisfies Readonly<Record<string, WindowPartRow>>;

export type WindowPart = keyof typeof windowParts;

export const windowPartNames = Object.keys(windowParts) as readonly WindowPart[];

/** Every combination of parts with the `when` clause that holds while just these are on show. */
export function partsOnShow(): readonly { readonly shown: readonly WindowPart[]; readonly when: string }[] {
  return Array.from({ length: 2 ** windowPartNames.length }, (_, bits) => {
    const isShown = (part: WindowPart): boolean => (bits & (1 << windowPartNames.indexOf(part))) !== 0;
    return {
      shown: windowPartNames.filter(isShown),
      when: windowPartNames
        .map((part) => `${isShown(part) ? '' : '!'}${windowParts[part].shown}`)
        .join(' && '),
    };
  });
}

/** The parts in the arguments of a keybinding; undefined where somebody bound the command without. */
export function partsIn(args: unknown): readonly WindowPart[] | undefined {
  if (typeof args !== 'object' || args === null || !('shown' in args)) return undefined;
  const { shown } = args;
  return Array.isArray(shown) ? windowPartNames.filter((part) => shown.includes(part)) : undefined;
}
