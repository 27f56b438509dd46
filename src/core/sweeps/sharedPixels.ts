/** Pixels of the project's images that all trainings of a sweep share: decoded once for each preprocessing. */
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { isErrnoException } from '../base/errnoException';
import { canonicalJson, exists, sha256 } from '../base/files';
import type { WorkOptions } from '../base/ports';
import { readPlainFile } from '../base/readPlain';
import type { Preprocessing } from '../images/model';
import type { Project } from '../project/project';
import { writePixels, type PixelShards } from '../trainers/torch/pixels';

const indices = Type.Array(Type.Integer({ minimum: -1 }));
const parseIndex = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    shards: Type.Array(
      Type.Object({
        file: Type.String({ pattern: '^pixels-\\d+\\.bin$' }),
        channels: Type.Union([Type.Literal(1), Type.Literal(3)]),
        images: Type.Integer({ minimum: 0 }),
      }),
    ),
    shard: indices,
    place: indices,
  }),
);

const indexFile = 'index.json';
/** The shards lie below the index. */
const images = 'images';

/**
 * The pixels, as names from a folder beside theirs lead to them.
 * @param parent the sweep's folder, below the project's root
 */
export async function sharedPixels(
  project: Project,
  parent: string,
  preprocessing: Preprocessing,
  work: WorkOptions,
): Promise<PixelShards> {
  const name = `pixels-${sha256(canonicalJson(preprocessing)).slice(0, 12)}`;
  if (!(await exists(project.folder.path(parent, name)))) {
    const made = project.folder.createWholeFolder(parent, name, async (folder) => {
      await folder.makeFolder(images);
      const { shards, shard, place } = await writePixels({ ...project, folder }, images, preprocessing, work);
      const index = { v: 1, shards, shard: [...shard], place: [...place] };
      await folder.writeFile(indexFile, JSON.stringify(index));
    });
    await made.catch(async (error: unknown) => {
      // Another worker was faster.
      if (!(await exists(project.folder.path(parent, name, indexFile)))) throw error;
    });
  }
  const { shards, shard, place } = await readIndex(project, parent, name);
  return {
    shards: shards.map((one) => ({ ...one, file: `../${name}/${images}/${one.file}` })),
    shard: Int32Array.from(shard),
    place: Int32Array.from(place),
    // What was wrong with the images was told when their features were computed.
    contentHashes: [],
    faults: [],
  };
}

/** Removes the pixels of a sweep that has ended; while others train on them they stay. */
export async function removePixels(
  project: Project,
  parent: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names.filter((one) => /^pixels-[0-9a-f]{12}$/.test(one)))
    await project.folder.removeWholeFolder(parent, name);
}

async function readIndex(
  project: Project,
  parent: string,
  name: string,
): Promise<ReturnType<typeof parseIndex>> {
  try {
    return parseIndex((await readPlainFile(project.folder.path(parent, name, indexFile))).toString('utf8'));
  } catch (error) {
    if (!(error instanceof JsonFault) && !isErrnoException(error)) throw error;
    // A damaged one is made again by the next call.
    await project.folder.removeWholeFolder(parent, name);
    throw error;
  }
}
