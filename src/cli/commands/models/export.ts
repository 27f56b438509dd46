/** `overread models export NAME --out FILE`: a backbone as ONNX, for any runtime. */
import type { Command } from 'commander';
import { OverreadError } from '../../../core/base/errors';
import { userCacheFolder } from '../../../core/base/userCache';
import { blocksUntil } from '../../../core/networks/build';
import { exportBackbone } from '../../../core/backbones/exportBackbone';
import { resolveWeights } from '../../../core/weights/resolve';
import { publishedName } from '../../../core/weights/spec';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../../command';
import { megabytes } from './figures';
import { namedArchitecture, namedWeights } from './named';

interface Flags {
  readonly out: string;
  readonly truncate?: string;
  readonly weights?: string;
  readonly size?: number;
  readonly map?: true;
}

export function addModelsExport(models: Command, surroundings: Surroundings): void {
  withOutputOptions(models.command('export'))
    .description('write the network up to its features as ONNX: RGB in [0, 1] in, feature vectors out')
    .argument('<name>', 'an architecture, or architecture.tag')
    .requiredOption('--out <file>', 'the .onnx file to write')
    .option('--truncate <block>', 'cut after this block ("models show" lists them)')
    .option(
      '--weights <name>',
      'a tag, a file, or random[:seed] (default: the first that "models show" lists)',
    )
    .option('--size <pixels>', "side of the input (default: the weights' own)", wholeNumber('--size', 16))
    .option('--map', 'also give the last feature map')
    .action(
      action(surroundings, async (context, flags: Flags, name: string) => {
        const { out } = context;
        const architecture = namedArchitecture(name);
        const truncate = flags.truncate ?? null;
        // A block that does not exist is said before anything is fetched.
        blocksUntil(architecture, truncate);
        const file = context.resolve(flags.out);
        // Not `auto`, which may take another network's weights: this file is to be of the one that was named.
        const weights = flags.weights ?? publishedName(architecture, namedWeights(name, undefined).published);
        const resolved = await resolveWeights({
          ...context.work,
          architecture: architecture.name,
          weights,
          cacheDir: userCacheFolder(context.env),
          env: context.env,
          root: context.cwd,
        });
        for (const note of resolved.notes) out.warn(note);
        if (resolved.kind !== 'network') {
          throw new OverreadError({
            code: 'OVR001',
            message: `${weights} is an ONNX file already`,
            expected: 'weights of one of the architectures',
          });
        }
        const { identity } = resolved;
        const size = flags.size ?? identity.preprocessing.size;
        const preprocessing = { ...identity.preprocessing, size };
        const cut = { ...resolved, identity: { ...identity, preprocessing, truncate } };
        const result = await exportBackbone(cut, file, { ...context.work, map: flags.map === true });
        out.line(`${result.file}: ${megabytes(result.bytes)} of ${result.weights}`);
        out.line(`  image N × 3 × ${size} × ${size} in [0, 1] → features N × ${result.featureSize}`);
        if (result.map) out.line(`  map N × ${result.map.join(' × ')}`);
        out.line(
          `  read back and run: equal to Overread's own features within ${result.largestDifference.toExponential(1)}`,
        );
        out.json(result);
        return undefined;
      }),
    );
}
