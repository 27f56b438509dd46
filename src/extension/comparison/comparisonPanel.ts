/** One comparison in an editor tab: the panel, its page and the RPC between page and host. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { checkedComparisonMethods, type ComparisonMethods } from '../../protocol/comparisonApi';
import { Rpc } from '../../protocol/rpc';
import { commands, viewTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { reportOf } from '../failures';
import type { Project } from '../projects/project';
import { renderPage } from '../renderPage';
import { plain } from '../plain';

export interface ComparisonPanelOptions {
  readonly project: Project;
  /** The folder's name. */
  readonly comparison: string;
  readonly engine: EngineClient;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
}

export class ComparisonPanel implements Disposable {
  private readonly store = new DisposableStore();
  private readonly rpc: Rpc<ComparisonMethods, object, object, object>;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly options: ComparisonPanelOptions,
  ) {
    const { webview } = panel;
    const { log, extensionUri } = options;
    webview.options = webviewOptions(extensionUri);
    panel.title = plain(vscode.l10n.t('Comparison: {0}', plainName(options.comparison)));
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'tab-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'tab-dark.svg'),
    };
    this.rpc = new Rpc<ComparisonMethods, object, object, object>(
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
        methods: checkedComparisonMethods(this.handlers()),
        describeError: (error) => reportOf(error),
        onUnknown: (what) => {
          log.warn(`[comparison] unknown ${what}`);
        },
      },
    );
    this.store.add(
      webview.onDidReceiveMessage((message: unknown) => {
        this.rpc.receive(message);
      }),
    );
    webview.html = renderPage(webview, extensionUri, {
      bundle: 'webview-comparison',
      language: vscode.env.language,
    });
  }

  get project(): Project {
    return this.options.project;
  }

  get comparison(): string {
    return this.options.comparison;
  }

  onDidDispose(listener: () => void): void {
    this.store.add(this.panel.onDidDispose(listener));
  }

  show(): void {
    this.panel.reveal();
  }

  dispose(): void {
    this.rpc.close({ code: 'OVR004', message: 'The comparison was closed' });
    // The panel first: whoever keeps it hears of its end, which leads here once more.
    this.panel.dispose();
    this.store.dispose();
  }

  private handlers(): ComparisonMethods {
    const { project, comparison, engine, log } = this.options;
    const { root } = project;
    return {
      ready: async () => ({
        root,
        comparison: await engine.call('comparison', root, comparison),
        language: vscode.env.language,
      }),
      reveal: async () => {
        await vscode.commands.executeCommand(commands.revealComparison, { root, comparison });
      },
      openTable: async () => {
        const table = vscode.Uri.file(path.join(root, 'comparisons', comparison, 'compare.md'));
        await vscode.commands.executeCommand('vscode.open', table);
      },
      log: (message) => {
        log.warn(`[comparison page] ${message}`);
        return Promise.resolve();
      },
    };
  }
}

/** Opens a new panel in the active group. */
export function createComparisonPanel(options: ComparisonPanelOptions): ComparisonPanel {
  const panel = vscode.window.createWebviewPanel(
    viewTypes.comparison,
    plain(plainName(options.comparison)),
    vscode.ViewColumn.Active,
    webviewOptions(options.extensionUri),
  );
  return new ComparisonPanel(panel, options);
}

/** A folder is `<UTC time without colons>-<name>`: its name. */
export function plainName(comparison: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d+(?:\.\d+)?Z-(.+)$/.exec(comparison)?.[1] ?? comparison;
}

function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
}
