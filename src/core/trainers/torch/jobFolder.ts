/** The job that Python reads: everything resolved, so that it has nothing to decide. */
import { Type } from '@sinclair/typebox';
import { jsonReader } from '../../base/checkedJson';
import { OverreadError } from '../../base/errors';
import { canonicalJson, sha256 } from '../../base/files';
import type { WorkOptions } from '../../base/ports';
import type { Problem } from '../../base/report';
import { readPlainFile } from '../../base/readPlain';
import { getArchitecture } from '../../networks';
import type { Targets } from '../../labels/model';
import type { Project } from '../../project/project';
import { faultProblems, refuseUnreadable } from '../../project/imageFaults';
import { writeSafetensors } from '../../weights/stateDict/safetensors';
import type { NetworkWeights } from '../../weights/model';
import { workFiles } from './model';
import { writePixels, type PixelShards } from './pixels';
import type { TorchSettings } from './settings';

/** What the work needs of its images besides their pixels. */
export interface PreparedImages {
  readonly contentHashes: readonly string[];
  readonly problems: readonly Problem[];
}

export interface JobContent {
  readonly project: Project;
  readonly targets: Targets;
  readonly resolved: NetworkWeights;
  readonly settings: TorchSettings;
  /** Below the project's root. */
  readonly folder: string;
  /** The pixels, where they lie in another folder already; names of shards lead there from the job's. */
  readonly pixels?: PixelShards;
  /** The network without the inner fold alone is trained: what a comparison of settings needs. */
  readonly onlyInner?: boolean;
}

/** The fold whose images are held out to stop early and to calibrate, where folds are not trained. */
const innerFold = 0;

const parseImages = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    fingerprint: Type.String(),
    content_hashes: Type.Array(Type.String({ pattern: '^([0-9a-f]{64})?$' })),
    problems: Type.Array(
      Type.Object({
        code: Type.String(),
        severity: Type.Unsafe<Problem['severity']>({ type: 'string', enum: ['error', 'warning', 'info'] }),
        message: Type.String(),
      }),
    ),
  }),
);

/**
 * Writes the job, or finds that an earlier one left the same.
 * @returns what is known of its images
 * @throws OVR303 no image can be read; OVR705 the folder holds another job; OVR003, OVR005
 */
export async function prepareJob(content: JobContent, work: WorkOptions): Promise<PreparedImages> {
  const { project, folder, resolved } = content;
  const { architecture } = resolved.identity;
  const fingerprint = fingerprintOf(content);
  const earlier = await readImages(project, folder);
  if (earlier !== undefined) {
    if (earlier.fingerprint !== fingerprint) throw changed(folder);
    return { contentHashes: earlier.content_hashes, problems: earlier.problems };
  }
  await project.folder.makeFolder(folder);
  const pixels =
    content.pixels ?? (await writePixels(project, folder, resolved.identity.preprocessing, work));
  const all = {
    table: project.config.dataset.table,
    images: project.dataset.samples.length,
    faults: pixels.faults,
  };
  refuseUnreadable(all);
  work.onProgress?.({ stage: 'write', done: 0 });
  await project.folder.writeFile(`${folder}/${workFiles.samples}`, samplesFile(content, pixels));
  await project.folder.writeFile(`${folder}/${workFiles.initial}`, writeSafetensors(await resolved.load()));
  const job = {
    v: 1,
    fingerprint,
    ...describe(content),
    network: {
      architecture,
      classifier: getArchitecture(architecture).classifier,
      ...content.settings.network,
    },
    inner_fold: innerFold,
    only_inner: content.onlyInner === true,
    shards: pixels.shards,
  };
  await project.folder.writeFile(`${folder}/${workFiles.job}`, `${JSON.stringify(job, null, 1)}\n`);
  const problems = faultProblems(all);
  const images = { v: 1, fingerprint, content_hashes: pixels.contentHashes, problems };
  // It comes last: with it the job is whole.
  await project.folder.writeFile(`${folder}/${workFiles.images}`, `${JSON.stringify(images)}\n`);
  return { contentHashes: pixels.contentHashes, problems };
}

/** Removes what only training needed; logits, features and progress stay. */
export async function clearJob(project: Project, folder: string): Promise<void> {
  const job = await readPlainFile(project.folder.path(folder, workFiles.job)).catch(() => undefined);
  if (job === undefined) return;
  const { shards } = JSON.parse(Buffer.from(job).toString('utf8')) as { shards: { file: string }[] };
  const files = shards.map(({ file }) => file).filter((file) => /^pixels-\d+\.bin$/.test(file));
  for (const file of [...files, workFiles.initial, workFiles.weights])
    await project.folder.removeFile(`${folder}/${file}`);
}

/** What training depends on, images apart: a resumed job must have the same. */
function fingerprintOf(content: JobContent): string {
  const { project, targets, resolved } = content;
  const { samples } = project.dataset;
  return sha256(
    canonicalJson({
      ...describe(content),
      network: content.settings.network,
      weights: resolved.identity.sha256,
      preprocessing: resolved.identity.preprocessing,
      samples: sha256(JSON.stringify(samples.map(({ id }) => id))),
      targets: sha256(targets.y.join(',')),
      fold: sha256(project.assignment.fold.join(',')),
    }),
  );
}

function describe({ targets, resolved, settings }: JobContent) {
  const { size, mean, std } = resolved.identity.preprocessing;
  return {
    task: targets.task,
    outputs: targets.outputs,
    input: { size, mean, std },
    settings: settings.training,
    folds: settings.folds,
  };
}

function samplesFile(
  { project, targets }: JobContent,
  { shard, place }: { readonly shard: Int32Array; readonly place: Int32Array },
): Uint8Array {
  const samples = project.dataset.samples.length;
  const width = targets.y.length / samples;
  const fold = trainingFold(project, targets, shard);
  const tensor = (shape: readonly number[], values: Int32Array) => ({
    shape,
    data: Float32Array.from(values),
  });
  return writeSafetensors(
    new Map([
      ['targets', tensor([samples, width], targets.y)],
      ['fold', tensor([samples], fold)],
      ['shard', tensor([samples], shard)],
      ['place', tensor([samples], place)],
    ]),
  );
}

/** The fold of each sample that is trained on: in the training part, with a label and with pixels; else -1. */
export function trainingFold({ assignment }: Project, targets: Targets, shard: Int32Array): Int32Array {
  const width = targets.y.length / shard.length;
  return assignment.fold.map((fold, i) =>
    shard[i]! >= 0 && targets.y.subarray(i * width, (i + 1) * width).some((y) => y >= 0) ? fold : -1,
  );
}

async function readImages(project: Project, folder: string) {
  const file = project.folder.path(folder, workFiles.images);
  const bytes = await readPlainFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  try {
    return parseImages(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function changed(folder: string): OverreadError {
  return new OverreadError({
    code: 'OVR705',
    message: 'The job cannot be resumed: labels, split, settings or weights have changed since it began',
    place: { file: folder },
    fix: 'Start a new one, without --resume',
  });
}
