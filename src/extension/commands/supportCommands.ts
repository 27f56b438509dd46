/** Commands that help when something is unclear: log, terminal, doctor, engine, walkthrough. */
import * as vscode from 'vscode';
import { commands, extensionId, walkthrough } from '../contributions';
import type { Command } from './command';
import { say } from '../say';

export const supportCommands: readonly Command[] = [
  {
    id: commands.showLog,
    needs: [],
    run({ log }) {
      log.show(true);
    },
  },
  {
    id: commands.showTerminal,
    needs: [],
    async run({ projects, taskWatcher }, task) {
      // Without a task's name: the fine-tuning of the current project.
      const { current } = projects;
      const name =
        typeof task === 'string' ? task : current && taskWatcher.finetuning(current.root)?.task.name;
      const terminal = vscode.window.terminals.find(
        (candidate) => name !== undefined && candidate.name.includes(name),
      );
      if (terminal) terminal.show(true);
      else await vscode.commands.executeCommand('workbench.action.terminal.focus');
    },
  },
  {
    id: commands.doctor,
    needs: ['trust'],
    async run({ tasks }) {
      await vscode.tasks.executeTask(tasks.doctorTask());
    },
  },
  {
    id: commands.restartEngine,
    needs: [],
    async run({ engine }) {
      await say.whileWorking(vscode.l10n.t('Restarting the Overread engine'), () => engine.restart());
    },
  },
  {
    id: commands.openWalkthrough,
    needs: [],
    async run() {
      await vscode.commands.executeCommand(
        'workbench.action.openWalkthrough',
        `${extensionId}#${walkthrough}`,
        false,
      );
    },
  },
];
