/** A project that is to be made, in an editor tab: what was understood of the data, to be checked and overruled. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import {
  checkedNewProjectMethods,
  fileChoices,
  newProjectChoices,
  type NewProjectChoice,
  type NewProjectChoices,
  type NewProjectMethods,
  type NewProjectSource,
  type NewProjectView,
} from '../../protocol/newProjectApi';
import { reportOf } from '../failures';
import { CliError, runCli } from '../nodeProgram';
import type { OpenPage } from '../pages/openPages';
import { openTab, PagePanel, type PageServices } from '../pages/pagePanel';

export interface NewProjectOptions extends PageServices {
  readonly extensionPath: string;
  /** Where examples are drawn that a page cannot show. */
  readonly pictureFolder: string;
  /** Absolute: the folder of the project. */
  readonly root: string;
  readonly source: NewProjectSource;
  readonly chosen?: NewProjectChoices;
  /** The project is there. */
  readonly onMade: (root: string) => Promise<void>;
}

type Understood = NonNullable<NewProjectView['understood']> & {
  readonly examples: readonly { readonly label: string; readonly files: readonly string[] }[];
};

export class NewProjectPanel implements OpenPage {
  private readonly page: PagePanel<NewProjectMethods, object>;
  private chosen: NewProjectChoices;
  /** Ends what is understood for choices that were changed meanwhile. */
  private underWay = new AbortController();

  /** @param panel the tab that the editor has kept; default: a new one */
  constructor(
    private readonly options: NewProjectOptions,
    panel?: vscode.WebviewPanel,
  ) {
    const { root, source, log, extensionUri } = options;
    this.chosen = options.chosen ?? {};
    const title = vscode.l10n.t('New Project: {0}', path.basename(root));
    this.page = new PagePanel<NewProjectMethods, object>(panel ?? openTab('newProject', title), {
      ...{ page: 'newProject', title, log, extensionUri },
      methods: checkedNewProjectMethods(this.handlers()),
      // Images are looked for below these.
      imageFolders: () => [
        vscode.Uri.file(source.kind === 'csv' ? path.dirname(source.path) : source.path),
        vscode.Uri.file(root),
        vscode.Uri.file(options.pictureFolder),
      ],
    });
    this.page.render();
  }

  get root(): string {
    return this.options.root;
  }

  onDidDispose(listener: () => void): void {
    this.page.onDidDispose(listener);
  }

  show(): void {
    this.page.panel.reveal();
  }

  dispose(): void {
    this.underWay.abort();
    this.page.dispose();
  }

  private handlers(): NewProjectMethods {
    return {
      ready: () => this.understand(),
      choose: (choice, value) => this.understand(choice, value),
      guess: (choice) => this.understand(choice),
      make: async () => {
        const { root, extensionPath, onMade, log } = this.options;
        const made = await runCli(extensionPath, ['init', root, ...this.args(), '--yes']);
        log.info(`Project made: ${JSON.stringify((made as { files?: unknown }).files)}`);
        this.page.panel.dispose();
        await onMade(root);
      },
      cancel: () => {
        this.page.panel.dispose();
        return Promise.resolve();
      },
      log: (message) => {
        this.options.log.warn(`[new project page] ${message}`);
        return Promise.resolve();
      },
    };
  }

  /** @param value undefined: what is guessed */
  private async understand(choice?: NewProjectChoice, value?: string | null): Promise<NewProjectView> {
    if (choice !== undefined) {
      const { [choice]: _, ...others } = this.chosen;
      this.chosen = value === undefined ? others : { ...others, [choice]: value };
    }
    this.underWay.abort();
    this.underWay = new AbortController();
    const { root, source, extensionPath, pictureFolder } = this.options;
    const view = { root, source, chosen: this.chosen };
    try {
      const { examples, ...understood } = (await runCli(
        extensionPath,
        ['init', root, ...this.args(), '--plan', '--thumbnails', pictureFolder],
        { signal: this.underWay.signal },
      )) as Understood;
      const { webview } = this.page.panel;
      const shown = examples.map(({ label, files }) => ({
        label,
        uris: files.map((file) => webview.asWebviewUri(vscode.Uri.file(file)).toString()),
      }));
      return { ...view, understood, examples: shown, fault: null };
    } catch (error) {
      const fault = error instanceof CliError ? error.report : reportOf(error);
      return { ...view, understood: null, examples: [], fault };
    }
  }

  private args(): string[] {
    const { kind, path: from, labels } = this.options.source;
    const choices = newProjectChoices.flatMap((name) => {
      const value = this.chosen[name];
      if (value === undefined) return [];
      if (value === null) return [`--no-${name}`];
      const isFile = fileChoices.includes(name);
      return [`--${name}=${isFile ? path.join(path.dirname(from), value) : value}`];
    });
    return [`--${kind}`, from, ...(labels === undefined ? [] : ['--labels', labels]), ...choices];
  }
}
