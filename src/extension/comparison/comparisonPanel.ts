/** One comparison in an editor tab. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { checkedComparisonMethods, type ComparisonMethods } from '../../protocol/comparisonApi';
import type { ItemQuery } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import { applyChoice, saidOf } from '../architectures/applyChoice';
import { commands } from '../contributions';
import type { EngineClient } from '../engine/engineClient';
import { openTab, PagePanel, type PageServices } from '../pages/pagePanel';
import { ProjectPanel } from '../pages/projectPanel';
import type { Project } from '../projects/project';
import { samplesQuery } from '../queries';

export interface ComparisonPanelOptions extends PageServices {
  readonly project: Project;
  /** The folder's name. */
  readonly comparison: string;
  readonly engine: EngineClient;
  readonly openGrid: (project: Project, query: ItemQuery) => void;
}

export class ComparisonPanel extends ProjectPanel<ComparisonMethods> {
  protected readonly page: PagePanel<ComparisonMethods, object>;

  /** @param panel the tab that the editor has kept; default: a new one */
  constructor(
    private readonly options: ComparisonPanelOptions,
    panel?: vscode.WebviewPanel,
  ) {
    super(options.project);
    const { comparison, log, extensionUri } = options;
    const title = vscode.l10n.t('Comparison: {0}', plainName(comparison));
    this.page = new PagePanel<ComparisonMethods, object>(panel ?? openTab('comparison', title), {
      ...{ page: 'comparison', title, log, extensionUri },
      methods: checkedComparisonMethods(this.handlers()),
    });
    this.page.render();
  }

  get comparison(): string {
    return this.options.comparison;
  }

  private async showDifferences(first: number, second: number): Promise<string> {
    const { t } = vscode.l10n;
    const { project, comparison, engine, openGrid } = this.options;
    const { samples, compared } = await engine.call(
      'comparisonDifferences',
      project.root,
      comparison,
      first,
      second,
    );
    const summary = await this.summary();
    if (summary.blind) return t('While you read blind, what networks say is not shown.');
    if (samples.length === 0) return t('They say the same of all {0} images.', String(compared));
    openGrid(project, samplesQuery(summary, samples));
    return t('{0} of {1} images are in the review grid.', String(samples.length), String(compared));
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
      use: async (model) => {
        const { models } = await engine.call('comparison', root, comparison);
        const { architecture = null, truncate = null } = models[model] ?? {};
        if (architecture === null) {
          throw new RemoteError({
            code: 'OVR800',
            message: vscode.l10n.t('This network has no name that overread.yaml could hold'),
          });
        }
        return saidOf(await applyChoice(engine, project.configFile, { architecture, truncate }));
      },
      showDifferences: (first, second) => this.showDifferences(first, second),
      log: (message) => {
        log.warn(`[comparison page] ${message}`);
        return Promise.resolve();
      },
    };
  }
}

/** A folder is `<UTC time without colons>-<name>`: its name. */
export function plainName(comparison: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d+(?:\.\d+)?Z-(.+)$/.exec(comparison)?.[1] ?? comparison;
}
