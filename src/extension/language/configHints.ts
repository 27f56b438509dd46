/** Quiet words behind `architecture:` and `model:` in overread.yaml: what this project's images suggest. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ArchitectureCatalog, ConfigPlace } from '../../protocol/engineApi';
import { findRow } from '../architectures/catalogs';
import type { OfferedTraining } from '../architectures/layersAdvice';
import { cited } from '../architectures/describe';
import { markdown } from '../markdown';
import { plain } from '../plain';
import { commands } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { Contribution, Services } from '../services';
import { affects, setting } from '../settings';
import { configSelector } from './configCodeLens';
import { chosenArchitecture, findPlace, toRange } from './configPlaces';

export class ConfigHints implements Contribution {
  register({ catalogs, places, advice, log }: Services): Disposable {
    const store = new DisposableStore();
    const changed = store.add(new vscode.EventEmitter<void>());
    store.add(catalogs.onDidChange(() => changed.fire()));
    store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (affects(change, 'hints')) changed.fire();
      }),
    );
    store.add(
      vscode.languages.registerInlayHintsProvider(configSelector, {
        onDidChangeInlayHints: changed.event,
        provideInlayHints: async (document, range) => {
          if (!setting('hints', document.uri)) return [];
          try {
            const root = path.dirname(document.uri.fsPath);
            const [known, catalog, offered] = await Promise.all([
              places.of(document),
              catalogs.of(root),
              advice.of(root),
            ]);
            return hints(document, known, catalog, offered).filter(({ position }) =>
              range.contains(position),
            );
          } catch (error) {
            log.debug(`No hints in overread.yaml: ${String(error)}`);
            return [];
          }
        },
      }),
    );
    return store;
  }
}

/** At most two; none where nothing is suggested. @param offered the training that a click can start */
export function hints(
  document: vscode.TextDocument,
  places: readonly ConfigPlace[],
  catalog: ArchitectureCatalog,
  offered: OfferedTraining,
): readonly vscode.InlayHint[] {
  return [architectureHint(document, places, catalog), layersHint(document, places, catalog, offered)].filter(
    (hint) => hint !== undefined,
  );
}

/** Only where another architecture is suggested than the one that is chosen. */
function architectureHint(
  document: vscode.TextDocument,
  places: readonly ConfigPlace[],
  catalog: ArchitectureCatalog,
): vscode.InlayHint | undefined {
  const { t } = vscode.l10n;
  const { suggestion } = catalog;
  const row = suggestion && findRow(catalog, suggestion.architecture);
  const place = findPlace(places, 'model.architecture') ?? findPlace(places, 'model');
  if (!row || !place || chosenArchitecture(places, catalog) === row.name) return undefined;
  const images = ['dataset.modality', 'dataset.anatomy']
    .map((name) => findPlace(places, name)?.text)
    .filter((word) => word !== undefined && word !== null && word !== 'null');
  const part = new vscode.InlayHintLabelPart(plain(t('{0} suggested: {1}', row.title, images.join(', '))));
  part.tooltip = markdown(
    `**${t('{0} for these images.', row.title)}** ${cited(suggestion.because)}\n\n${turnOff()}`,
  );
  part.command = {
    command: commands.chooseArchitecture,
    title: t('Choose architecture…'),
    arguments: [path.dirname(document.uri.fsPath)],
  };
  return hintAfter(document, place, [part]);
}

/** How much of the network the number of images is enough for. */
function layersHint(
  document: vscode.TextDocument,
  places: readonly ConfigPlace[],
  { suggestion }: ArchitectureCatalog,
  offered: OfferedTraining,
): vscode.InlayHint | undefined {
  const { t } = vscode.l10n;
  const place = findPlace(places, 'model');
  if (!suggestion || !place || place.value) return undefined;
  const few = suggestion.train === 'last layer';
  const images = suggestion.trainingSamples.toLocaleString();
  const part = new vscode.InlayHintLabelPart(
    few ? t('under 1,000 images: the last layer only') : t('1,000 images or more: the last block too'),
  );
  part.tooltip = markdown(
    [
      few
        ? t('{0} training images: fewer than 1,000 are enough for the last layer only.', images)
        : t('{0} training images: from 1,000 on, training the last block too is worth a try.', images),
      ...(few
        ? []
        : [
            offered === 'last block'
              ? t('PyTorch trains it: **Fine-tune last block** above the first line.')
              : t(
                  'PyTorch trains it, which no Python here has: **Set Up Python for Training with PyTorch**.',
                ),
          ]),
      t('A rule of thumb, no finding of a study.'),
      turnOff(),
    ].join('\n\n'),
  );
  const command = { title: t('Train'), arguments: [path.dirname(document.uri.fsPath)] };
  if (few) part.command = { ...command, command: commands.finetune };
  else if (offered === 'last block') part.command = { ...command, command: commands.finetuneLastBlock };
  else part.command = { command: commands.setUpPython, title: t('Set Up Python') };
  return hintAfter(document, place, [part]);
}

function turnOff(): string {
  return vscode.l10n.t('The setting `overread.hints` turns these hints off.');
}

/** Behind the value, or the colon of a section: before a comment, which may be long. */
function hintAfter(
  document: vscode.TextDocument,
  place: ConfigPlace,
  label: vscode.InlayHintLabelPart[],
): vscode.InlayHint {
  const { end } = toRange(place.value ?? place.key);
  const behind = place.value
    ? end
    : end.translate(0, /^\s*:/.exec(document.lineAt(end).text.slice(end.character))?.[0].length ?? 0);
  const hint = new vscode.InlayHint(behind, label);
  hint.paddingLeft = true;
  return hint;
}
