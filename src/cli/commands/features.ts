/** `overread features DIR --out F.npy|F.parquet`: the feature vectors for work outside Overread. */
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import { FLOAT, LIST, VARCHAR, listValue } from '@duckdb/node-api';
import { createTable, withMemoryDatabase, writeParquet } from '../../core/base/duckdb';
import { OverreadError } from '../../core/base/errors';
import { replaceFile, writeFileAtomic } from '../../core/base/files';
import { userCacheFolder } from '../../core/base/userCache';
import { buildBackbone } from '../../core/backbones/backbone';
import type { Device } from '../../core/onnx/model';
import { resolveProjectWeights } from '../../core/project/projectWeights';
import { openProject } from '../../core/project/project';
import { describeFaults, refuseUnreadable } from '../../core/project/imageFaults';
import {
  adoptProjectFeatures,
  projectFeatures,
  type ProjectFeaturesRequest,
} from '../../core/project/projectFeatures';
import { checkTrainingData } from '../../core/project/trainingData';
import { action, withOutputOptions, type Surroundings, inferenceProgram } from '../command';
import { devices } from './finetune';
import { serialiseNpy } from '../npy';

interface Flags {
  readonly architecture?: string;
  readonly weights?: string;
  readonly device?: Device;
  readonly out?: string;
  readonly adopt?: boolean;
}

export function addFeatures(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('features'))
    .description('write the feature vectors of all images: float32, images × features')
    .argument('<dir>', 'the project')
    .option('--architecture <name>', 'the network, by timm name (default: the project’s)')
    .option('--weights <name>', 'auto, a tag, a file, or random[:seed] (default: the project’s)')
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .option('--out <file>', '.npy (the sample ids beside it in .samples.txt) or .parquet')
    .option('--adopt', 'use cached features that came from somebody you trust, after a spot check')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const { file, extension } = target(flags, (named) => context.resolve(named));
        const project = await openProject(await context.project(dir), { policy: context.policy });
        const { model } = project.config;
        const resolved = await resolveProjectWeights(project.config, {
          root: project.root,
          architecture: flags.architecture,
          weights: flags.weights,
          cacheDir: userCacheFolder(context.env),
          env: context.env,
          ...context.work,
        });
        for (const note of resolved.notes) context.out.warn(note);
        const request = {
          weights: resolved.identity,
          loadBackbone: (channels) => buildBackbone(resolved, { channels }),
          inferenceProgram,
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
        if (file === undefined) return undefined;
        const table = await projectFeatures(project, request);
        refuseUnreadable(table.faults);
        context.out.problems([...checkTrainingData(project, resolved), ...table.problems]);
        const kept = project.dataset.samples.flatMap((sample, i) =>
          table.present[i] === 1 ? [{ id: sample.id, i }] : [],
        );
        const row = (i: number): Float32Array => table.features.subarray(i * table.dim, (i + 1) * table.dim);
        if (extension === '.npy') {
          const data = new Float32Array(kept.length * table.dim);
          kept.forEach(({ i }, at) => data.set(row(i), at * table.dim));
          await writeFileAtomic(file, serialiseNpy(data, [kept.length, table.dim]));
          await writeFileAtomic(`${file.slice(0, -4)}.samples.txt`, kept.map(({ id }) => `${id}\n`).join(''));
        } else {
          await withMemoryDatabase(async (connection) => {
            await createTable(connection, 'features', [
              { name: 'sample', type: VARCHAR, values: kept.map(({ id }) => id) },
              { name: 'features', type: LIST(FLOAT), values: kept.map(({ i }) => listValue([...row(i)])) },
            ]);
            await replaceFile(file, (temporary) =>
              writeParquet(connection, 'SELECT * FROM features', temporary),
            );
          });
        }
        context.out.line(`${file}: ${kept.length} × ${table.dim} of ${resolved.identity.name}`);
        if (table.faults.faults.length > 0) context.out.line(`  ${describeFaults(table.faults)}`);
        context.out.json({
          file,
          shape: [kept.length, table.dim],
          weights: resolved.identity.name,
          cached: table.cached,
          computed: table.computed,
          skipped: project.dataset.samples.length - kept.length,
          problems: table.problems,
        });
        return undefined;
      }),
    );
}

/** The file to write, where one is named. @throws OVR001 */
function target(
  { out, adopt }: Flags,
  resolve: (file: string) => string,
): { readonly file?: string; readonly extension?: string } {
  if (out === undefined && adopt === true) return {};
  const file = resolve(out ?? '');
  const extension = path.extname(file);
  if (out !== undefined && (extension === '.npy' || extension === '.parquet')) return { file, extension };
  throw new OverreadError({
    code: 'OVR001',
    message:
      out === undefined ? 'No file is named for the features' : `Features cannot be written to "${out}"`,
    expected: 'a file name that ends in .npy or .parquet (--out), or --adopt',
  });
}
