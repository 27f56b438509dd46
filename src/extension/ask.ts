/** Lists to choose from: what stands in them is shown as it stands, icons are ours alone. */
import * as vscode from 'vscode';
import { plain } from './plain';

/** An item; `icon` is the name of one of VS Code's, put before the label. */
export type PickItem = vscode.QuickPickItem & { readonly icon?: string };

export interface PickOptions {
  readonly title: string;
  readonly placeholder?: string;
  readonly matchOnDescription?: boolean;
}

/** A list to take one from; undefined when the person turned away. */
export async function pickOne<T extends PickItem>(
  items: readonly T[],
  options: PickOptions,
): Promise<T | undefined> {
  const shown = items.map((item) => ({ ...plainItem(item), item }));
  return (await vscode.window.showQuickPick(shown, plainOptions(options)))?.item;
}

/** A list to take several from; undefined when the person turned away. */
export async function pickMany<T extends PickItem>(
  items: readonly T[],
  options: PickOptions,
): Promise<T[] | undefined> {
  const shown = items.map((item) => ({ ...plainItem(item), item }));
  const picked = await vscode.window.showQuickPick(shown, { ...plainOptions(options), canPickMany: true });
  return picked?.map(({ item }) => item);
}

/**
 * A line of text; undefined when the person turned away.
 * @param refuse why a text is not taken, or undefined
 */
export async function askText(
  options: {
    readonly title: string;
    readonly prompt: string;
    readonly placeholder: string;
    readonly value?: string;
  },
  refuse: (text: string) => string | undefined,
): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: plain(options.title),
    prompt: plain(options.prompt),
    placeHolder: plain(options.placeholder),
    ...(options.value === undefined ? {} : { value: plain(options.value) }),
    validateInput: (text) => {
      const why = refuse(text);
      return why === undefined ? undefined : plain(why);
    },
  });
}

/** A list with buttons of its own; its items come from `plainItem`. */
export function makePick<T extends PickItem>(options: PickOptions): vscode.QuickPick<T> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = plain(options.title);
  pick.placeholder = plain(options.placeholder ?? '');
  pick.matchOnDescription = options.matchOnDescription === true;
  return pick;
}

/** The item as a list shows it. */
export function plainItem<T extends PickItem>(item: T): T {
  const { icon, label, description, detail } = item;
  return {
    ...item,
    label: `${icon === undefined ? '' : `$(${icon}) `}${plain(label)}`,
    ...(description === undefined ? {} : { description: plain(description) }),
    ...(detail === undefined ? {} : { detail: plain(detail) }),
  };
}

function plainOptions({ title, placeholder, matchOnDescription }: PickOptions): vscode.QuickPickOptions {
  return {
    title: plain(title),
    ...(placeholder === undefined ? {} : { placeHolder: plain(placeholder) }),
    ...(matchOnDescription === undefined ? {} : { matchOnDescription }),
  };
}
