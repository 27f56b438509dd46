/** Commands that help when something is unclear: log, terminal, doctor, engine, walkthrough. */
import * as vscode from 'vscode';
import { extensionId, walkthrough } from '../contributions';
import type { Handlers } from './command';
import { say } from '../say';

export const supportCommands = {
  showLog({ log }) {
    log.show(true);
  },
  async showTerminal({ projects, taskWatcher }, task) {
    // Without a task's name: the fine-tuning of the current project.
    const { current } = projects;
    const name = typeof task === 'string' ? task : current && taskWatcher.finetuning(current.root)?.task.name;
    const terminal = vscode.window.terminals.find(
      (candidate) => name !== undefined && candidate.name.includes(name),
    );
    if (terminal) terminal.show(true);
    else await vscode.commands.executeCommand('workbench.action.terminal.focus');
  },
  async doctor({ tasks }) {
    await vscode.tasks.executeTask(tasks.doctorTask());
  },
  async setUpCuda({ tasks }) {
    await vscode.tasks.executeTask(tasks.setUpCudaTask());
  },
  async setUpPython({ tasks }) {
    await vscode.tasks.executeTask(tasks.setUpPythonTask());
  },
  async restartEngine({ engine }) {
    await say.whileWorking(vscode.l10n.t('Restarting the Overread engine'), () => engine.restart());
  },
  async openWalkthrough() {
    await vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${extensionId}#${walkthrough}`,
      false,
    );
  },
} satisfies Handlers;
