/** What the contributions work with; built once by extension.ts. */
import type * as vscode from 'vscode';
import type { Catalogs } from './architectures/catalogs';
import type { LayersAdvice } from './architectures/layersAdvice';
import type { Findings } from './checks/findings';
import type { ComparisonPanels } from './comparison/comparisonPanels';
import type { Disposable } from './disposables';
import type { EngineClient } from './engine/engineClient';
import type { GridPanels } from './grid/gridPanels';
import type { ConfigPlaces } from './language/configPlaces';
import type { JobWatcher } from './jobs/jobWatcher';
import type { CohortsPanel } from './looking/cohortsPanel';
import type { MapPanel } from './looking/mapPanel';
import type { ProjectPages } from './looking/projectPages';
import type { NewProjectPages } from './newProject/newProjectPages';
import type { Projects } from './projects/projects';
import type { Reports } from './run/reportView';
import type { RunPages } from './run/runPages';
import type { Offers } from './suspects/offers';
import type { OverreadTasks } from './tasks/taskProvider';
import type { TaskOutcomes } from './tasks/taskOutcomes';
import type { TaskWatcher } from './tasks/taskWatcher';
import type { TrainingPages } from './training/trainingPages';

export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engine: EngineClient;
  readonly projects: Projects;
  readonly catalogs: Catalogs;
  readonly places: ConfigPlaces;
  readonly advice: LayersAdvice;
  readonly grids: GridPanels;
  readonly findings: Findings;
  readonly offers: Offers;
  readonly comparisons: ComparisonPanels;
  readonly cohorts: ProjectPages<CohortsPanel>;
  readonly maps: ProjectPages<MapPanel>;
  readonly runPages: RunPages;
  readonly reports: Reports;
  readonly trainings: TrainingPages;
  readonly newProjects: NewProjectPages;
  readonly tasks: OverreadTasks;
  readonly taskWatcher: TaskWatcher;
  readonly jobs: JobWatcher;
  readonly outcomes: TaskOutcomes;
}

/** One part of the user interface. What `register` gives back ends with the extension. */
export interface Contribution {
  register(services: Services): Disposable;
}
