/** `overread models pull NAME`: fetches published weights, or says which files a machine without network needs. */
import type { Command } from 'commander';
import { OverreadError } from '../../../core/base/errors';
import { userCacheFolder } from '../../../core/base/userCache';
import { present } from '../../../core/base/present';
import { architectureNames, getArchitecture } from '../../../core/networks';
import type { Architecture, PublishedWeights } from '../../../core/networks/architecture';
import {
  describeElsewhere,
  describePublished,
  isHere,
  type PublishedFile,
} from '../../../core/weights/publishedFile';
import { findInCache } from '../../../core/weights/published';
import { recordedFile } from '../../../core/weights/record';
import { resolveWeights } from '../../../core/weights/resolve';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../../command';
import { table } from '../../describeMetrics';
import { knownHash, megabytes } from './figures';
import { namedWeights } from './named';

interface Flags {
  readonly weights?: string;
  readonly all?: true;
  readonly listFiles?: true;
}

interface Wanted {
  readonly architecture: Architecture;
  readonly published: PublishedWeights;
}

export function addModelsPull(models: Command, surroundings: Surroundings): void {
  withOutputOptions(models.command('pull'))
    .description('fetch published weights into the cache, or list the files to bring by hand')
    .argument('[name]', 'an architecture, or architecture.tag')
    .option('--weights <tag>', 'which of its weights (default: the first that "models show" lists)')
    .option('--all', 'the default weights of every architecture')
    .option('--list-files', 'fetch nothing: print address, size, SHA-256 and place of each file')
    .action(
      action(surroundings, async (context, flags: Flags, name?: string) => {
        const wanted = namedFiles(name, flags);
        const place = { cacheDir: userCacheFolder(context.env), env: context.env };
        const files = wanted.map(({ architecture, published }) =>
          describePublished(architecture, published, place),
        );
        if (flags.listFiles === true) {
          const elsewhere = flags.all === true ? architectureNames.map(getArchitecture) : [];
          listFiles(context, [...files, ...elsewhere.flatMap((one) => describeElsewhere(one) ?? [])]);
          return undefined;
        }
        const pulled = [];
        for (const [i, one] of wanted.entries()) {
          pulled.push(await pull(context, one, present(files[i], 'the file'), place.cacheDir));
        }
        context.out.json(flags.all === true ? pulled : pulled[0]);
        return undefined;
      }),
    );
}

function namedFiles(name: string | undefined, { all, weights }: Flags): readonly Wanted[] {
  if ((name === undefined) !== (all === true) || (all === true && weights !== undefined)) {
    throw new OverreadError({
      code: 'OVR001',
      message: 'It is not clear which weights are meant',
      expected: 'a name with or without --weights, or --all',
    });
  }
  if (name !== undefined) return [namedWeights(name, weights)];
  return architectureNames.map(getArchitecture).flatMap((architecture) => {
    const [published] = architecture.weights;
    return published ? [{ architecture, published }] : [];
  });
}

async function pull(
  { out, work, env }: CommandContext,
  { architecture, published }: Wanted,
  described: PublishedFile,
  cacheDir: string,
): Promise<object> {
  const known = described.sha256 ?? 'pinned on first use';
  if (await isHere(architecture, published, { cacheDir, env })) out.line(`${described.name} is here already`);
  else {
    out.line(`${described.name} from ${described.url}`);
    out.line(`  about ${megabytes(described.bytes)}, ${published.licence}, SHA-256 ${known}`);
  }
  const resolved = await resolveWeights({
    ...work,
    architecture: architecture.name,
    weights: described.name,
    cacheDir,
    env,
  });
  if (resolved.kind !== 'network') throw new Error(`${described.name} are no weights of a network`);
  // Read once: a file of another network is found now, not in the middle of a run.
  const tensors = (await resolved.load()).size;
  const record = await findInCache(cacheDir, described.name);
  const file = record && (await recordedFile(cacheDir, record));
  out.line(`  ${file ?? described.name}`);
  out.line(`  SHA-256 ${resolved.identity.sha256}, from ${resolved.identity.source}; ${tensors} tensors fit`);
  return {
    name: described.name,
    file: file ?? null,
    bytes: record?.bytes ?? null,
    sha256: resolved.identity.sha256,
    source: resolved.identity.source,
    tensors,
  };
}

function listFiles({ out }: CommandContext, files: readonly PublishedFile[]): void {
  for (const file of files) {
    out.line(file.name);
    for (const line of table([
      ['fetch', file.url],
      ['size', `about ${megabytes(file.bytes)}`],
      ['SHA-256', knownHash(file)],
      ['put it to', file.target ?? 'any place, and give it with --weights FILE'],
    ])) {
      out.line(line);
    }
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  out.line(`${files.length} ${files.length === 1 ? 'file' : 'files'}, about ${megabytes(bytes)}`);
  out.json(files);
}
