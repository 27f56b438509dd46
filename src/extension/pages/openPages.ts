/** The open tabs of one kind of page: each shows something of its own, and is found again after a reload. */
import * as vscode from 'vscode';
import { viewTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { PageName } from '../manifest/pageRows';

export interface OpenPage extends Disposable {
  onDidDispose(listener: () => void): void;
}

export interface PageKind<Page extends OpenPage> {
  readonly page: PageName;
  /**
   * The page for a tab that the editor has kept, by what the page saved of itself; undefined where that shows
   * nothing (any more): the tab is closed.
   */
  readonly restore: (panel: vscode.WebviewPanel, state: unknown) => Promise<Page | undefined>;
  /** A page was closed, and is no longer among the open ones. */
  readonly onClosed?: () => void;
}

export class OpenPages<Page extends OpenPage> implements Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly pages = new Set<Page>();

  constructor(private readonly kind: PageKind<Page>) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(viewTypes[kind.page], this));
  }

  /** A tab that was open before the window was loaded again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const page = await this.kind.restore(panel, state);
    if (page) this.keep(page);
    else panel.dispose();
  }

  /** A copy: pages may close while it is walked through. */
  get all(): readonly Page[] {
    return [...this.pages];
  }

  keep(page: Page): Page {
    this.pages.add(page);
    page.onDidDispose(() => {
      this.pages.delete(page);
      page.dispose();
      this.kind.onClosed?.();
    });
    return page;
  }

  dispose(): void {
    for (const page of this.all) page.dispose();
    this.store.dispose();
  }
}
