/**
 * What the extension says and asks: messages, progress, lists. The one door to them, because VS Code reads links that
 * run commands out of every such text, and texts hold names from data. What goes through here is shown as it stands.
 */
import * as vscode from 'vscode';
import { plain } from './plain';

type Tell = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

export const say = {
  /** A message; gives the button that was pressed. */
  info: ((message, ...buttons) => vscode.window.showInformationMessage(plain(message), ...buttons)) as Tell,
  warn: ((message, ...buttons) => vscode.window.showWarningMessage(plain(message), ...buttons)) as Tell,
  error: ((message, ...buttons) => vscode.window.showErrorMessage(plain(message), ...buttons)) as Tell,

  /** Asks before something that cannot be taken back; true when the person agrees. */
  async confirm(question: string, detail: string, button: string): Promise<boolean> {
    const options = { modal: true, detail: plain(detail) };
    return (await vscode.window.showWarningMessage(plain(question), options, button)) === button;
  },

  /** A short word in the status bar. */
  status(text: string, ms: number): void {
    vscode.window.setStatusBarMessage(plain(text), ms);
  },

  /** Shows in the status bar that something is under way. */
  whileWorking<T>(title: string, work: () => Thenable<T>): Thenable<T> {
    const options = { location: vscode.ProgressLocation.Window, title: plain(title) };
    return vscode.window.withProgress(options, work);
  },

  /** Shows long work in a notification, with a button that aborts it. */
  whileCancellable<T>(
    title: string,
    work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
  ): Thenable<T> {
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress(
      { location, title: plain(title), cancellable: true },
      async (progress, token) => {
        const abort = new AbortController();
        const listener = token.onCancellationRequested(() => {
          abort.abort();
        });
        try {
          return await work(abort.signal, (message) => {
            progress.report({ message: plain(message) });
          });
        } finally {
          listener.dispose();
        }
      },
    );
  },
};
