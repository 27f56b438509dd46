/** All open pages of trainings of the window: one for a job. */
import { parseTrainingState } from '../../protocol/trainingApi';
import { DisposableStore, type Disposable } from '../disposables';
import { OpenPages } from '../pages/openPages';
import type { PageServices } from '../pages/pagePanel';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { TrainingPanel, type TrainingPanelOptions } from './trainingPanel';

export class TrainingPages implements Disposable {
  private readonly store = new DisposableStore();
  readonly pages = new OpenPages<TrainingPanel>({
    page: 'training',
    restore: async (panel, saved) => {
      const { projects } = this.services;
      await projects.ready();
      const state = parseTrainingState(saved);
      const project = state && projects.get(state.root);
      if (!project || this.find(project, state.job)) return undefined;
      return new TrainingPanel({ ...this.services, project, job: state.job }, panel);
    },
  });

  constructor(
    private readonly services: PageServices &
      Pick<TrainingPanelOptions, 'engine' | 'jobs'> & { readonly projects: Projects },
  ) {
    this.store.add(this.pages);
    this.store.add(services.projects.onDidChangeList(() => this.closeLost()));
  }

  open(project: Project, job: string): void {
    const panel =
      this.find(project, job) ?? this.pages.keep(new TrainingPanel({ ...this.services, project, job }));
    panel.show();
  }

  dispose(): void {
    this.store.dispose();
  }

  /** A project that is gone has nothing to show; a job that is gone leaves its curves until its tab is closed. */
  private closeLost(): void {
    for (const panel of this.pages.all) {
      if (this.services.projects.get(panel.project.root) !== panel.project) panel.dispose();
    }
  }

  private find(project: Project, job: string): TrainingPanel | undefined {
    return this.pages.all.find((panel) => panel.project === project && panel.job === job);
  }
}
