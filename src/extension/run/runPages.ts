/** All open pages of runs of the window. */
import { parseRunPageState } from '../../protocol/runPageApi';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { OpenPages } from '../pages/openPages';
import type { PageServices } from '../pages/pagePanel';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { RunPanel, type RunPanelOptions } from './runPanel';

export class RunPages implements Disposable {
  private readonly store = new DisposableStore();
  readonly pages = new OpenPages<RunPanel>({
    page: 'run',
    restore: async (panel, saved) => {
      const { projects } = this.services;
      await projects.ready();
      const state = parseRunPageState(saved);
      const project = state && projects.get(state.root);
      if (!project || this.find(state.root, state.run)) return undefined;
      return new RunPanel({ ...this.services, project, run: state.run }, panel);
    },
  });

  constructor(
    private readonly services: PageServices &
      Pick<RunPanelOptions, 'openGrid'> & { readonly engine: EngineClient; readonly projects: Projects },
  ) {
    this.store.add(this.pages);
    this.store.add(services.projects.onDidChangeList(() => this.closeLost()));
    this.store.add(services.projects.onDidChangeProject(() => this.closeLost()));
  }

  get count(): number {
    return this.pages.all.length;
  }

  open(project: Project, run: string): void {
    const panel =
      this.find(project.root, run) ?? this.pages.keep(new RunPanel({ ...this.services, project, run }));
    panel.show();
  }

  dispose(): void {
    this.store.dispose();
  }

  /** A run that was deleted, or whose project is gone, has nothing to show. */
  private closeLost(): void {
    for (const panel of this.pages.all) {
      const { project, run } = panel;
      const known = this.services.projects.get(project.root) === project;
      // Before the project is read, nothing is known of its runs.
      const listed = project.summary === undefined || project.runs.some(({ record }) => record.run === run);
      if (!known || !listed) panel.dispose();
    }
  }

  private find(root: string, run: string): RunPanel | undefined {
    return this.pages.all.find((panel) => panel.project.root === root && panel.run === run);
  }
}
