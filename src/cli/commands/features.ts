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
import { projectFeatures } from '../../core/project/projectFeatures';
import { checkTrainingData } from '../../core/project/trainingData';
import { action, withOutputOptions, type Surroundings, inferenceProgram } from '../command';
import { devices } from './finetune';
import { serialiseNpy } from '../npy';

interface Flags {
  readonly architecture?: string;
  readonly weights?: string;
  readonly device?: Device;
  readonly out: string;
}

export function addFeatures(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('features'))
    .description('write the feature vectors of all images: float32, images × features')
    .argument('<dir>', 'the project')
    .option('--architecture <name>', 'the network, by timm name (default: the project’s)')
    .option('--weights <name>', 'auto, a tag, a file, or random[:seed] (default: the project’s)')
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .requiredOption('--out <file>', '.npy (the sample ids beside it in .samples.txt) or .parquet')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const file = context.resolve(flags.out);
        const extension = path.extname(file);
        if (extension !== '.npy' && extension !== '.parquet') {
          throw new OverreadError({
            code: 'OVR001',
            message: `Features cannot be written to "${flags.out}"`,
            expected: 'a file name that ends in .npy or .parquet',
          });
        }
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
        const table = await projectFeatures(project, {
          weights: resolved.identity,
          loadBackbone: (channels) => buildBackbone(resolved, { channels }),
          inferenceProgram,
          device: flags.device ?? model.device,
          cacheDir: userCacheFolder(context.env),
          env: context.env,
          ...context.work,
        });
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
