/** The process that looks at a project as a whole, a program of its own: edits never wait for it, and it can be killed. */
import * as path from 'node:path';
import { endNow, endWithParent } from '../../core/base/lifeline';
import { userCacheFolder } from '../../core/base/userCache';
import { runClusters } from '../../core/cohorts/clusters';
import { cohortReport } from '../../core/cohorts/cohortReport';
import { shortcutReport } from '../../core/cohorts/shortcuts/shortcutReport';
import { correctionReport } from '../../core/corrections/correctionReport';
import { featureMap, mapComponents } from '../../core/featureMap/featureMap';
import { umapOf } from '../../core/featureMap/umap';
import { openProject, type Project } from '../../core/project/project';
import { findWholeRun } from '../../core/runs/wholeRun';
import type { TrainWork } from '../../core/trainers/trainer';
import { serveEngine } from '../helperProcess';
import type { LookingMethods, LookingPlace } from './lookingApi';

endWithParent();
process.on('disconnect', endNow);
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const { env } = process;
const places = { cacheDir: userCacheFolder(env), env };

/** Read anew for every question: labels and runs change, and all of them are on disk. */
function open({ root, policy }: LookingPlace): Promise<Project> {
  return openProject(root, { policy });
}

async function openRun(place: LookingPlace) {
  const project = await open(place);
  return { project, run: await findWholeRun(project.root, undefined, project.dataset, () => undefined) };
}

function workOf({ config }: Project): TrainWork {
  return {
    ...places,
    device: config.model.device,
    inferenceProgram: path.join(__dirname, 'inferenceWorker.js'),
  };
}

const methods: LookingMethods = {
  cohorts: async (place, part) => {
    const { project, run } = await openRun(place);
    return cohortReport(project, run, { part, clusters: await runClusters(project, run, places) });
  },
  shortcuts: async (place) => {
    const project = await open(place);
    return shortcutReport(project, workOf(project));
  },
  corrections: async (place) => {
    const project = await open(place);
    return correctionReport(project, workOf(project), { env });
  },
  map: async (place) => {
    const { project, run } = await openRun(place);
    return featureMap(project, run, await mapComponents(project, run, places));
  },
  umap: async (place) => {
    const { project, run } = await openRun(place);
    return umapOf(await mapComponents(project, run, places), project.config.training.seed);
  },
};

serveEngine(methods, 'Unexpected failure while the project was looked at; see the log');
