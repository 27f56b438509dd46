/** The process that looks at a project as a whole, a program of its own: edits never wait for it, and it can be killed. */
import * as path from 'node:path';
import { OverreadError } from '../../core/base/errors';
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
import { findSuspects } from '../../core/suspects/itemSuspects';
import { usualRepeats } from '../../core/suspects/model';
import { suspectSource } from '../../core/suspects/sources';
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
  suspects: async (place, wanted, samples, repeated) => {
    const { project, run } = await openRun(place);
    if (run.record.run !== wanted || project.dataset.samples.length !== samples) {
      throw new OverreadError({
        code: 'OVR803',
        message: 'The run or the table has changed',
        fix: 'Refresh',
      });
    }
    const { labels, assignment } = project;
    if (!repeated) return findSuspects(labels, assignment, run.predictions);
    // Nothing is computed that is not there: images that the run left out are left out here.
    const work = { ...workOf(project), mostMissing: run.record.counts.skipped };
    const { predictions } = await suspectSource(project, undefined, work, usualRepeats);
    return findSuspects(labels, assignment, predictions);
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
