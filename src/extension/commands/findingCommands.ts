/** Commands about single findings of the check: from their quick fixes, or chosen from a list. */
import * as vscode from 'vscode';
import { excludeOne, keepTogether, letBe, openFinding, refuseBlind } from '../checks/settle';
import { waysOut } from '../checks/waysOut';
import { commands } from '../contributions';
import type { StandingCheck } from '../../protocol/engineApi';
import type { Project } from '../projects/project';
import { pickOne } from '../ask';
import { say } from '../say';
import type { Services } from '../services';
import { projectOf, type Handlers } from './command';

type Settle = (services: Services, project: Project, finding: StandingCheck) => Promise<void> | void;

export const findingCommands = {
  keepFindingTogether: (services, arg) => withFinding(services, arg, keepTogether),
  excludeOfFinding: (services, arg) => withFinding(services, arg, excludeOne),
  openFinding: (services, arg) => withFinding(services, arg, openFinding),
  letFindingBe: (services, arg) => withFinding(services, arg, letBe),
  async showFindings(services, arg) {
    const project = projectOf(services, arg);
    if (!project) return;
    await project.load();
    refuseBlind(project);
    await services.findings.refresh(project);
    const { findings } = services.findings.of(project);
    if (findings.length === 0) {
      await tellNone(
        project,
        vscode.l10n.t('The check of {0} has found nothing that is left.', project.name),
      );
      return;
    }
    const picked = await pickOne(
      findings.map((finding) => ({
        icon: icons[finding.severity],
        label: vscode.l10n.t(finding.title),
        description: finding.code,
        detail: finding.message,
        finding,
      })),
      {
        title: vscode.l10n.t('Findings of the check'),
        placeholder: vscode.l10n.t('Choose one to settle it'),
        matchOnDescription: true,
      },
    );
    if (picked) await settle(project, picked.finding);
  },
} satisfies Handlers;

const icons = { error: 'error', warning: 'warning', info: 'info' } as const;

async function settle(project: Project, finding: StandingCheck): Promise<void> {
  const picked = await pickOne(
    waysOut(finding).map(({ title, icon, command }) => ({ icon, label: title, command })),
    { title: finding.message },
  );
  if (picked)
    await vscode.commands.executeCommand(picked.command, { root: project.root, finding: finding.id });
}

/** The finding that a quick fix names; one that is gone meanwhile is said to be. */
async function withFinding(services: Services, arg: unknown, work: Settle): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  refuseBlind(project);
  const id = typeof arg === 'object' && arg !== null && 'finding' in arg ? arg.finding : undefined;
  const finding = services.findings.find(project, id);
  if (finding) await work(services, project, finding);
  else await tellNone(project, vscode.l10n.t('This finding is settled, or its rows are gone.'));
}

async function tellNone(project: Project, sentence: string): Promise<void> {
  const again = vscode.l10n.t('Check Again');
  if ((await say.info(sentence, again)) === again)
    await vscode.commands.executeCommand(commands.checkData, project.root);
}
