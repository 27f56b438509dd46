/** `--weights auto`: the wanted architecture's pretrained weights, else any that can be had, said loudly. */
import { architectureNames, getArchitecture } from '../architectures';
import type { Architecture } from '../architectures/architecture';
import { exists } from '../../base/files';
import { readChoice, writeChoice } from './autoChoice';
import { findInCache, findPublished, type PublishedRequest } from './published';
import { isInHubCache } from './hub/hub';
import { placedFile, type WeightsRecord } from './record';
import { publishedName } from './spec';
import { weightsUnreachable, type Attempt } from './unreachable';

type AutoRequest = Omit<PublishedRequest, 'published'>;

/**
 * Takes pretrained weights; never random ones.
 * @returns the weights and, when they are not the wanted ones, a note that says so
 * @throws OVR501 when no pretrained weights can be had at all
 */
export async function findAuto(
  request: AutoRequest,
): Promise<{ architecture: Architecture; record: WeightsRecord; notes: readonly string[] }> {
  const wanted = request.architecture;
  const wantedName = publishedName(wanted, wanted.weights[0]);
  const remembered = await readRemembered(request, wantedName);
  if (remembered) return remembered;
  const attempts: Attempt[] = [];
  const others = architectureNames.filter((name) => name !== wanted.name).map(getArchitecture);
  for (const architecture of [wanted, ...others]) {
    for (const published of architecture.weights) {
      const found = await findPublished({ ...request, architecture, published });
      const name = publishedName(architecture, published);
      if (found.record) {
        if (architecture === wanted) return { architecture, record: found.record, notes: [] };
        const because = attempts[0]!.tried.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
        await writeChoice(request.cacheDir, { wanted: wantedName, took: name, because }, request.env);
        return { architecture, record: found.record, notes: [note(wantedName, name, because, '')] };
      }
      attempts.push({ name, published, tried: found.tried });
    }
  }
  const [first, ...rest] = attempts;
  throw weightsUnreachable([first!, ...rest], request.cacheDir, request.env);
}

async function readRemembered(
  request: AutoRequest,
  wantedName: string,
): Promise<{ architecture: Architecture; record: WeightsRecord; notes: readonly string[] } | undefined> {
  const { cacheDir, env } = request;
  // Wanted weights that have come to this machine since are taken at once.
  const hubFile = await isInHubCache(request.architecture.weights[0], env);
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
