/** The part of `overread suspects` that goes by what a reader did: the learned list, offers, audits, the yield. */
import { randomInt } from 'node:crypto';
import { exitCodes, OverreadError } from '../../../core/base/errors';
import { defaultAnnotator } from '../../../core/labels/annotator';
import type { Project } from '../../../core/project/project';
import { confidentSuspects } from '../../../core/suspects/confidentSuspects';
import { contradictions } from '../../../core/suspects/contradictions';
import { makeAudit, makeOffer } from '../../../core/suspects/learned/makeOffer';
import { modelFrom } from '../../../core/suspects/learned/batch';
import { openSession, type ReviewSession } from '../../../core/suspects/learned/session';
import { featuresOf, projectFits } from '../../../core/suspects/projectFits';
import { imageContents } from '../../../core/suspects/sources';
import { listSuspects } from '../../../core/suspects/suspectList';
import type { TrainWork } from '../../../core/trainers/trainer';
import type { CommandContext } from '../../command';
import type { SuspectFlags } from '../suspects';
import { printAudit, printOffer, printSuspects, printYield } from './print';
import { wantedItems } from './wanted';
import { yieldOf } from './yield';

export async function runReview(
  context: CommandContext,
  flags: SuspectFlags,
  project: Project,
  work: TrainWork,
): Promise<number> {
  const { env, out } = context;
  const isWanted = await wantedItems(context, flags, project, null);
  const found = await featuresOf(project, work);
  const session = await openSession(project, {
    features: found.features,
    isWanted,
    named: flags.annotator,
    usual: env['OVERREAD_ANNOTATOR'] ?? (await defaultAnnotator(project.root, env)),
    columns: flags.columns ?? [],
  });
  const line = (text: string): void => out.line(text);
  if (flags.yield === true) {
    const found = yieldOf(project, session);
    out.json(found);
    printYield(line, found);
    return exitCodes.done;
  }
  const seed = flags.seed ?? randomInt(2 ** 32);
  if (flags.audit === true) {
    const { offer, audit, alpha, open } = await makeAudit(project, session, seed);
    const { target } = project.config.review;
    const about = { offer: offer.offer, audit, n: offer.items.length, alpha, target };
    const items = open.map(({ sample, finding, propensity }) => ({ sample, finding, propensity }));
    out.json({ ...about, unreviewed: offer.unreviewed, items });
    printAudit(line, { ...about, unreviewed: offer.unreviewed, items });
    return exitCodes.done;
  }
  if (flags.next === undefined) return listLearned(context, flags, project, session, isWanted, work);
  const suspicion = await suspicionOf(project, session, found, flags, work);
  const { offer, items } = await makeOffer(project, session, {
    size: flags.next,
    seed,
    start: flags.start,
    suspicion,
  });
  const shown = items.map(({ sample, finding, propensity }) => ({ sample, finding, propensity }));
  out.json({ offer, items: shown });
  printOffer(line, offer, shown);
  return exitCodes.done;
}

/** What confident learning says; it takes fits, so only where a finding has no model yet. */
async function suspicionOf(
  project: Project,
  { models, candidates }: ReviewSession,
  features: Awaited<ReturnType<typeof featuresOf>>,
  { start, repeats }: SuspectFlags,
  work: TrainWork,
): Promise<(item: number) => number> {
  const width = project.dataset.findings.length;
  const open = new Set(candidates.map(({ item }) => item % width));
  const isReady = [...open].every((finding) => {
    const { changed, kept } = models.countsOf(finding);
    return changed >= modelFrom && kept >= modelFrom;
  });
  if (isReady || start === 'random') return () => NaN;
  const { predictions } = await projectFits(project, features, work, repeats);
  const { quality } = confidentSuspects(project.labels, project.assignment, predictions);
  return (item) => 1 - (quality[item] ?? NaN);
}

/** Every label that nobody has looked at, by the probability that a look changes it. @throws OVR700 no model yet */
async function listLearned(
  { out }: CommandContext,
  { limit, run }: SuspectFlags,
  project: Project,
  session: ReviewSession,
  isWanted: (item: number) => boolean,
  work: TrainWork,
): Promise<number> {
  const items = session.candidates.map(({ item }) => item);
  const p = session.models.probabilities(items);
  const score = new Map(items.map((item, n) => [item, p[n] ?? NaN]));
  if (p.every(Number.isNaN)) {
    throw new OverreadError({
      code: 'OVR700',
      message: `There are too few looks by ${session.reader ?? 'anybody'} to learn from`,
      expected: 'answers to labels of which one was changed and one was kept, at least',
      fix: 'Ask for labels with overread suspects DIR --next 10, and answer them with overread label or keep and --offer',
    });
  }
  const width = project.dataset.findings.length;
  const suspects = listSuspects(
    {
      labels: project.labels,
      predictions: null,
      contradictions: contradictions(project.labels, await imageContents(project, work)),
      score: (item) => score.get(item) ?? NaN,
      isWanted,
      why: (item) => {
        const { changed, kept } = session.models.countsOf(item % width);
        return `of ${changed + kept} looks ${changed} changed the label`;
      },
    },
    (item) => score.has(item),
  );
  const found = yieldOf(project, session);
  out.json({ method: 'learned', run: run ?? null, suspects, yield: found });
  printSuspects((text) => out.line(text), project.dataset.task, { suspects, health: [], tooRare: [] }, limit);
  printYield((text) => out.line(text), found);
  return suspects.length > 0 ? exitCodes.findings : exitCodes.done;
}
