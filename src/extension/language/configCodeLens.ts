/** CodeLens above overread.yaml: "Fine-tune last layer | Fine-tune last block | Choose architecture… | Review errors (37)". */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { commands, configFileName } from '../contributions';
import type { LayersAdvice } from '../architectures/layersAdvice';
import { DisposableStore, type Disposable } from '../disposables';
import { inUnits } from '../counted';
import { itemsToReview } from '../queries';
import type { Projects } from '../projects/projects';
import type { Contribution, Services } from '../services';

/** Every overread.yaml on disk, whatever language the person gave it. */
export const configSelector: vscode.DocumentSelector = { scheme: 'file', pattern: `**/${configFileName}` };

export class ConfigCodeLens implements Contribution {
  register({ projects, advice, catalogs }: Services): Disposable {
    const store = new DisposableStore();
    const changed = store.add(new vscode.EventEmitter<void>());
    store.add(projects.onDidChangeList(() => changed.fire()));
    store.add(projects.onDidChangeProject(() => changed.fire()));
    store.add(catalogs.onDidChange(() => changed.fire()));
    store.add(
      vscode.languages.registerCodeLensProvider(configSelector, {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: (document) => lenses(projects, advice, document),
      }),
    );
    return store;
  }
}

/** @param advice which training is offered beside that of the last layer */
export async function lenses(
  projects: Pick<Projects, 'ready' | 'get'>,
  advice: Pick<LayersAdvice, 'of'>,
  document: vscode.TextDocument,
): Promise<vscode.CodeLens[]> {
  await projects.ready();
  const project = projects.get(path.dirname(document.uri.fsPath));
  if (!project) return [];
  await project.load();
  // A project that cannot be read is told elsewhere.
  const offered = await advice.of(project.root).catch(() => null);
  const top = new vscode.Range(0, 0, 0, 0);
  const { t } = vscode.l10n;
  const result = [
    new vscode.CodeLens(top, {
      title: t('Fine-tune last layer'),
      command: commands.finetune,
      arguments: [project.root],
    }),
    ...(offered === 'last block'
      ? [
          new vscode.CodeLens(top, {
            title: t('Fine-tune last block'),
            tooltip: t(
              '1,000 training images or more: the last block is worth training too. PyTorch trains it.',
            ),
            command: commands.finetuneLastBlock,
            arguments: [project.root],
          }),
        ]
      : []),
    new vscode.CodeLens(top, {
      title: t('Choose architecture…'),
      command: commands.chooseArchitecture,
      arguments: [project.root],
    }),
  ];
  const { summary } = project;
  if (summary && summary.latestRun !== null) {
    result.push(
      new vscode.CodeLens(top, {
        title:
          itemsToReview(summary) === null
            ? t('Review')
            : t('Review errors ({0})', inUnits(summary, itemsToReview(summary) ?? 0)),
        command: commands.reviewErrors,
        arguments: [project.root],
      }),
    );
  }
  return result;
}
