/** The process that looks at a project as a whole, a program of its own: edits never wait for it, and it can be killed. */
import { createHash, randomUUID } from 'node:crypto';
import * as path from 'node:path';
import { OverreadError } from '../../core/base/errors';
import { userCacheFolder } from '../../core/base/userCache';
import { runClusters } from '../../core/cohorts/clusters';
import { cohortReport } from '../../core/cohorts/cohortReport';
import { shortcutReport } from '../../core/cohorts/shortcuts/shortcutReport';
import { correctionReport } from '../../core/corrections/correctionReport';
import type { MapColour, MapPositions } from '../../core/featureMap/model';
import { featureMap } from '../../core/featureMap/featureMap';
import { umapOf } from '../../core/featureMap/umap';
import { cachedFeatures } from '../../core/project/cachedFeatures';
import { openProject, type Project } from '../../core/project/project';
import { diffRuns } from '../../core/review/diffRuns';
import { reviewOf } from '../../core/review/openReview';
import { featuresOf } from '../../core/runs/featuresOf';
import { runComponents } from '../../core/runs/runComponents';
import { findWholeRun, readWholeRun, type WholeRun } from '../../core/runs/wholeRun';
import { findSuspects } from '../../core/suspects/itemSuspects';
import { usualRepeats } from '../../core/suspects/model';
import { suspectSource } from '../../core/suspects/sources';
import { trainerNames } from '../../core/trainers/names';
import type { TrainWork } from '../../core/trainers/trainer';
import { serveEngine } from '../helperProcess';
import { standBehind } from '../standBehind';
import { LastAnswer } from './lastAnswer';
import type { LookingMethods, LookingPlace } from './lookingApi';

standBehind();

const { env } = process;
/** The one that was asked for last: a map whose tab was hidden asks again. */
const umap = new LastAnswer<MapPositions>();
/** Of the map that was given last, until the last of them was handed over. */
let colours: { readonly id: string; readonly all: readonly MapColour[] } | undefined;
/** Of a hundred thousand images a megabyte, which the engine hands on in a millisecond or two. */
const coloursAtOnce = 4;
const places = { cacheDir: userCacheFolder(env), env };

/** Read anew for every question: labels and runs change, and all of them are on disk. */
function open({ root, policy }: LookingPlace): Promise<Project> {
  return openProject(root, { policy });
}

async function openRun(place: LookingPlace) {
  const project = await open(place);
  return { project, run: await findWholeRun(project.root, undefined, project.dataset, () => undefined) };
}

/** Before weights are looked for, which might have to be fetched. @throws OVR804 features of the run are not in the cache */
async function refuseMissing(project: Project, { record }: WholeRun): Promise<void> {
  const { present } = await cachedFeatures(project, featuresOf(record), places);
  const missing = present.reduce((sum, isThere) => sum + 1 - isThere, 0);
  if (missing <= record.counts.skipped) return;
  throw new OverreadError({
    code: 'OVR804',
    message: `The features of ${String(missing)} images of the run ${record.run} are not in the cache`,
    fix: 'Fine-tune once; its features are kept',
  });
}

function isOver(message: string): OverreadError {
  return new OverreadError({ code: 'OVR803', message, fix: 'Refresh' });
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
  difference: async (place, before, after) => {
    const project = await open(place);
    const readRun = (name: string): Promise<WholeRun> => readWholeRun(project.root, name, project.dataset);
    const runs = [await readRun(before), await readRun(after)] as const;
    const catalog = reviewOf(project, runs[1], {}, runs[0]);
    return diffRuns(project, catalog, runs, { intervals: false });
  },
  suspects: async (place, wanted, samples, repeated) => {
    const { project, run } = await openRun(place);
    if (run.record.run !== wanted || project.dataset.samples.length !== samples) {
      throw isOver('The run or the table has changed');
    }
    const { labels, assignment } = project;
    if (!repeated) return findSuspects(labels, assignment, run.predictions);
    if (run.record.trainer.name === trainerNames.lastLayer) await refuseMissing(project, run);
    // Nothing is computed that is not there: images that the run left out are left out here.
    const work = { ...workOf(project), mostMissing: run.record.counts.skipped };
    const { predictions } = await suspectSource(project, undefined, work, usualRepeats);
    return findSuspects(labels, assignment, predictions);
  },
  map: async (place) => {
    const { project, run } = await openRun(place);
    const map = featureMap(project, run, await runComponents(project, run.record, places));
    colours = { id: randomUUID(), all: map.colours };
    return { ...map, id: colours.id, colours: map.colours.length };
  },
  mapColours: (map, from) => {
    if (colours?.id !== map) return Promise.reject(isOver('The map is another one now'));
    const some = colours.all.slice(from, from + coloursAtOnce);
    if (from + coloursAtOnce >= colours.all.length) colours = undefined;
    return Promise.resolve(some);
  },
  umap: async (place) => {
    const { project, run } = await openRun(place);
    const components = await runComponents(project, run.record, places);
    const { seed } = project.config.training;
    const key = createHash('sha256').update(components.rows).update(components.present).update(` ${seed}`);
    return umap.of(key.digest('hex'), () => umapOf(components, seed));
  },
};

serveEngine(methods, 'Unexpected failure while the project was looked at; see the log');
