/** What a person does about a finding of the check: shown what it will hit, then asked, then done. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Joined, SampleFacts, StandingCheck } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import { askText, pickOne } from '../ask';
import { changeText } from '../grid/changeText';
import { editConfigFile } from '../projects/editConfigFile';
import type { Project } from '../projects/project';
import { checkOrder, samplesQuery, splitName } from '../queries';
import { say } from '../say';
import type { Services } from '../services';

/** Samples that are named in a sentence. */
const mostNamed = 3;

/** Shows the images of a finding beside each other. */
export function openFinding({ grids }: Services, project: Project, { samples }: StandingCheck): void {
  const { summary } = project;
  if (summary)
    grids.open(project, { ...samplesQuery(summary, samples), sort: checkOrder, descending: false });
}

/** Says what moves, and treats the images as one patient when the person agrees. */
export async function keepTogether(
  { engine }: Services,
  project: Project,
  { samples, title, code }: StandingCheck,
): Promise<void> {
  const { t } = vscode.l10n;
  const plan = await engine.call('planTogether', project.root, samples);
  const keep = t('Keep together');
  const picked = await pickOne(
    [{ icon: 'link', label: keep, description: movesIn(plan), detail: comparedWith(project) }],
    {
      title: t(
        '{0} images of {1} patients become one patient',
        String(samples.length),
        String(plan.patientsBefore),
      ),
      placeholder: namedMoves(plan),
    },
  );
  if (!picked) return;
  const joined = await engine.call('keepTogether', project.root, samples, `${title.toLowerCase()} (${code})`);
  await project.refresh('dataset');
  void say.info(
    t(
      '{0} images of {1} patients are one patient now: {2}. {3}',
      ...[String(samples.length), String(joined.patientsBefore), movesIn(joined), comparedWith(project)],
    ),
  );
}

/** Has one of the images chosen, says what leaving it out will hit, and writes it with the reason. */
export async function excludeOne(
  services: Services,
  project: Project,
  finding: StandingCheck,
): Promise<void> {
  const { t } = vscode.l10n;
  const facts = await services.engine.call('sampleFacts', project.root, finding.samples);
  const open = facts.filter(({ excluded }) => !excluded);
  const chosen = open.length === 1 ? open[0] : (await pickSample(open))?.facts;
  if (!chosen) return;
  const reason = await askText(
    {
      title: t('Exclude {0}', chosen.sample),
      prompt: t('{0} It leaves training and figures; undo brings it back.', whatIsHit(chosen)),
      placeholder: t('Why: it stands beside the label event'),
      value: `${finding.code}: ${otherNames(finding, chosen.sample)}`,
    },
    (text) => (text.trim() === '' ? t('A reason is needed.') : undefined),
  );
  if (reason === undefined) return;
  const outcome = await services.engine.call('excludeSamples', project.root, [chosen.sample], reason.trim());
  services.grids.tellEdited(project, outcome);
  say.status(changeText(outcome, project.summary), 4000);
}

/** Asks why a finding may be let be, and writes it into overread.yaml. */
export async function letBe(services: Services, project: Project, finding: StandingCheck): Promise<void> {
  const { t } = vscode.l10n;
  const [sample] = finding.samples;
  const hit = services.findings
    .of(project)
    .findings.filter(
      ({ code, samples }) => code === finding.code && (sample === undefined || samples.includes(sample)),
    );
  const about =
    sample === undefined ? t('all findings of {0}', finding.code) : t('{0} of {1}', finding.code, sample);
  const reason = await askText(
    {
      title: t('Let be: {0}', about),
      prompt:
        hit.length > 1
          ? t(
              '{0} findings are not listed any more. It is written into overread.yaml, under check.ignore.',
              String(hit.length),
            )
          : t('The finding is not listed any more. It is written into overread.yaml, under check.ignore.'),
      placeholder: t('Why it may be let be'),
    },
    (text) => (text.trim() === '' ? t('A reason is needed.') : undefined),
  );
  if (reason !== undefined) await writeLetBe(services, project, finding, reason.trim());
}

/** The same, with the reason. */
export async function writeLetBe(
  { engine, findings }: Services,
  project: Project,
  { code, samples: [sample] }: StandingCheck,
  reason: string,
): Promise<void> {
  const { t } = vscode.l10n;
  const entry = { code, ...(sample === undefined ? {} : { sample }), reason };
  const { saved } = await editConfigFile(project.configFile, (text) =>
    engine.call('letFindingBe', text, entry),
  );
  if (!saved) {
    void say.info(t('overread.yaml has unsaved changes of yours: the finding goes when you save it.'));
    return;
  }
  await project.refresh('dataset');
  await findings.refresh(project);
}

/** @throws RemoteError OVR412 */
export function refuseBlind({ summary }: Project): void {
  if (summary?.blind !== true) return;
  throw new RemoteError({
    code: 'OVR412',
    message: vscode.l10n.t('While you read blind, what the check found is not shown'),
    fix: vscode.l10n.t('Turn blind reading off first'),
  });
}

function pickSample(facts: readonly SampleFacts[]): Promise<{ readonly facts: SampleFacts } | undefined> {
  const { t } = vscode.l10n;
  return pickOne(
    facts.map((one) => ({
      label: path.posix.basename(one.sample),
      description: [one.label, splitName(one.split), one.patient].filter((text) => text !== '').join(' · '),
      detail:
        one.touches.length > 1
          ? t('{0} images of its study go with it', String(one.touches.length))
          : one.sample,
      facts: one,
    })),
    { title: t('Exclude which image?'), placeholder: t('The others stay'), matchOnDescription: true },
  );
}

/** `1 image: Pneumonia, Training.` */
function whatIsHit({ label, split, touches }: SampleFacts): string {
  const { t } = vscode.l10n;
  const said = [label, splitName(split)].filter((text) => text !== '').join(', ');
  return touches.length === 1
    ? t('1 image ({0}).', said)
    : t('{0} images of one study ({1}).', String(touches.length), said);
}

function otherNames({ samples }: StandingCheck, own: string): string {
  const others = samples.filter((sample) => sample !== own);
  if (others.length === 0) return own;
  return others.slice(0, mostNamed).join(', ') + (others.length > mostNamed ? ', …' : '');
}

/** `to another part: 2, to another fold: 3`. */
function movesIn({ moved, foldsChanged }: Joined): string {
  const { t } = vscode.l10n;
  if (moved.length === 0 && foldsChanged === 0) return t('nothing moves');
  return t('to another part: {0}, to another fold: {1}', String(moved.length), String(foldsChanged));
}

function namedMoves({ moved }: Joined): string {
  const { t } = vscode.l10n;
  if (moved.length === 0) return t('They stay in the part where they are');
  const named = moved
    .slice(0, mostNamed)
    .map(({ sample, from, to }) => `${sample}: ${splitName(from)} → ${splitName(to)}`);
  return named.join(', ') + (moved.length > mostNamed ? ', …' : '');
}

function comparedWith({ summary }: Project): string {
  const { t } = vscode.l10n;
  const run = summary?.latestRun ?? null;
  return run === null
    ? t('There are no figures yet that it would change.')
    : t('Figures of {0} and of earlier runs cannot be compared with later ones.', run);
}
