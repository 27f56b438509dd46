/** The cohorts of a project in an editor tab. */
import * as vscode from 'vscode';
import { checkedCohortsMethods, type CohortPart, type CohortsMethods } from '../../protocol/cohortsApi';
import { RemoteError } from '../../protocol/rpc';
import { openTab, PagePanel } from '../pages/pagePanel';
import { ProjectPanel } from '../pages/projectPanel';
import { saveQueue } from '../projects/saveQueue';
import { queueQuery, wholeQueue } from '../queries';
import type { ProjectPageOptions } from './projectPages';

export class CohortsPanel extends ProjectPanel<CohortsMethods> {
  protected readonly page: PagePanel<CohortsMethods, object>;

  constructor(
    private readonly options: ProjectPageOptions,
    panel?: vscode.WebviewPanel,
  ) {
    super(options.project);
    const { project, log, extensionUri } = options;
    const title = vscode.l10n.t('Cohorts: {0}', project.name);
    this.page = new PagePanel<CohortsMethods, object>(panel ?? openTab('cohorts', title), {
      ...{ page: 'cohorts', title, log, extensionUri },
      methods: checkedCohortsMethods(this.handlers()),
    });
    this.page.render();
  }

  private handlers(): CohortsMethods {
    const { project, engine, openGrid, log } = this.options;
    const { root, name } = project;
    return {
      ready: () => Promise.resolve({ root, name }),
      cohorts: (part) => engine.call('cohorts', root, part),
      shortcuts: () => engine.call('shortcuts', root),
      corrections: () => engine.call('corrections', root),
      show: async (where, part) => {
        refuseUntrusted();
        const summary = await this.summary();
        openGrid(project, { ...queueQuery(wholeQueue(summary), summary), splits: [part], where });
      },
      addToReview: async (where, part, proposed) => {
        refuseUntrusted();
        await this.summary();
        const name = await saveQueue(project, engine, inPart(where, part), proposed);
        // The keys go back to the button.
        this.show();
        return name;
      },
      log: (message) => {
        log.warn(`[cohorts page] ${message}`);
        return Promise.resolve();
      },
    };
  }
}

/** A saved queue has no part of its own. */
function inPart(where: string, part: CohortPart): string {
  return `split = '${part}' AND (${where})`;
}

/** Filters name columns of the project: run only where the workspace is trusted. */
function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new RemoteError({
    code: 'OVR005',
    message: vscode.l10n.t('This workspace is not trusted, so its filters are not run'),
    fix: vscode.l10n.t('Trust the workspace first'),
  });
}
