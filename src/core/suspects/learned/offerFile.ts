/**
 * Offers: which labels were offered together, how each came in, and what the model said of it before. They lie in the cache;
 * what is lasting of them (offer and propensity) stands in the events that answer them.
 */
import * as path from 'node:path';
import { OverreadError } from '../../base/errors';
import { readTextIfPresent } from '../../base/files';
import type { ProjectFolder } from '../../base/projectFolder';
import type { Shown } from '../../labels/model';
import type { DrawnBy } from './batch';

const folderName = '.overread/offers';

export interface OfferItem {
  readonly sample: string;
  readonly finding: string;
  readonly propensity: number;
  readonly by: DrawnBy;
  /** The probability of a change by the fits with each of `strengths`; absent before there was a model. */
  readonly p?: readonly number[];
}

export interface Offer {
  readonly v: 1;
  /** ULID. */
  readonly offer: string;
  readonly created: string;
  readonly seed: number;
  /** Labels that nobody had looked at when it was drawn. */
  readonly unreviewed: number;
  readonly items: readonly OfferItem[];
}

export async function writeOffer(folder: ProjectFolder, offer: Offer): Promise<void> {
  await folder.writeFile(`${folderName}/${offer.offer}.json`, `${JSON.stringify(offer)}\n`);
}

/** An offer by its id; undefined where the cache has none that can be read. */
export async function readOffer(root: string, id: string): Promise<Offer | undefined> {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/i.test(id)) return undefined;
  const text = await readTextIfPresent(path.join(root, folderName, `${id.toUpperCase()}.json`));
  try {
    const data = JSON.parse(text ?? '') as Offer;
    return isOffer(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function isOffer(data: unknown): data is Offer {
  if (typeof data !== 'object' || data === null) return false;
  const { v, offer, items } = data as Partial<Offer>;
  return v === 1 && typeof offer === 'string' && Array.isArray(items) && items.every(isItem);
}

function isItem(data: unknown): data is OfferItem {
  if (typeof data !== 'object' || data === null) return false;
  const { sample, finding, propensity, p } = data as Partial<OfferItem>;
  const isProbability = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
  return (
    typeof sample === 'string' &&
    typeof finding === 'string' &&
    isProbability(propensity) &&
    (p === undefined || (Array.isArray(p) && p.every(isProbability)))
  );
}

/** The queue that an event of an offer names: what the answer is counted as. */
const queues: Readonly<Record<DrawnBy, string>> = {
  uniform: 'suspects',
  class: 'suspects',
  score: 'suspects',
  confident: 'suspects',
  repeat: 'repeat',
  audit: 'audit',
};

/** @throws OVR413 the cache has no such offer */
export async function openOffer(root: string, id: string): Promise<Offer> {
  const found = await readOffer(root, id);
  if (found) return found;
  throw new OverreadError({
    code: 'OVR413',
    message: `There is no offer "${id}"`,
    expected: 'the "offer" that overread suspects --next or --audit printed for this project',
    fix: 'Answer without --offer, or ask for the next offer; .overread may have been deleted since',
  });
}

/**
 * What an event is to record of an offer: nothing but the name of the sample has left it, so the answer is blind.
 * @throws OVR413 no such offer, or the item is not in it
 */
export async function shownByOffer(
  root: string,
  id: string,
): Promise<(sample: string, finding: string) => Shown> {
  const found = await openOffer(root, id);
  return (sample, finding) => {
    const item = found.items.find((one) => one.sample === sample && one.finding === finding);
    if (!item) {
      throw new OverreadError({
        code: 'OVR413',
        message: `"${sample}" (${finding}) is not in the offer ${found.offer}`,
        expected: 'an item of the offer',
        fix: 'Answer it without --offer',
      });
    }
    return { ...shownOf(item, found.offer), blind: true };
  };
}

/** How an item came to be looked at, for the event that answers it. */
export function shownOf(
  { by, propensity }: OfferItem,
  offer: string,
): Required<Pick<Shown, 'queue' | 'propensity' | 'offer'>> {
  return { queue: queues[by], propensity, offer };
}
