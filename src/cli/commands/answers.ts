/** An answer from the command line: read what it needs, write it as one batch, and say what was written. */
import { OverreadError } from '../../core/base/errors';
import { classFinding } from '../../core/dataset/model';
import { answerEdits } from '../../core/labels/answers';
import { defaultAnnotator } from '../../core/labels/annotator';
import { appendEdits } from '../../core/labels/log';
import type { Annotator, Answer, AnswerTarget, LabelEvent, Role } from '../../core/labels/model';
import { standingValue } from '../../core/labels/prepare';
import { checkEdit } from '../../core/labels/validate';
import { type LabelledSamples, openSamples } from '../../core/project/labelledSamples';
import type { Catalog } from '../../core/review/catalog';
import { openReview } from '../../core/review/openReview';
import { findWholeRun, latestSoundRunName } from '../../core/runs/wholeRun';
import { shownByOffer } from '../../core/suspects/learned/offerFile';
import type { CommandContext } from '../command';

export interface AnswerFlags {
  readonly annotator?: string;
  readonly role?: Role;
  readonly reason?: string;
  readonly finding?: string;
  readonly run?: string;
  readonly offer?: string;
}

/** What an answer is given to, and what is needed to write it. */
interface Asked {
  readonly project: LabelledSamples;
  readonly answer: Answer;
  readonly targets: readonly AnswerTarget[];
  /** The run that was looked at. */
  readonly run: string | undefined;
}

/** An answer that needs no model: only what stands on these samples is read. */
export async function answerSamples(
  context: CommandContext,
  flags: AnswerFlags,
  dir: string,
  samples: readonly string[],
  make: (project: LabelledSamples) => Pick<Asked, 'answer' | 'targets'>,
): Promise<void> {
  const root = await context.project(dir);
  const annotator = await annotatorOf(context, root, flags);
  const project = await openSamples(root, samples, { policy: context.policy });
  context.out.problems(project.problems);
  const made = make(project);
  const targets = await offered(project, flags.offer, made.targets);
  const asked = { ...made, targets, project, run: await latestSoundRunName(root) };
  await write(context, flags, annotator, asked);
}

/** The same targets with what the offer says of them. @throws OVR413 */
async function offered(
  { root, dataset }: LabelledSamples,
  offer: string | undefined,
  targets: readonly AnswerTarget[],
): Promise<readonly AnswerTarget[]> {
  if (offer === undefined) return targets;
  const shownOf = await shownByOffer(root, offer);
  const only = dataset.task === 'multi-class' ? classFinding : undefined;
  return targets.map((target) => ({
    ...target,
    shown: shownOf(target.sample, target.finding ?? only ?? ''),
  }));
}

/** Takes the model's label for each sample; those that it says nothing of are told and left out. */
export async function acceptSamples(
  context: CommandContext,
  flags: AnswerFlags,
  dir: string,
  samples: readonly string[],
): Promise<void> {
  const root = await context.project(dir);
  const annotator = await annotatorOf(context, root, flags);
  const project = await context.open(dir);
  const run = await findWholeRun(root, flags.run, project.dataset, (problem) => context.out.problem(problem));
  const { ids, finding } = namedIn(project, samples, flags);
  const catalog = await openReview(project, run);
  try {
    const targets = ids.map((sample) => predictedOf(project, catalog, sample, finding));
    const silent = targets.filter(({ predicted }) => typeof predicted !== 'string');
    await write(context, flags, annotator, {
      project,
      answer: { op: 'accept' },
      targets,
      run: run.record.run,
    });
    if (silent.length > 0) {
      const names = silent.slice(0, 3).map(({ sample }) => sample);
      context.out.warn(
        `${silent.length} of ${targets.length} samples have no prediction in this run and were left out, such as ${names.join(', ')}`,
      );
    }
  } finally {
    catalog.close();
  }
}

/** What the model says of a sample's finding, or of its class. @throws OVR400, OVR401 */
function predictedOf(
  { dataset, labels }: LabelledSamples,
  catalog: Catalog,
  sample: string,
  named: string | undefined,
): AnswerTarget {
  const finding = named ?? (dataset.task === 'multi-class' ? classFinding : undefined);
  if (finding === undefined) return { sample };
  checkEdit(dataset, { op: 'keep', sample, finding }, (id) => labels.index(id) !== undefined);
  const [row] = catalog.rowsOf(sample, finding);
  return row === undefined ? { sample, finding } : catalog.answerTarget(row);
}

/**
 * The samples that were named, and the finding. It may also stand last among them: a word that is no sample's id but a
 * finding's name.
 */
export function namedIn(
  { dataset, labels }: Pick<LabelledSamples, 'dataset' | 'labels'>,
  samples: readonly string[],
  { finding }: Pick<AnswerFlags, 'finding'>,
): { readonly ids: readonly string[]; readonly finding: string | undefined } {
  const last = samples.at(-1);
  const isFinding =
    finding === undefined &&
    last !== undefined &&
    samples.length > 1 &&
    labels.index(last) === undefined &&
    dataset.findings.some(({ name }) => name === last);
  return isFinding ? { ids: samples.slice(0, -1), finding: last } : { ids: samples, finding };
}

/** @throws OVR406 where nobody is named */
export async function annotatorOf(
  context: CommandContext,
  root: string,
  flags: Pick<AnswerFlags, 'annotator' | 'role'>,
): Promise<Annotator> {
  const name =
    flags.annotator ?? context.env['OVERREAD_ANNOTATOR'] ?? (await defaultAnnotator(root, context.env));
  if (name === undefined || name.trim() === '') {
    throw new OverreadError({
      code: 'OVR406',
      message: 'It is not known who makes this edit',
      fix: 'Give --annotator NAME, or set git config user.name',
    });
  }
  return { name, role: flags.role ?? 'reader' };
}

/** Says what was written, an event a line. */
export function reportEvents(context: CommandContext, events: readonly LabelEvent[]): void {
  for (const event of events) {
    const value = event.value === undefined ? '' : ` = ${event.value ?? '(none)'}`;
    const finding = event.finding === undefined ? '' : ` ${event.finding}`;
    context.out.line(`${event.op} ${event.sample}${finding}${value} by ${event.annotator}`);
  }
  context.out.json({ events });
}

async function write(
  context: CommandContext,
  { reason }: AnswerFlags,
  annotator: Annotator,
  { project, answer, targets, run }: Asked,
): Promise<void> {
  const { labels, root } = project;
  const given = reason === undefined ? answer : { ...answer, reason };
  const edits = answerEdits(labels, given, targets, run);
  const events = await appendEdits(root, annotator, edits, (edit) => standingValue(labels, edit), {
    reader: project.log,
    folder: project.folder,
    actsOn: (id) => labels.idsWith(id),
  });
  reportEvents(context, events);
}
