/** `overread explain DIR SAMPLE`: where in an image the model of a run sees evidence for a class or finding. */
import * as path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { writeFileAtomic } from '../../core/base/files';
import { userCacheFolder } from '../../core/base/userCache';
import { present } from '../../core/base/present';
import { ImageResolver } from '../../core/dataset/imagePath';
import type { Split } from '../../core/dataset/model';
import type { WantedMethod } from '../../core/heatmaps/chooseMethod';
import { heatmapOf, openExplainer, type Explainer } from '../../core/heatmaps/explainer';
import { findOutput } from '../../core/heatmaps/findOutput';
import type { Heatmap, HeatmapMethod, ImageMaps } from '../../core/heatmaps/model';
import { drawOverlay } from '../../core/heatmaps/overlay';
import { decodeImage } from '../../core/images/decode';
import { unknownSample } from '../../core/labels/validate';
import type { Device } from '../../core/onnx/model';
import { findWholeRun } from '../../core/runs/wholeRun';
import { recordTestLook } from '../../core/project/testLooks';
import { action, withOutputOptions, type Surroundings } from '../command';
import { devices } from './finetune';

interface Flags {
  readonly class?: string;
  readonly out?: string;
  readonly run?: string;
  readonly method?: WantedMethod;
  readonly quick?: boolean;
  readonly opacity: number;
  readonly device?: Device;
}

const methods = ['auto', 'cam', 'score-cam', 'occlusion'] satisfies WantedMethod[];

/** What the methods are called in the field. */
const titles: Readonly<Record<HeatmapMethod, string>> = {
  cam: 'Class activation map',
  'score-cam': 'Score-CAM',
  occlusion: 'Occlusion map',
};

export function addExplain(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('explain'))
    .description('show where in an image the model sees evidence for a class: a heat map')
    .argument('<dir>', 'the project')
    .argument('<sample>', 'its id, as in the table')
    .option('--class <name>', 'a class or finding (default: the most probable)')
    .option('--out <file.png>', 'write the image with the heat map over it')
    .option('--run <run>', 'a run by its name or a part of it (default: the one that is shown)')
    .addOption(
      new Option('--method <method>', 'auto takes the first that is defined')
        .choices(methods)
        .default('auto'),
    )
    .option('--quick', 'run the network less often, as the editor does (Score-CAM, occlusion)')
    .option('--opacity <share>', 'of the strongest evidence, 0 to 1', share, 0.5)
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .action(
      action(surroundings, async (context, flags: Flags, dir: string, id: string) => {
        if (flags.out !== undefined && path.extname(flags.out) !== '.png') {
          throw new OverreadError({
            code: 'OVR001',
            message: `A heat map cannot be written to "${flags.out}"`,
            expected: 'a file name that ends in .png',
          });
        }
        const project = await context.open(dir);
        const { root, folder, config, dataset, assignment } = project;
        const run = await findWholeRun(root, flags.run, dataset, (problem) => context.out.problem(problem));
        const wanted = flags.class === undefined ? undefined : findOutput(run.record, flags.class);
        const row = dataset.samples.findIndex((sample) => sample.id === id);
        const sample = dataset.samples[row];
        const split = assignment.split[row];
        if (!sample || !split) throw unknownSample(dataset, id);
        if (split === 'test') await recordTestLook(folder, 'overread explain', new Date());
        const file = (await ImageResolver.open(root, config, context.work)).resolve(sample);
        const explainer = await openExplainer(project, run, {
          ...context.work,
          env: context.env,
          cacheDir: userCacheFolder(context.env),
          device: flags.device ?? config.model.device,
          inferenceProgram: context.inferenceProgram,
          method: flags.method ?? 'auto',
          quick: flags.quick === true,
        });
        try {
          const maps = await explainer.mapsOf(file);
          const facts = describeMap(explainer, maps, id, wanted);
          const picture = flags.out === undefined ? undefined : context.resolve(flags.out);
          if (picture !== undefined) {
            const image = await decodeImage(file);
            await writeFileAtomic(picture, await drawOverlay(image, facts.map, { opacity: flags.opacity }));
            context.out.line(picture);
          }
          for (const line of factLines(facts, split)) context.out.line(line);
          context.out.json({
            ...(picture === undefined ? {} : { file: picture }),
            sample: id,
            run: run.record.run,
            weights: run.record.network?.weights.name ?? null,
            output: facts.map.output,
            predicted: facts.predicted,
            method: facts.map.method,
            logit: facts.logit,
            probability: facts.probability,
            split,
            seen_in_training: split === 'train',
            region: facts.map.region,
            width: facts.map.width,
            height: facts.map.height,
            values: Array.from(facts.map.values),
          });
        } finally {
          await explainer.close();
        }
        return undefined;
      }),
    );
}

interface Facts {
  readonly map: Heatmap;
  /** The most probable class or finding. */
  readonly predicted: string;
  readonly logit: number;
  readonly probability: number;
}

function describeMap(explainer: Explainer, maps: ImageMaps, id: string, wanted: number | undefined): Facts {
  const { outputs } = explainer;
  const probabilities = explainer.probabilities(maps);
  const likeliest = probabilities.indexOf(Math.max(...probabilities));
  const output = wanted ?? likeliest;
  return {
    map: heatmapOf(maps, id, outputs, output),
    predicted: present(outputs[likeliest], 'the output'),
    logit: present(maps.logits[output], 'the logit'),
    probability: present(probabilities[output], 'the probability'),
  };
}

function factLines({ map, logit, probability }: Facts, split: Split): readonly string[] {
  const least = Math.min(...map.values).toPrecision(3);
  const most = Math.max(...map.values);
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const { left, top, width, height } = map.region;
  const trained =
    split === 'train'
      ? 'in the training part: the last layer that is explained was fitted on this image'
      : `in the ${split} part: the last layer that is explained has not seen this image`;
  return [
    `${titles[map.method]} of "${map.output}" in ${map.sample}`,
    `  logit ${logit.toFixed(3)}, probability ${probability.toFixed(3)}`,
    most > 0
      ? `  ${map.width} × ${map.height} values from ${least} to ${most.toPrecision(3)}; coloured from 0`
      : `  nothing in this image speaks for "${map.output}": the most is ${most.toPrecision(3)}`,
    `  covers ${percent(left)} to ${percent(left + width)} of the width, ` +
      `${percent(top)} to ${percent(top + height)} of the height`,
    `  ${trained}`,
  ];
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('--opacity must be a number from 0 to 1.');
}
