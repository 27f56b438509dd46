/** Pages of which each project has at most one: cohorts, the map. */
import type * as vscode from 'vscode';
import { parseProjectPageState } from '../../protocol/cohortsApi';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import type { PageName } from '../manifest/pageRows';
import { OpenPages, type OpenPage } from '../pages/openPages';
import type { PageServices } from '../pages/pagePanel';
import type { ItemQuery } from '../../protocol/engineApi';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';

/** What such a page is made with. */
export interface ProjectPageOptions extends PageServices {
  readonly project: Project;
  readonly engine: EngineClient;
  readonly openGrid: (project: Project, query: ItemQuery) => void;
}

export interface ProjectPage extends OpenPage {
  readonly project: Project;
  show(): void;
}

type Shared = Omit<ProjectPageOptions, 'project'> & { readonly projects: Projects };

export class ProjectPages<Page extends ProjectPage> implements Disposable {
  private readonly store = new DisposableStore();
  readonly pages: OpenPages<Page>;

  /** @param make a page in a new tab, or in one that the editor has kept */
  constructor(
    page: PageName,
    private readonly services: Shared,
    private readonly make: (options: ProjectPageOptions, panel?: vscode.WebviewPanel) => Page,
  ) {
    this.pages = new OpenPages<Page>({
      page,
      restore: async (panel, saved) => {
        await services.projects.ready();
        const state = parseProjectPageState(saved);
        const project = state && services.projects.get(state.root);
        if (!project || this.find(project)) return undefined;
        return make({ ...services, project }, panel);
      },
    });
    this.store.add(this.pages);
    this.store.add(services.projects.onDidChangeList(() => this.closeLost()));
  }

  open(project: Project): void {
    const page = this.find(project) ?? this.pages.keep(this.make({ ...this.services, project }));
    page.show();
  }

  dispose(): void {
    this.store.dispose();
  }

  /** A project that is gone has nothing to show. */
  private closeLost(): void {
    for (const page of this.pages.all) {
      if (this.services.projects.get(page.project.root) !== page.project) page.dispose();
    }
  }

  private find(project: Project): Page | undefined {
    return this.pages.all.find((page) => page.project === project);
  }
}
