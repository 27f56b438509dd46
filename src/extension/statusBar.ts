/** Status bar: the project (where there are several), and the edits that the model has not learned from. */
import * as vscode from 'vscode';
import { commands } from './contributions';
import { inUnits } from './counted';
import { DisposableStore, type Disposable } from './disposables';
import type { Contribution, Services } from './services';
import type { Progress } from '../protocol/engineApi';
import { plain } from './plain';

export class StatusBar implements Contribution {
  register(services: Services): Disposable {
    const { projects, taskWatcher, jobs } = services;
    const store = new DisposableStore();
    const project = store.add(
      vscode.window.createStatusBarItem('overread.project', vscode.StatusBarAlignment.Left, 10),
    );
    project.name = vscode.l10n.t('Overread Project');
    project.command = commands.selectProject;
    const edits = store.add(
      vscode.window.createStatusBarItem('overread.edits', vscode.StatusBarAlignment.Left, 9),
    );
    edits.name = vscode.l10n.t('Overread Label Edits');

    const renew = (): void => {
      showProject(project, services);
      showEdits(edits, services);
    };
    store.add(projects.onDidChangeList(renew));
    store.add(projects.onDidChangeProject(renew));
    store.add(taskWatcher.onDidChange(renew));
    store.add(jobs.onDidChange(renew));
    renew();
    return store;
  }
}

function showProject(item: vscode.StatusBarItem, { projects }: Services): void {
  const { current, all } = projects;
  if (!current || all.length < 2) {
    item.hide();
    return;
  }
  item.text = `$(library) ${plain(brief(current.name))}`;
  item.tooltip = plain(vscode.l10n.t('Overread project {0}: click to choose another', current.name));
  item.show();
}

/**
 * The commands are bare ids, which work on the current project: one with arguments is made anew with every renewal,
 * and a click on the one before it, already on its way, would be lost.
 */
export function showEdits(
  item: vscode.StatusBarItem,
  { projects, taskWatcher, jobs }: Pick<Services, 'projects' | 'taskWatcher' | 'jobs'>,
): void {
  const { t } = vscode.l10n;
  const project = projects.current;
  const summary = project?.summary;
  if (!project || !summary) {
    item.hide();
    return;
  }
  const job = jobs.running(project.root);
  const count = summary.editsSinceRun;
  if (job ?? taskWatcher.finetuning(project.root)) {
    const progress = job?.progress;
    item.text = `$(sync~spin) ${t('Fine-tuning')}${progress ? plain(brief(`: ${describeProgress(progress)}`)) : ''}`;
    const figures = progress?.message === undefined ? '' : `${plain(progress.message)}\n`;
    const trains = job?.trains === true;
    item.tooltip = `${figures}${trains ? t('Click for the curves') : t('Click for the terminal')}`;
    item.command = trains ? commands.showTraining : commands.followJob;
  } else if (summary.latestRun === null) {
    item.text = `$(sparkle) ${t('Fine-tune')}`;
    item.tooltip = plain(t('Fine-tune the last layer on {0}', summary.name));
    item.command = commands.finetune;
  } else if (count === null) {
    item.text = `$(sparkle) ${t('Fine-tune')}`;
    item.tooltip = plain(t('Fine-tune the last layer on {0}', summary.name));
    item.command = commands.finetune;
  } else if (count === 0) {
    item.hide();
    return;
  } else {
    const run = plain(brief(runName(summary.latestRun)));
    item.text = `$(sparkle) ${t('{0} edited since run {1} · Fine-tune', inUnits(summary, count), run)}`;
    item.tooltip = t('Fine-tune the last layer with these edits; the features come from the cache');
    item.command = commands.finetune;
  }
  item.show();
}

/** `features 120/690`; of a training by PyTorch with its figures: `train final 3/20, loss 0.4210, AUROC 0.912`. */
function describeProgress({ stage, done, total, message }: Progress): string {
  const place = total === undefined ? stage : `${stage} ${done}/${total}`;
  return stage.startsWith('train ') && message !== undefined ? `${place}, ${message}` : place;
}

/** The status bar has room for everybody's items: a long name is cut. */
function brief(name: string): string {
  const characters = Array.from(name);
  return characters.length <= 80 ? name : `${characters.slice(0, 79).join('')}…`;
}

/** A run folder is `<UTC time without colons>-<name>`: its name where it has one, else its time. */
function runName(run: string): string {
  return /^\d{4}-?\d{2}-?\d{2}T\d+(?:\.\d+)?Z?-(.+)$/.exec(run)?.[1] ?? run;
}
