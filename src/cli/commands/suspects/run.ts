/** What `overread suspects` does: labels beside probabilities of models that did not see them. */
import { exitCodes, OverreadError } from '../../../core/base/errors';
import { openChecks } from '../../../core/checks/openChecks';
import type { Project } from '../../../core/project/project';
import { confidentSuspects, type ConfidentSuspects } from '../../../core/suspects/confidentSuspects';
import { contradictions, registeredContradictions } from '../../../core/suspects/contradictions';
import { imageContents, suspectSource, type SuspectSource } from '../../../core/suspects/sources';
import { listSuspects, type Suspect } from '../../../core/suspects/suspectList';
import type { CommandContext } from '../../command';
import type { SuspectFlags } from '../suspects';
import { trainWork } from '../looking/trainWork';
import { printSuspects } from './print';
import { runReview } from './review';
import { wantedItems } from './wanted';

export async function runSuspects(
  context: CommandContext,
  flags: SuspectFlags,
  dir: string,
): Promise<number> {
  refuseTogether(flags);
  const project = await context.open(dir);
  refuseUnknown(project, flags.finding);
  const work = trainWork(context, flags.device, project);
  const isReview = flags.next !== undefined || flags.audit === true || flags.yield === true;
  if (isReview || flags.method === 'learned') return runReview(context, flags, project, work);
  const source = await suspectSource(project, flags.run, work, flags.repeats);
  const isWanted = await wantedItems(context, flags, project, source.run);
  const identical = contradictions(project.labels, await imageContents(project, work));
  const checks = await openChecks(project, work.cacheDir);
  const confident = judged(flags, project, source);
  const suspects = listSuspects(
    {
      labels: project.labels,
      predictions: source.predictions,
      contradictions: [...identical, ...registeredContradictions(project.labels, checks, identical)],
      score: scoreOf(flags, source, confident),
      isWanted,
      why: (_item, probabilities) => explain(probabilities, source),
    },
    (item) => confident.flagged[item] === 1,
  );
  report(context, flags, project, source, confident, suspects);
  return suspects.length > 0 ? exitCodes.findings : exitCodes.done;
}

/** @throws OVR001 */
function refuseTogether({ next, audit, yield: asked }: SuspectFlags): void {
  if ([next !== undefined, audit === true, asked === true].filter(Boolean).length < 2) return;
  throw new OverreadError({
    code: 'OVR001',
    message: '--next, --audit and --yield ask for different things',
    expected: 'one of them',
  });
}

function judged(
  { quality, prune }: SuspectFlags,
  project: Project,
  source: SuspectSource,
): ConfidentSuspects {
  if (quality === 'fold_loss' && source.loss === null) {
    throw new OverreadError({
      code: 'OVR001',
      message: '--quality fold_loss needs fits of several folds, and a run has probabilities alone',
      fix: 'Leave --run out, or take another --quality',
    });
  }
  const own = quality === 'fold_loss' ? {} : { quality };
  return confidentSuspects(project.labels, project.assignment, source.predictions, { prune, ...own });
}

function scoreOf(
  { quality }: SuspectFlags,
  { loss }: SuspectSource,
  confident: ConfidentSuspects,
): (item: number) => number {
  if (quality === 'fold_loss' && loss) return (item) => loss[item] ?? NaN;
  return (item) => 1 - (confident.quality[item] ?? NaN);
}

/** What the model says, the likeliest first: `No_findings 92 %, Pneumonia 6 %, out of fold`. */
function explain(probabilities: Readonly<Record<string, number>>, { run, repeats }: SuspectSource): string {
  const shown = Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, p]) => `${name} ${Math.round(100 * p)} %`);
  const by = run ? `by run ${run.record.run}` : `mean of ${repeats} × cross-validation`;
  return `${shown.join(', ')} (${by})`;
}

/** @throws OVR401 */
function refuseUnknown({ dataset }: Project, finding: string | undefined): void {
  const names = dataset.findings.map(({ name }) => name);
  if (finding === undefined || names.includes(finding)) return;
  throw new OverreadError({
    code: 'OVR401',
    message: `There is no finding "${finding}"`,
    expected: `one of ${names.join(', ')}`,
  });
}

function report(
  context: CommandContext,
  flags: SuspectFlags,
  { dataset }: Project,
  { run, repeats }: SuspectSource,
  { findings, tooRare }: ConfidentSuspects,
  suspects: readonly Suspect[],
): void {
  const shown = findings.filter(({ finding }) => flags.finding === undefined || finding === flags.finding);
  const classes = (finding: string): readonly string[] =>
    dataset.task === 'multi-class'
      ? (dataset.findings.find(({ name }) => name === finding)?.values ?? [])
      : ['0', '1'];
  const health = shown.map((one) => {
    const names = classes(one.finding);
    return {
      finding: one.finding,
      labelled: one.labelled,
      estimated: one.estimated,
      flagged: one.flagged,
      health: one.health,
      classes: one.classes.map(({ index, issues, inverseIssues, noise, inverseNoise }) => ({
        value: names[index] ?? '',
        issues,
        inverse_issues: inverseIssues,
        noise,
        inverse_noise: inverseNoise,
      })),
      overlaps: one.overlaps.map(({ a, b, count, probability }) => ({
        values: [names[a] ?? '', names[b] ?? ''],
        count,
        probability,
      })),
    };
  });
  context.out.json({
    method: flags.method,
    run: run?.record.run ?? null,
    repeats,
    too_rare: tooRare,
    suspects,
    findings: health,
  });
  printSuspects((text) => context.out.line(text), dataset.task, { suspects, health, tooRare }, flags.limit);
}
