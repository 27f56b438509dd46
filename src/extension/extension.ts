/** Builds the services, registers the contributions; nothing else happens here. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { Catalogs } from './architectures/catalogs';
import { Findings } from './checks/findings';
import { Commands } from './commands/register';
import { commandTable } from './commands/table';
import { projectMade } from './commands/newProject';
import { ComparisonPanels } from './comparison/comparisonPanels';
import { NewProjectPages } from './newProject/newProjectPages';
import { taskType } from './contributions';
import { DicomEditors } from './dicom/dicomEditors';
import { DisposableStore } from './disposables';
import { EngineClient } from './engine/engineClient';
import { showFailure } from './failures';
import { GridPanels } from './grid/gridPanels';
import { ConfigCodeLens } from './language/configCodeLens';
import { ConfigCompletion } from './language/configCompletion';
import { ConfigDiagnostics } from './language/configDiagnostics';
import { ConfigFixes } from './language/configFixes';
import { ConfigHints } from './language/configHints';
import { ConfigHover } from './language/configHover';
import { ConfigPlaces } from './language/configPlaces';
import { FindingFixes } from './language/findingFixes';
import { TableDiagnostics } from './language/tableDiagnostics';
import { CohortsPanel } from './looking/cohortsPanel';
import { MapPanel } from './looking/mapPanel';
import { ProjectPages } from './looking/projectPages';
import { LayersAdvice } from './architectures/layersAdvice';
import { JobWatcher } from './jobs/jobWatcher';
import { programFile } from './nodeProgram';
import type { Project } from './projects/project';
import { EditorPythons } from './python/editorPythons';
import { Projects } from './projects/projects';
import type { ItemQuery } from '../protocol/engineApi';
import { Reports } from './run/reportView';
import { RunPages } from './run/runPages';
import type { Contribution, Services } from './services';
import { affects, setting } from './settings';
import { StatusBar } from './statusBar';
import { Offers } from './suspects/offers';
import { OverreadTasks } from './tasks/taskProvider';
import { TaskOutcomes } from './tasks/taskOutcomes';
import { TaskWatcher } from './tasks/taskWatcher';
import { TerminalPath } from './terminalPath';
import { TrainingPages } from './training/trainingPages';
import { DatasetView } from './views/datasetView';
import { QueuesView } from './views/queuesView';
import { RunsView } from './views/runsView';

const tableDiagnostics = new TableDiagnostics();
const contributions: readonly Contribution[] = [
  new Commands(commandTable),
  new DatasetView(),
  new QueuesView(),
  new RunsView(),
  new StatusBar(),
  new ConfigCodeLens(),
  new ConfigDiagnostics(),
  new ConfigCompletion(),
  new ConfigHover(),
  new ConfigHints(),
  new ConfigFixes(),
  tableDiagnostics,
  new FindingFixes(tableDiagnostics),
  new TerminalPath(),
];

/** Called by VS Code on the first view, command or project. Gives the services to the host tests. */
export async function activate(context: vscode.ExtensionContext): Promise<Services | undefined> {
  const log = vscode.window.createOutputChannel('Overread', { log: true });
  context.subscriptions.push(log);
  try {
    return await start(context, log);
  } catch (error) {
    void showFailure(vscode.l10n.t('Overread did not start'), error, log);
    return undefined;
  }
}

async function start(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Services> {
  const { extensionPath, extensionUri, subscriptions } = context;
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
  const outcomeFolder = path.join(storage, 'outcomes');
  await fs.mkdir(outcomeFolder, { recursive: true });

  const engine = new EngineClient(programFile(extensionPath, 'engine'), log, () => ({
    annotator: setting('annotator').trim() || null,
    trusted: vscode.workspace.isTrusted,
    linkedFolders: setting('linkedFolders'),
  }));
  const projects = new Projects(engine, context.workspaceState, log);
  const catalogs = new Catalogs(engine, projects);
  const places = new ConfigPlaces(engine);
  const grids = new GridPanels({ engine, projects, log, extensionUri });
  const pages = {
    ...{ engine, projects, log, extensionUri },
    openGrid: (project: Project, query: ItemQuery) => void grids.open(project, query),
  };
  const comparisons = new ComparisonPanels(pages);
  const cohorts = new ProjectPages('cohorts', pages, (options, panel) => new CohortsPanel(options, panel));
  const maps = new ProjectPages('map', pages, (options, panel) => new MapPanel(options, panel));
  const runPages = new RunPages(pages);
  const reports = new Reports();
  const dicomEditors = new DicomEditors({ engine, log, extensionUri });
  const newProjects = new NewProjectPages({
    ...{ log, extensionUri, extensionPath, pictureFolder: path.join(storage, 'examples') },
    onMade: (root) => projectMade(services, root),
  });
  const pythons = new EditorPythons(log);
  const tasks = new OverreadTasks(projects, extensionPath, outcomeFolder, pythons);
  const outcomes = new TaskOutcomes(outcomeFolder);
  const offers = new Offers({
    ...{ extensionPath, grids },
    showYield: (project) => void vscode.tasks.executeTask(tasks.yieldTask(project)),
  });
  const findings = new Findings(projects, engine, log);
  const isShown = (project: Project): boolean => grids.shows(project);
  const jobs = new JobWatcher({ projects, engine, outcomes, isShown, log, memory: context.workspaceState });
  const trainings = new TrainingPages({ engine, projects, jobs, log, extensionUri });
  const taskWatcher = new TaskWatcher({ projects, outcomeFolder, outcomes, findings, jobs, isShown, log });
  const services: Services = {
    ...{ context, log, engine, projects, catalogs, places },
    advice: new LayersAdvice({ engine, catalogs, pythons }),
    ...{ grids, findings, offers, comparisons, runPages, reports, cohorts, maps, newProjects, trainings },
    ...{ tasks, taskWatcher, jobs, outcomes },
  };

  // The store ends them in reverse: the views, the grids, the projects they show, and the engine last.
  const store = new DisposableStore();
  subscriptions.push(store);
  for (const service of [
    engine,
    projects,
    catalogs,
    grids,
    findings,
    offers,
    comparisons,
    cohorts,
    maps,
    runPages,
    reports,
    trainings,
    newProjects,
    dicomEditors,
    outcomes,
    jobs,
    taskWatcher,
  ])
    store.add(service);
  store.add(vscode.tasks.registerTaskProvider(taskType, tasks));
  store.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (affects(change, 'annotator', 'linkedFolders')) void engine.applySettings();
    }),
  );
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void engine.applySettings()));
  for (const contribution of contributions) store.add(contribution.register(services));
  void projects.ready();
  log.info(`Overread ${String((context.extension.packageJSON as { version?: unknown }).version)} is active`);
  return services;
}
