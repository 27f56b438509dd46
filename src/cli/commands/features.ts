/** `overread features DIR --out F.npy|F.parquet`: the feature vectors for work outside Overread. */
import { Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { userCacheFolder } from '../../core/base/userCache';
import { buildBackbone } from '../../core/backbones/backbone';
import type { Precision } from '../../core/networks/model';
import type { Device } from '../../core/onnx/model';
import { resolveProjectWeights } from '../../core/project/projectWeights';
import type { Project } from '../../core/project/project';
import { describeFaults, refuseUnreadable } from '../../core/project/imageFaults';
import {
  adoptProjectFeatures,
  mergeProjectFeatures,
  projectFeatures,
  shardFeatures,
  type ProjectFeatures,
  type ProjectFeaturesRequest,
  type Shard,
} from '../../core/project/projectFeatures';
import { checkTrainingData } from '../../core/project/trainingData';
import { action, withOutputOptions, type Surroundings } from '../command';
import { writeFeatureFile } from '../featureFile';
import { devices, precisionOption } from './finetune';

interface Flags {
  readonly architecture?: string;
  readonly weights?: string;
  readonly device?: Device;
  readonly precision?: Precision;
  readonly out?: string;
  readonly adopt?: boolean;
  readonly shard?: string;
  readonly merge?: readonly string[];
}

export function addFeatures(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('features'))
    .description('write the feature vectors of all images: float32, images × features')
    .argument('<dir>', 'the project')
    .option('--architecture <name>', 'the network, by timm name (default: the project’s)')
    .option('--weights <name>', 'auto, a tag, a file, or random[:seed] (default: the project’s)')
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .addOption(precisionOption())
    .option('--out <file>', '.npy (the sample ids beside it in .samples.txt) or .parquet')
    .option('--adopt', 'use cached features that came from somebody you trust, after a spot check')
    .option('--shard <i/n>', 'compute part i of n into the cache: one part for each machine')
    .option('--merge <folder...>', 'take over parts that other machines computed, after a spot check of each')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const file = target(flags, (named) => context.resolve(named));
        const project = await context.open(dir);
        const { model } = project.config;
        const resolved = await resolveProjectWeights(project.config, {
          root: project.root,
          architecture: flags.architecture,
          weights: flags.weights,
          precision: flags.precision,
          cacheDir: userCacheFolder(context.env),
          env: context.env,
          ...context.work,
        });
        for (const note of resolved.notes) context.out.warn(note);
        const request = {
          weights: resolved.identity,
          loadBackbone: (channels) => buildBackbone(resolved, { channels, bytes: true }),
          inferenceProgram: context.inferenceProgram,
          device: flags.device ?? model.device,
          cacheDir: userCacheFolder(context.env),
          env: context.env,
          ...context.work,
        } satisfies ProjectFeaturesRequest;
        if (flags.adopt === true) {
          const adoption = await adoptProjectFeatures(project, request);
          context.out.line(
            `${adoption.adopted} features adopted after ${adoption.checked} images were computed and agreed`,
          );
          if (file === undefined) context.out.json(adoption);
        }
        if (flags.shard !== undefined) {
          const shard = shardOf(flags.shard);
          const { computed, cached, faults } = await shardFeatures(project, request, shard);
          context.out.line(
            `part ${flags.shard}: ${computed} computed, ${cached} in the cache, ${faults.length} unreadable`,
          );
          context.out.json({ ...shard, computed, cached, unreadable: faults.length });
        }
        if (flags.merge !== undefined) {
          const folders = flags.merge.map((folder) => context.resolve(folder));
          const merged = await mergeProjectFeatures(project, request, folders);
          context.out.line(
            `${merged.adopted} features adopted after ${merged.checked} images were computed and agreed`,
          );
          if (file === undefined) context.out.json(merged);
        }
        if (file === undefined) return undefined;
        const { table, kept } = await writeTable(file, project, request, (made) =>
          context.out.problems([...checkTrainingData(project, resolved), ...made.problems]),
        );
        const half = resolved.identity.precision === 'fp16' ? ' in half precision' : '';
        context.out.line(`${file}: ${kept} × ${table.dim} of ${resolved.identity.name}${half}`);
        if (table.faults.faults.length > 0) context.out.line(`  ${describeFaults(table.faults)}`);
        context.out.json({
          file,
          shape: [kept, table.dim],
          weights: resolved.identity.name,
          precision: resolved.identity.precision ?? 'fp32',
          cached: table.cached,
          computed: table.computed,
          skipped: project.dataset.samples.length - kept,
        });
        return undefined;
      }),
    );
}

/** Writes the features of what could be read, and gives what is known of them. @throws OVR303 nothing could be read */
async function writeTable(
  file: string,
  project: Project,
  request: ProjectFeaturesRequest,
  tell: (table: ProjectFeatures) => void,
): Promise<{ readonly table: ProjectFeatures; readonly kept: number }> {
  const { table, ids } = await writeFeatureFile(file, async (sink) => {
    const table = await projectFeatures(project, { ...request, sink });
    refuseUnreadable(table.faults);
    tell(table);
    const kept = [...project.dataset.samples.entries()].filter(([i]) => table.present[i] === 1);
    return { places: kept.map(([i]) => i), ids: kept.map(([, { id }]) => id), dim: table.dim, table };
  });
  return { table, kept: ids.length };
}

/** @throws OVR001 */
function shardOf(text: string): Shard {
  const [, part = NaN, parts = NaN] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (part >= 1 && part <= parts) return { part, parts };
  throw new OverreadError({
    code: 'OVR001',
    message: `"${text}" is no part`,
    expected: 'i/n with 1 ≤ i ≤ n, as 3/8',
  });
}

/** The file to write, where one is named. @throws OVR001 */
function target({ out, adopt, shard, merge }: Flags, resolve: (file: string) => string): string | undefined {
  if (out === undefined && (adopt === true || shard !== undefined || merge !== undefined)) return undefined;
  const file = resolve(out ?? '');
  if (out !== undefined && /\.(npy|parquet)$/.test(file)) return file;
  throw new OverreadError({
    code: 'OVR001',
    message:
      out === undefined ? 'No file is named for the features' : `Features cannot be written to "${out}"`,
    expected: 'a file name that ends in .npy or .parquet (--out), or --adopt, --shard or --merge',
  });
}
