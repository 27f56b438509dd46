/** All open comparisons of the window. */
import { parseComparisonState } from '../../protocol/comparisonApi';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { OpenPages } from '../pages/openPages';
import type { PageServices } from '../pages/pagePanel';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { ComparisonPanel, type ComparisonPanelOptions } from './comparisonPanel';

export class ComparisonPanels implements Disposable {
  private readonly store = new DisposableStore();
  readonly pages = new OpenPages<ComparisonPanel>({
    page: 'comparison',
    restore: async (panel, saved) => {
      const { projects } = this.services;
      await projects.ready();
      const state = parseComparisonState(saved);
      const project = state && projects.get(state.root);
      if (!project || this.find(state.root, state.comparison)) return undefined;
      return new ComparisonPanel({ ...this.services, project, comparison: state.comparison }, panel);
    },
  });

  constructor(
    private readonly services: PageServices &
      Pick<ComparisonPanelOptions, 'openGrid'> & {
        readonly engine: EngineClient;
        readonly projects: Projects;
      },
  ) {
    this.store.add(this.pages);
    this.store.add(services.projects.onDidChangeList(() => this.closeLost()));
    this.store.add(services.projects.onDidChangeProject(() => this.closeLost()));
  }

  get count(): number {
    return this.pages.all.length;
  }

  open(project: Project, comparison: string): void {
    const panel =
      this.find(project.root, comparison) ??
      this.pages.keep(new ComparisonPanel({ ...this.services, project, comparison }));
    panel.show();
  }

  dispose(): void {
    this.store.dispose();
  }

  /** A comparison that was deleted, or whose project is gone, has nothing to show. */
  private closeLost(): void {
    for (const panel of this.pages.all) {
      const { project, comparison } = panel;
      const known = this.services.projects.get(project.root) === project;
      // Before the project is read, nothing is known of its comparisons.
      const listed =
        project.summary === undefined ||
        project.comparisons.some((summary) => summary.comparison === comparison);
      if (!known || !listed) panel.dispose();
    }
  }

  private find(root: string, comparison: string): ComparisonPanel | undefined {
    return this.pages.all.find((panel) => panel.project.root === root && panel.comparison === comparison);
  }
}
