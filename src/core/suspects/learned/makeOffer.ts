/** Makes an offer and keeps it, so that the answers to it can say how each label came in. */
import { ulid } from 'ulid';
import type { Project } from '../../project/project';
import { drawUniformly } from './batch';
import { SplitMix32 } from '../../base/random';
import { auditResults, nextAudit } from './audit';
import { drawOffer, type DrawnOffer, type Start } from './drawOffer';
import { writeOffer, type Offer } from './offerFile';
import type { ReviewSession } from './session';

export interface OfferRequest {
  readonly size: number;
  readonly seed: number;
  readonly start: Start;
  /** By item, high is suspect, NaN for none. */
  readonly suspicion: (item: number) => number;
}

/** The next labels to look at. @throws OVR003, OVR005 it cannot be written */
export async function makeOffer(
  project: Project,
  session: ReviewSession,
  { size, seed, start, suspicion }: OfferRequest,
): Promise<Offer> {
  const drawn = drawOffer({
    candidates: session.candidates,
    findings: project.dataset.findings.length,
    models: session.models,
    looks: session.looks,
    suspicion,
    size,
    seed,
    start,
  });
  return keep(project, session, seed, drawn);
}

export interface AuditOffer {
  readonly offer: Offer;
  readonly audit: number;
  readonly alpha: number;
  /** Of the offer those that are still to be answered. */
  readonly open: Offer['items'];
}

/** The audit that was begun and is not through, else a new one. @throws OVR003, OVR005 it cannot be written */
export async function makeAudit(project: Project, session: ReviewSession, seed: number): Promise<AuditOffer> {
  const { target } = project.config.review;
  const results = auditResults(session.looks, session.offers, target);
  const last = results.at(-1);
  const begun = last && last.passed === null ? session.offers.get(last.offer) : undefined;
  if (last && begun) {
    const answered = new Set(
      session.looks
        .filter(({ shown }) => shown.offer === begun.offer)
        .map(({ item }) => nameOf(project, item)),
    );
    const open = begun.items.filter(({ sample, finding }) => !answered.has(`${sample}\n${finding}`));
    return { offer: begun, audit: last.audit, alpha: last.alpha, open };
  }
  const audit = startedAudits(session) + 1;
  const { n, alpha } = nextAudit(audit, session.candidates.length, target);
  const drawn = drawUniformly(session.candidates, n, new SplitMix32(seed >>> 0), 'audit');
  const before = session.models.allProbabilities(drawn.map(({ item }) => item));
  const offer = await keep(
    project,
    session,
    seed,
    drawn.map((one, k) => ({ ...one, p: before[k] ?? [] })),
  );
  return { offer, audit, alpha, open: offer.items };
}

function startedAudits({ looks }: ReviewSession): number {
  return new Set(looks.flatMap(({ shown }) => (shown.queue === 'audit' ? [shown.offer] : []))).size;
}

function nameOf({ labels, dataset }: Project, item: number): string {
  const width = dataset.findings.length;
  return `${labels.sampleId(item)}\n${dataset.findings[item % width]?.name ?? ''}`;
}

async function keep(
  { folder, labels, dataset }: Project,
  { candidates }: ReviewSession,
  seed: number,
  drawn: readonly DrawnOffer[],
): Promise<Offer> {
  const width = dataset.findings.length;
  const now = new Date();
  const offer: Offer = {
    v: 1,
    offer: ulid(now.getTime()),
    created: now.toISOString(),
    seed,
    unreviewed: candidates.length,
    items: drawn.map(({ item, propensity, by, p }) => ({
      sample: labels.sampleId(item),
      finding: dataset.findings[item % width]?.name ?? '',
      propensity,
      by,
      ...(p.length > 0 ? { p } : {}),
    })),
  };
  await writeOffer(folder, offer);
  return offer;
}
