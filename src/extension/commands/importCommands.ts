/** Commands that bring in the predictions of a model that was trained elsewhere, and choose the run that is shown. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { pickOne } from '../ask';
import { inWords } from '../counted';
import { runCli } from '../nodeProgram';
import type { Project } from '../projects/project';
import { firstQueue } from '../queries';
import { say } from '../say';
import type { Services } from '../services';
import { projectOf, runOf, type Handlers } from './command';

export const importCommands = {
  importPredictions,
  async useRun(services, arg) {
    const project = projectOf(services, arg);
    const run = runOf(arg);
    if (project && run !== undefined) await show(services, project, run);
  },
} satisfies Handlers;

/** What is not said by the caller is asked. */
interface Request {
  readonly file: string;
  readonly values: 'probabilities' | 'logits';
  readonly seen: 'out-of-fold' | 'train' | 'none';
}

async function importPredictions(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  const request = project && (await ask(project, arg));
  if (!project || !request) return;
  const name = path.parse(request.file).name;
  const result = await say.whileCancellable(vscode.l10n.t('Importing predictions'), (signal, report) =>
    runCli(
      services.context.extensionPath,
      [
        ...['runs', 'import', project.root, '--predictions', request.file, '--name', name],
        ...['--values', request.values],
        ...(request.seen === 'out-of-fold' ? ['--out-of-fold'] : ['--seen', request.seen]),
      ],
      { signal, onLine: report },
    ),
  );
  await project.refresh('runs');
  const { run, errors } = outcomeOf(result);
  const { summary } = project;
  const button = vscode.l10n.t('Show in Review');
  const picked = await say.info(
    summary
      ? vscode.l10n.t(
          '{0} is imported: {1} to review. The review does not show it yet.',
          run,
          inWords(firstQueue(summary).counted, errors),
        )
      : vscode.l10n.t('{0} is imported. The review does not show it yet.', run),
    button,
  );
  if (picked === button) await show(services, project, run);
}

async function ask(project: Project, arg: unknown): Promise<Request | undefined> {
  const said = typeof arg === 'object' && arg !== null ? (arg as Partial<Request>) : {};
  const { t } = vscode.l10n;
  const file = typeof said.file === 'string' ? said.file : await askFile(project);
  if (file === undefined) return undefined;
  const values =
    said.values ??
    (
      await pickOne(
        [
          { label: t('Probabilities'), detail: t('Between 0 and 1'), id: 'probabilities' as const },
          { label: t('Logits'), detail: t('Before the softmax or the sigmoid'), id: 'logits' as const },
        ],
        { title: t('Import Predictions'), placeholder: t('What are the numbers?') },
      )
    )?.id;
  if (values === undefined) return undefined;
  const seen =
    said.seen ??
    (
      await pickOne(
        [
          {
            label: t('The training part'),
            detail: t('What it says of these images counts for no figure and no error'),
            id: 'train' as const,
          },
          {
            label: t('None of them'),
            detail: t('It was trained on other data'),
            id: 'none' as const,
          },
          {
            label: t('None: predicted out of fold'),
            detail: t('Each image of the training part by a model that did not see its patient'),
            id: 'out-of-fold' as const,
          },
        ],
        { title: t('Import Predictions'), placeholder: t('Which of these images was the model trained on?') },
      )
    )?.id;
  return seen && { file, values, seen };
}

async function askFile(project: Project): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import Predictions'),
      defaultUri: project.uri,
      filters: { [vscode.l10n.t('Tables')]: ['csv', 'tsv', 'parquet', 'txt', 'gz'] },
    })) ?? [];
  return file?.fsPath;
}

/** Has review, errors and export go by a run, until the next fine-tune. */
async function show(services: Services, project: Project, run: string): Promise<void> {
  await runCli(services.context.extensionPath, ['runs', 'use', project.root, run]);
  await project.refresh('runs');
  services.grids.open(project);
}

/** The run's name and its errors, from the document of the command. */
function outcomeOf(document: unknown): { readonly run: string; readonly errors: number } {
  const { run, counts } = document as { run: string; counts: { errors: number } };
  return { run, errors: counts.errors };
}
