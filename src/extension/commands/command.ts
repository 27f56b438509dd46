/** What the editor is told of a command, and how arguments from trees, menus and notifications are read. */
import * as vscode from 'vscode';
import type { CommandId, GridCommandId } from '../contributions';
import type { CommandName } from '../manifest/commandRows';
import type { Need } from '../manifest/rows';
import type { Project } from '../projects/project';
import type { Services } from '../services';

/** What a command does. Arguments come from menus and from users' keybindings: each handler narrows its own. */
export type Handler = (services: Services, ...args: readonly unknown[]) => Promise<void> | void;

/** Some of the commands, by name. */
export type Handlers = { readonly [Name in CommandName]?: Handler };

export interface Command {
  readonly id: CommandId | GridCommandId;
  readonly needs: readonly Need[];
  readonly run: Handler;
}

/** The project a command was called for: its folder, something that names it, a file in it, or the current one. */
export function projectOf({ projects }: Services, arg: unknown): Project | undefined {
  if (typeof arg === 'string') return projects.get(arg);
  if (arg instanceof vscode.Uri) return projects.containing(arg.fsPath) ?? projects.current;
  if (typeof arg === 'object' && arg !== null && 'root' in arg && typeof arg.root === 'string') {
    return projects.get(arg.root);
  }
  return projects.current;
}

/** The run that a tree node or another command names, else undefined. */
export function runOf(arg: unknown): string | undefined {
  if (typeof arg !== 'object' || arg === null || !('run' in arg)) return undefined;
  return typeof arg.run === 'string' ? arg.run : undefined;
}
