/** `overread predict DIR IMAGES…`: what the model of a run says of images that belong to no project. */
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { writeFileAtomic } from '../../core/base/files';
import { present } from '../../core/base/present';
import type { Problem } from '../../core/base/report';
import { userCacheFolder } from '../../core/base/userCache';
import { heatmapOf, openExplainer } from '../../core/heatmaps/explainer';
import { drawOverlay } from '../../core/heatmaps/overlay';
import { decodeImage } from '../../core/images/decode';
import type { Device } from '../../core/onnx/model';
import { unreadProblem } from '../../core/prediction/evaluator';
import { findImages, type WantedImage } from '../../core/prediction/findImages';
import { predictImages } from '../../core/prediction/predictImages';
import {
  checkTarget,
  predictionRows,
  writePredictionTable,
  type PredictionRow,
} from '../../core/prediction/predictionTable';
import { openRunModel } from '../../core/prediction/runModel';
import { readTrainingImages } from '../../core/prediction/trainingImages';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../command';
import { openNamedRun, type NamedRun } from '../namedRun';
import { devices } from './finetune';

interface Flags {
  readonly out: string;
  readonly run?: string;
  readonly path?: string;
  readonly heatmaps?: string;
  readonly device?: Device;
}

export function addPredict(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('predict'))
    .description('ask the model of a run about new images')
    .argument('<dir>', 'the project, or the folder of a run')
    .argument('<images...>', 'images, folders of images, or tables with a column of paths')
    .requiredOption('--out <file>', 'the probabilities: .csv or .parquet')
    .option('--run <run>', 'a run by its name or a part of it (default: the one that is shown)')
    .option(
      '--path <column>',
      'the column of a table that names the images (default: the one that leads to files)',
    )
    .option('--heatmaps <folder>', 'write each image with the heat map of its most probable class or finding')
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .action(
      action(surroundings, async (context, flags: Flags, dir: string, named: readonly string[]) => {
        const { out, work, env } = context;
        checkTarget(flags.out);
        const file = context.resolve(flags.out);
        const cacheDir = userCacheFolder(env);
        const source = await openNamedRun(context, dir, flags.run);
        const { project, run } = source;
        const model = await openRunModel(project, run, { ...work, env, cacheDir });
        const { images, notes } = await findImages(named, {
          ...work,
          cwd: context.cwd,
          ...(flags.path === undefined ? {} : { path: flags.path }),
        });
        for (const note of notes) work.log?.info(note);
        const training = await readTrainingImages(project, cacheDir, work);
        const unread = unreadProblem(training);
        if (unread) out.problem(unread);
        const device = flags.device ?? project.config.model.device;
        const predictions = await predictImages(model, images, {
          ...work,
          device,
          cacheDir,
          env,
          inferenceProgram: context.inferenceProgram,
        });
        out.problems(predictions.problems.filter((problem): problem is Problem => problem !== undefined));
        const rows = predictionRows(model.head, images, predictions, training.sampleOf);
        const predicted = rows.filter(({ probabilities }) => probabilities !== null).length;
        if (predicted === 0) throw noneReadable(images.length, predictions.problems);
        const known = rows.filter(({ in_training }) => in_training !== null);
        await writePredictionTable(file, model.head.outputs, rows);
        out.line(`${flags.out}: ${predicted} of ${images.length} images by ${model.run}`);
        if (known.length > 0) out.line(`  ${describeKnown(known)}`);
        const drawn =
          flags.heatmaps === undefined
            ? 0
            : await drawHeatmaps(context, source, { images, rows, device, folder: flags.heatmaps });
        if (flags.heatmaps !== undefined) out.line(`  ${drawn} heat maps in ${flags.heatmaps}`);
        out.json({
          file,
          run: model.run,
          weights: model.weights.identity.name,
          images: images.length,
          predicted,
          skipped: images.length - predicted,
          in_training: known.length,
          heatmaps: drawn,
          predictions: rows,
        });
        return undefined;
      }),
    );
}

/** Images that are named in a sentence. */
const named = 3;

function describeKnown(known: readonly PredictionRow[]): string {
  const first = known.slice(0, named).map(({ image }) => image);
  return (
    `${known.length} of them ${known.length === 1 ? 'was' : 'were'} in the training (${first.join(', ')}` +
    `${known.length > first.length ? ', …' : ''}): what it says of these is no evidence`
  );
}

interface Drawn {
  readonly images: readonly WantedImage[];
  readonly rows: readonly PredictionRow[];
  readonly device: Device;
  readonly folder: string;
}

/** @returns how many were drawn: one for each image that has a prediction */
async function drawHeatmaps(
  context: CommandContext,
  { project, run }: NamedRun,
  { images, rows, device, folder }: Drawn,
): Promise<number> {
  const { work, env } = context;
  const explainer = await openExplainer(project, run, {
    ...work,
    env,
    cacheDir: userCacheFolder(env),
    device,
    inferenceProgram: context.inferenceProgram,
    quick: true,
  });
  let drawn = 0;
  try {
    for (const [i, { name, file }] of images.entries()) {
      work.onProgress?.({ stage: 'heatmaps', done: i, total: images.length });
      if (typeof file !== 'string' || rows[i]?.probabilities === null) continue;
      const maps = await explainer.mapsOf(file);
      const probabilities = explainer.probabilities(maps);
      const likeliest = probabilities.indexOf(Math.max(...probabilities));
      const map = heatmapOf(maps, name, explainer.outputs, likeliest);
      const picture = await drawOverlay(await decodeImage(file), map, { opacity: 0.5 });
      await writeFileAtomic(context.resolve(path.join(folder, pictureName(name))), picture);
      drawn++;
    }
  } finally {
    await explainer.close();
  }
  return drawn;
}

/** The image's name as a path below the folder: nothing in it leads out. */
function pictureName(name: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return `${parts.join('/').replaceAll(':', '_')}.png`;
}

function noneReadable(images: number, problems: readonly (Problem | undefined)[]): OverreadError {
  const first = present(
    problems.find((problem) => problem !== undefined),
    'why an image cannot be read',
  );
  return new OverreadError({
    code: 'OVR303',
    message: `None of ${images} images can be read: ${first.message}`,
    ...(first.place ? { place: first.place } : {}),
    ...(first.fix === undefined ? {} : { fix: first.fix }),
  });
}
