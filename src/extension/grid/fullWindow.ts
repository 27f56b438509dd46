/** All of the window for the review: side bars, panel and other editors make room, and come back as they were. */
import * as vscode from 'vscode';
import { windowPartNames, windowParts, type WindowPart } from '../manifest/windowParts';

const run = (command: string, ...args: readonly unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);

export class FullWindow {
  /** What was hidden, as long as it is. */
  private hidden: { readonly parts: ReadonlySet<WindowPart>; readonly layout: unknown } | undefined;
  /** Room is being made: what is on show is not known before it is done. */
  private filling: Promise<void> | undefined;

  /**
   * Makes room, or gives it back; makes room again where a part was opened meanwhile.
   * @param shown the parts that are on show; default, where nobody knows: the side bar, from which the review was opened
   * @returns whether the active editor was given the keys
   */
  async toggle(shown?: readonly WindowPart[]): Promise<boolean> {
    // Asked again before all parts have gone, which nobody has opened meanwhile then.
    const isFull = this.filling !== undefined || (this.hidden !== undefined && (shown ?? []).length === 0);
    if (isFull) return this.restore();
    this.filling = this.fill(shown ?? ['sideBar']);
    try {
      await this.filling;
    } finally {
      this.filling = undefined;
    }
    return true;
  }

  /**
   * Gives the room back; nothing where it was not taken. Parts that were opened meanwhile stay.
   * @returns whether the active editor was given the keys
   */
  async restore(): Promise<boolean> {
    await this.filling;
    const { hidden } = this;
    if (!hidden) return false;
    this.hidden = undefined;
    // Groups that were opened or closed meanwhile are somebody's own arrangement.
    if (groups() > 1 && groups() === groupsIn(hidden.layout))
      await run('vscode.setEditorLayout', hidden.layout);
    for (const part of windowPartNames) if (hidden.parts.has(part)) await run(windowParts[part].show);
    await run('workbench.action.focusActiveEditorGroup');
    return true;
  }

  private async fill(shown: readonly WindowPart[]): Promise<void> {
    const before = this.hidden;
    const layout = before?.layout ?? (groups() > 1 ? await run('vscode.getEditorLayout') : undefined);
    this.hidden = { parts: new Set([...(before?.parts ?? []), ...shown]), layout };
    // It hides both side bars too.
    if (groups() > 1) await run('workbench.action.maximizeEditorHideSidebar');
    for (const part of windowPartNames) await run(windowParts[part].hide);
    await run('workbench.action.focusActiveEditorGroup');
  }
}

const groups = (): number => vscode.window.tabGroups.all.length;

/** How many groups of editors a layout of `vscode.getEditorLayout` has. */
function groupsIn(layout: unknown): number {
  if (typeof layout !== 'object' || layout === null || !('groups' in layout))
    return layout === undefined ? 0 : 1;
  return Array.isArray(layout.groups)
    ? layout.groups.reduce((sum: number, one) => sum + groupsIn(one), 0)
    : 1;
}
