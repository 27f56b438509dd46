/** Registers the command table: checks each command's needs, and says what is missing and how to get it. */
import * as vscode from 'vscode';
import { commands } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import { showFailure } from '../failures';
import type { Contribution, Services } from '../services';
import type { Need } from '../manifest/rows';
import { projectOf, type Command } from './command';
import { say } from '../say';

export class Commands implements Contribution {
  constructor(private readonly table: readonly Command[]) {}

  register(services: Services): Disposable {
    const store = new DisposableStore();
    for (const command of this.table) {
      store.add(
        vscode.commands.registerCommand(command.id, async (...args: unknown[]) => {
          await runCommand(services, command, args);
        }),
      );
    }
    return store;
  }
}

async function runCommand(services: Services, command: Command, args: readonly unknown[]): Promise<void> {
  try {
    const missing = await firstUnmet(services, command.needs, args[0]);
    if (missing) await explain(missing);
    else await command.run(services, ...args);
  } catch (error) {
    await showFailure(vscode.l10n.t('Overread'), error, services.log);
  }
}

async function firstUnmet(
  services: Services,
  needs: readonly Need[],
  arg: unknown,
): Promise<Need | undefined> {
  for (const need of needs) if (!(await isMet(services, need, arg))) return need;
  return undefined;
}

async function isMet(services: Services, need: Need, arg: unknown): Promise<boolean> {
  switch (need) {
    case 'trust':
      return vscode.workspace.isTrusted;
    case 'grid':
      return services.grids.active !== undefined;
    case 'project':
      await services.projects.ready();
      return projectOf(services, arg) !== undefined;
    case 'run': {
      await services.projects.ready();
      const project = projectOf(services, arg);
      await project?.load();
      // A project that cannot be read says why itself.
      return project !== undefined && (project.failure !== undefined || project.hasRun);
    }
  }
}

/** One sentence, and a button that leads out. */
async function explain(need: Need): Promise<void> {
  const { t } = vscode.l10n;
  const [message, button, command] = ((): [string, string, string] => {
    switch (need) {
      case 'trust':
        return [
          t('In a workspace that is not trusted, Overread only shows images.'),
          t('Manage Workspace Trust'),
          'workbench.trust.manage',
        ];
      case 'project':
        return [
          t('This workspace has no Overread project yet.'),
          t('New Project from Folder…'),
          commands.newProjectFromFolder,
        ];
      case 'run':
        return [
          t('There is no run yet, so no model to say what is wrong.'),
          t('Fine-tune Last Layer'),
          commands.finetune,
        ];
      case 'grid':
        return [
          t('This works on the tiles of an open review grid.'),
          t('Review Errors'),
          commands.reviewErrors,
        ];
    }
  })();
  if ((await say.info(message, button)) === button) {
    await vscode.commands.executeCommand(command);
  }
}
