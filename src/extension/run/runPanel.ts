/** One run in an editor tab. */
import * as vscode from 'vscode';
import type { ItemQuery } from '../../protocol/engineApi';
import { checkedRunPageMethods, type RunPageMethods, type RunPageStart } from '../../protocol/runPageApi';
import { RemoteError } from '../../protocol/rpc';
import { commands } from '../contributions';
import type { EngineClient } from '../engine/engineClient';
import { openTab, PagePanel, type PageServices } from '../pages/pagePanel';
import { ProjectPanel } from '../pages/projectPanel';
import { editConfigFile } from '../projects/editConfigFile';
import type { Project } from '../projects/project';
import { samplesQuery } from '../queries';

export interface RunPanelOptions extends PageServices {
  readonly project: Project;
  /** The run's whole name. */
  readonly run: string;
  readonly engine: EngineClient;
  readonly openGrid: (project: Project, query: ItemQuery) => void;
}

export class RunPanel extends ProjectPanel<RunPageMethods> {
  protected readonly page: PagePanel<RunPageMethods, object>;
  /** The run was measured on all parts as one, when the look at the test part was counted. */
  private isWhole = false;

  /** @param panel the tab that the editor has kept; default: a new one */
  constructor(
    private readonly options: RunPanelOptions,
    panel?: vscode.WebviewPanel,
  ) {
    super(options.project);
    const { run, log, extensionUri } = options;
    const title = vscode.l10n.t('Run: {0}', runTitle(run));
    this.page = new PagePanel<RunPageMethods, object>(panel ?? openTab('run', title), {
      ...{ page: 'run', title, log, extensionUri },
      methods: checkedRunPageMethods(this.handlers()),
    });
    this.page.render();
  }

  get run(): string {
    return this.options.run;
  }

  private handlers(): RunPageMethods {
    const { project, run, engine, log } = this.options;
    const { root } = project;
    return {
      ready: (test) => this.start(test),
      bands: (test) => engine.call('runBands', root, run, test),
      thresholds: (output, test) => engine.call('runThresholds', root, run, test, output),
      tryTarget: (output, target, test) => engine.call('tryTarget', root, run, test, output, target),
      showChanged: (output, threshold, test) => this.showChanged(output, threshold, test),
      keepTarget: async (output, target) => {
        this.refuseUntrusted();
        const { saved } = await editConfigFile(project.configFile, (text) =>
          engine.call('keepTarget', text, output, target),
        );
        return sayKept(output, target !== null, saved);
      },
      guarantee: async (asked) => {
        this.refuseUntrusted();
        const report = await engine.call('guarantee', root, run, asked);
        await project.refresh('dataset');
        return report;
      },
      report: async () => {
        await vscode.commands.executeCommand(commands.report, { root, run });
      },
      log: (message) => {
        log.warn(`[run page] ${message}`);
        return Promise.resolve();
      },
    };
  }

  private async start(test: boolean): Promise<RunPageStart> {
    const { project, run, engine } = this.options;
    if (test) this.refuseUntrusted();
    const analysis = await engine.call('analyseRun', project.root, run, test);
    this.isWhole = analysis.parts.some(({ part }) => part === 'all');
    // The map and the grid may have looked at the test part since: the page counts as the files do.
    await project.load();
    await project.refresh('dataset');
    const record = project.runs.find((one) => one.record.run === run)?.record;
    const weights = record?.network?.weights;
    return {
      root: project.root,
      project: project.name,
      analysis,
      weights: weights
        ? {
            name: [weights.name, ...(weights.precision === undefined ? [] : [weights.precision])].join(', '),
            random: weights.source === 'random',
          }
        : null,
      created: record?.created ?? '',
      whyNoGuarantee: await engine.call('whyNoGuarantee', project.root, run, test),
      testLooks: project.summary?.testLooks ?? null,
      trusted: vscode.workspace.isTrusted,
      language: vscode.env.language,
    };
  }

  private async showChanged(output: string, threshold: number, test: boolean): Promise<string> {
    const { t } = vscode.l10n;
    const { project, run, engine, openGrid } = this.options;
    const summary = await this.summary();
    if (summary.blind) return t('While you read blind, what models say is not shown.');
    const samples = await engine.call('changedSides', project.root, run, test, output, threshold);
    if (samples.length === 0) return t('No image changes side.');
    // Without a look at the test part that nobody asked for: a list of every part counts as one.
    const splits = test || this.isWhole ? [] : (['train', 'validation'] as const);
    openGrid(project, { ...samplesQuery(summary, samples), splits });
    return t('{0} images are in the review grid.', String(samples.length));
  }

  private refuseUntrusted(): void {
    if (vscode.workspace.isTrusted) return;
    throw new RemoteError({
      code: 'OVR005',
      message: vscode.l10n.t('Nothing is written in a workspace that is not trusted'),
    });
  }
}

function sayKept(output: string, isKept: boolean, isSaved: boolean): string {
  const { t } = vscode.l10n;
  if (isKept) {
    return isSaved
      ? t('operating_points in overread.yaml: {0}', output)
      : t('operating_points in overread.yaml, not saved yet: {0}', output);
  }
  return isSaved
    ? t('{0} has no target in overread.yaml any more', output)
    : t('{0} has no target in overread.yaml any more, not saved yet', output);
}

/** A folder is `<UTC time without colons>-<name>`: its name, and when. */
function runTitle(run: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d+(?:\.\d+)?Z-(.+)$/.exec(run)?.[1] ?? run;
}
