/** A page in an editor tab: the panel, its HTML, and the RPC between page and host. */
import * as vscode from 'vscode';
import { Rpc } from '../../protocol/rpc';
import { viewTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import { reportOf } from '../failures';
import { pageRows, type PageName } from '../manifest/pageRows';
import { plain } from '../plain';
import { renderPage } from './renderPage';

/** What every page is made with. */
export interface PageServices {
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
}

export interface PageOptions<Methods extends object> extends PageServices {
  readonly page: PageName;
  /** The tab's title; it may hold names from data. */
  readonly title: string;
  /** What the page may call: parsed, never trusted. */
  readonly methods: Methods;
  /** Folders beside the extension's own whose images the page may show. Read at each rendering. */
  readonly imageFolders?: () => readonly vscode.Uri[];
}

/** A new tab in the active group, for `PagePanel`. */
export function openTab(page: PageName, title: string): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(viewTypes[page], plain(title), vscode.ViewColumn.Active);
}

export class PagePanel<Methods extends object, Events extends object> implements Disposable {
  readonly rpc: Rpc<Methods, object, Events, object>;
  private readonly store = new DisposableStore();

  /** @param panel a new tab, or one that the editor has kept over a reload */
  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly options: PageOptions<Methods>,
  ) {
    const { page, title, methods, log, extensionUri } = options;
    const { webview } = panel;
    this.title = title;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'tab-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'tab-dark.svg'),
    };
    this.rpc = new Rpc<Methods, object, Events, object>(
      {
        post: (message) => {
          // False when the panel is hidden or gone: the page asks again when it is shown.
          void webview.postMessage(message);
        },
        schedule: (ms, callback) => {
          const timer = setTimeout(callback, ms);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      {
        methods,
        describeError: (error) => reportOf(error),
        onUnknown: (what) => {
          log.warn(`[${page}] unknown ${what}`);
        },
      },
    );
    this.store.add(
      webview.onDidReceiveMessage((message: unknown) => {
        this.rpc.receive(message);
      }),
    );
  }

  set title(title: string) {
    this.panel.title = plain(title);
  }

  /** Loads the page, anew when it is there already. */
  render(): void {
    if (this.store.isDisposed) return;
    const { page, extensionUri, imageFolders } = this.options;
    const { webview } = this.panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [
        vscode.Uri.joinPath(extensionUri, 'dist'),
        vscode.Uri.joinPath(extensionUri, 'media'),
        ...(imageFolders?.() ?? []),
      ],
    };
    webview.html = renderPage(webview, extensionUri, rowOf(page));
  }

  /** Ends with the panel. */
  add(disposable: Disposable): void {
    this.store.add(disposable);
  }

  onDidDispose(listener: () => void): void {
    this.store.add(this.panel.onDidDispose(listener));
  }

  dispose(): void {
    this.rpc.close({ code: 'OVR004', message: rowOf(this.options.page).closed });
    // The panel first: whoever keeps it hears of its end, which leads here once more.
    this.panel.dispose();
    this.store.dispose();
  }
}

function rowOf(page: PageName): (typeof pageRows)[number] {
  const row = pageRows.find(({ name }) => name === page);
  if (!row) throw new Error(`There is no page ${page}`);
  return row;
}
