/** The two projects of the grid benchmark: 690 real X-rays, and a farm of 112,120 links to them with predictions. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { SplitMix32 } from '../src/core/base/random';
import type { PredictionColumns } from '../src/core/evaluation/model';
import { momentOf } from '../src/core/labels/asOf';
import { buildTargets } from '../src/core/labels/targets';
import { countSamples } from '../src/core/project/countSamples';
import { metricsText, createRunFolder, runFiles, runName } from '../src/core/runs/folder';
import { measure, metricInputs } from '../src/core/evaluation/measure';
import type { RunRecord } from '../src/core/runs/model';
import { writePredictions } from '../src/core/runs/predictionsFile';
import { openProject } from '../src/core/project/project';
import { trainerNames } from '../src/core/trainers/names';
import { runJson } from '../test/support/cli';

/** Images of NIH ChestX-ray14. */
export const farmImages = 112_120;
/** Share of the farm's predictions that contradict the label. */
const wrongShare = 0.15;

/** The real images with a real run on the Lite0 weights. */
export async function makeSmallProject(root: string, source: string): Promise<void> {
  const table = path.join(source, 'samples.csv');
  await runJson(['init', root, '--csv', table, '--architecture', 'tf_efficientnet_lite0']);
  await runJson(['finetune', root]);
}

/** Links in folders of 1,000, a table, and a run with seeded predictions. @returns seconds of its evaluation */
export async function makeFarm(root: string, source: string): Promise<{ evaluation_s: number }> {
  const images = path.join(source, 'images');
  const files = (await fs.readdir(images)).sort();
  const rows = ['path,label,patient'];
  const classes = ['Covid-19', 'No_findings', 'Pneumonia'];
  for (let start = 0; start < farmImages; start += 1000) {
    const folder = path.join('farm', String(start / 1000).padStart(3, '0'));
    await fs.mkdir(path.join(root, folder), { recursive: true });
    const links = [];
    for (let i = start; i < Math.min(start + 1000, farmImages); i++) {
      const name = `${String(i).padStart(6, '0')}.jpg`;
      links.push(fs.symlink(path.join(images, files[i % files.length]!), path.join(root, folder, name)));
      rows.push(`${folder}/${name},${classes[i % 3]!},p${Math.floor(i / 4)}`);
    }
    await Promise.all(links);
  }
  await fs.writeFile(path.join(root, 'samples.csv'), `${rows.join('\n')}\n`);
  await runJson(['init', root, '--csv', path.join(root, 'samples.csv')]);
  const yaml = path.join(root, 'overread.yaml');
  const text = await fs.readFile(yaml, 'utf8');
  await fs.writeFile(yaml, text.replace(/^dataset:\n/m, `dataset:\n  roots: [${JSON.stringify(images)}]\n`));
  return addRun(root);
}

/**
 * A run with seeded predictions.
 * @param network whose features it is said to be made of
 * @param draw gives its predictions for the labels as they are
 * @param C of a last layer that they are said to come from, so that it can be refitted
 */
export async function addRun(
  root: string,
  network: RunRecord['network'] = null,
  draw: (y: Int32Array, outputs: readonly string[]) => PredictionColumns = seededPredictions,
  C?: number,
): Promise<{ evaluation_s: number }> {
  const project = await openProject(root);
  const targets = buildTargets(project.dataset, project.labels);
  const predictions = draw(targets.y, targets.outputs);
  const started = performance.now();
  const metrics = measure(metricInputs(project, targets, predictions));
  const evaluation_s = (performance.now() - started) / 1000;
  const created = new Date();
  const run = runName(created, 'farm');
  const present = new Uint8Array(project.dataset.samples.length).fill(1);
  const all = (part: string) => ({
    predicted: project.assignment.split.filter((split) => split === part).length,
    seen: 0,
  });
  const record: RunRecord = {
    contract: 2,
    run,
    name: 'farm',
    created: created.toISOString(),
    trainer:
      C === undefined
        ? { name: 'seeded', settings: {} }
        : { name: trainerNames.lastLayer, settings: { C: targets.outputs.map(() => C) } },
    network,
    can: {
      explain: 'there is no model',
      export: 'there is no model',
      compare: true,
      refit: C === undefined ? 'they are drawn' : true,
    },
    files: [],
    seen: { train: all('train'), validation: all('validation'), test: all('test') },
    versions: {},
    config: project.config,
    data_fingerprint: '',
    labels_as_of: momentOf(project.log.table),
    task: targets.task,
    outputs: targets.outputs,
    thresholds: [...predictions.thresholds],
    counts: countSamples(project, present, 0),
    timings: { features_s: 0, cached: 0, train_s: 0, total_s: 0, intervals_s: null },
    test_looks: 0,
    problems: [],
  };
  await createRunFolder(project.folder, run, async (folder) => {
    await folder.replaceFile(runFiles.predictions, (file) =>
      writePredictions(file, { ...project, predictions }),
    );
    await folder.writeFile(runFiles.metrics, metricsText({ ...metrics, intervals_s: null }));
    await folder.writeFile(runFiles.record, JSON.stringify(record));
  });
  return { evaluation_s };
}

function seededPredictions(y: Int32Array, outputs: readonly string[]): PredictionColumns {
  const random = new SplitMix32(7);
  const probabilities = new Float64Array(y.length * outputs.length);
  y.forEach((target, i) => {
    const wrong = random.uniform() < wrongShare;
    const chosen = wrong ? (target + 1 + random.below(outputs.length - 1)) % outputs.length : target;
    const top = 0.4 + 0.59 * random.uniform();
    for (let k = 0; k < outputs.length; k++) {
      probabilities[i * outputs.length + k] = k === chosen ? top : (1 - top) / (outputs.length - 1);
    }
  });
  return { outputs, probabilities, outOfFold: new Uint8Array(y.length).fill(1), thresholds: [] };
}
