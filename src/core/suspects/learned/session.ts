/** A review under way: whose it is, what they looked at, what is left, and what their answers say of it. */
import type { ProjectFeatures } from '../../project/projectFeatures';
import type { Project } from '../../project/project';
import { isAnswered } from '../contradictions';
import type { Candidate } from './batch';
import { givenTargets } from './givenTargets';
import { looksOf, readersOf, type Look } from './looks';
import { metadataColumns } from './metadataColumns';
import { readOffer, type Offer, type OfferItem } from './offerFile';
import { ReaderModels } from './readerModel';
import { strengths, usualStrength, type Foretold } from './strength';

export interface ReviewSession {
  /** null where nobody has answered anything and nobody was named. */
  readonly reader: string | null;
  readonly looks: readonly Look[];
  /** Those that the looks come from and the cache still has. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Labels that nobody has looked at, of those that are asked for. */
  readonly candidates: readonly Candidate[];
  readonly models: ReaderModels;
  /** The stratum of an item: its finding and given label. */
  readonly stratumOf: (item: number) => number;
  /** What the model said of a look before it, where that is known. */
  readonly foretold: (look: Look) => number | undefined;
}

export interface SessionRequest {
  readonly features: ProjectFeatures;
  readonly isWanted: (item: number) => boolean;
  /** Who was named; else the usual name. */
  readonly named: string | undefined;
  readonly usual: string | undefined;
  /** Columns of the table that the model may go by. */
  readonly columns: readonly string[];
}

/** @throws as `metadataColumns` */
export async function openSession(project: Project, request: SessionRequest): Promise<ReviewSession> {
  const { labels, dataset, root } = project;
  const { features, isWanted } = request;
  const metadata = metadataColumns(dataset, request.columns);
  const reader = readerOf(project, request);
  const looks = reader === null ? [] : await looksOf(project, reader);
  const offers = await offersOf(root, looks);
  const find = offerItems(project, offers);
  const given = givenTargets(labels);
  const width = dataset.findings.length;
  const stratumOf = (item: number): number => (given[item] ?? -1) * width + (item % width);
  const candidates: Candidate[] = [];
  for (let item = 0; item < labels.items; item++) {
    const hasFeatures = features.present[Math.floor(item / width)] === 1;
    if (!hasFeatures || given[item]! < 0 || !isWanted(item) || isAnswered(labels, item)) continue;
    candidates.push({ item, stratum: stratumOf(item) });
  }
  const foretoldOf = (finding: number): Foretold[] =>
    looks.flatMap((look): Foretold[] => {
      const p = look.item % width === finding && look.changed !== null ? find(look)?.p : undefined;
      return p?.length === strengths.length ? [{ p, changed: look.changed === true }] : [];
    });
  const data = {
    features: features.features,
    dim: features.dim,
    present: features.present,
    ...(metadata ? { metadata } : {}),
  };
  return {
    reader,
    looks,
    offers,
    candidates,
    models: new ReaderModels(
      labels,
      data,
      looks,
      candidates.map(({ item }) => item),
      foretoldOf,
    ),
    stratumOf,
    foretold: (look) => find(look)?.p?.[strengths.indexOf(usualStrength)],
  };
}

/**
 * Who reads. A script may ask under one name and answer under another: where the usual name has answered nothing, and one
 * other person has, it is theirs.
 */
function readerOf(project: Project, { named, usual }: SessionRequest): string | null {
  if (named !== undefined) return named;
  const known = readersOf(project);
  if (usual !== undefined && (known.includes(usual) || known.length !== 1)) return usual;
  return known[0] ?? usual ?? null;
}

async function offersOf(root: string, looks: readonly Look[]): Promise<Map<string, Offer>> {
  const ids = new Set(looks.flatMap(({ shown: { offer } }) => (offer === undefined ? [] : [offer])));
  const offers = new Map<string, Offer>();
  for (const id of ids) {
    const offer = await readOffer(root, id);
    if (offer) offers.set(id, offer);
  }
  return offers;
}

/** What an offer says of a look that came from it. */
function offerItems(
  { labels, dataset }: Project,
  offers: ReadonlyMap<string, Offer>,
): (look: Look) => OfferItem | undefined {
  const findings = new Map(dataset.findings.map(({ name }, f) => [name, f]));
  const byOffer = new Map(
    [...offers].map(([id, { items }]) => {
      const own = items.flatMap((item) => {
        const sample = labels.index(item.sample);
        const finding = findings.get(item.finding);
        if (sample === undefined || finding === undefined) return [];
        return [[sample * dataset.findings.length + finding, item] as const];
      });
      return [id, new Map(own)];
    }),
  );
  return ({ item, shown }) => byOffer.get(shown.offer ?? '')?.get(item);
}
