/** The picker of architectures: the suggestion and the chosen one first, then all others by family. */
import * as vscode from 'vscode';
import type { ArchitectureCatalog, ArchitectureRow } from '../../protocol/engineApi';
import { DisposableStore } from '../disposables';
import { facts, weightsInBrief } from './describe';
import { makePick, plainItem, type PickItem } from '../ask';

export interface ArchitectureItem extends PickItem {
  /** Absent in a separator. */
  readonly row?: ArchitectureRow;
}

/** What the person decided: this architecture, whole, or with the list of its blocks to come. */
export interface PickedArchitecture {
  readonly row: ArchitectureRow;
  readonly cut: boolean;
}

/** Each architecture once. @param current the name that overread.yaml has now */
export function architectureItems(
  catalog: ArchitectureCatalog,
  current: string,
  cutButton: vscode.QuickInputButton,
): readonly ArchitectureItem[] {
  const { t } = vscode.l10n;
  const { rows, suggestion } = catalog;
  const suggested = rows.find(({ name }) => name === suggestion?.architecture);
  const chosen = rows.find(({ name }) => name === current);
  const rest = rows.filter((row) => row !== suggested && row !== chosen);
  const item = (row: ArchitectureRow, icon?: string): ArchitectureItem => ({
    row,
    ...(icon === undefined ? {} : { icon }),
    label: row.title,
    description: facts(row),
    // One line, cut where the window ends: the reason of a suggestion first, else what is short and differs most.
    detail: (row === suggested && suggestion
      ? [`${suggestion.because.source}: ${suggestion.because.text}`, weightsInBrief(row)]
      : [weightsInBrief(row), row.usesInShort]
    ).join(' · '),
    buttons: [cutButton],
  });
  const separator = (label: string): ArchitectureItem => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
  });
  const families = [...new Set(rest.map(({ family }) => family))];
  return [
    ...(suggested
      ? [
          separator(suggested === chosen ? t('suggested and chosen') : t('suggested')),
          item(suggested, suggested === chosen ? 'check' : 'lightbulb'),
        ]
      : []),
    ...(chosen && chosen !== suggested ? [separator(t('chosen')), item(chosen, 'check')] : []),
    ...families.flatMap((family) => [
      separator(family),
      ...rest.filter((row) => row.family === family).map((row) => item(row)),
    ]),
  ];
}

/** Shows the picker; undefined when the person turned away. */
export function pickArchitecture(
  catalog: ArchitectureCatalog,
  current: string,
  notes: readonly string[],
): Promise<PickedArchitecture | undefined> {
  const { t } = vscode.l10n;
  const store = new DisposableStore();
  const pick = store.add(
    makePick<ArchitectureItem>({
      title: t('Choose architecture'),
      placeholder: [t('Name, or what it is used for'), ...notes].join(' · '),
      matchOnDescription: true,
    }),
  );
  const cutButton: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('fold-down'),
    tooltip: t('Cut after a block…'),
  };
  pick.matchOnDetail = true;
  pick.items = architectureItems(catalog, current, cutButton).map(plainItem);
  pick.activeItems = pick.items.filter(({ row }) => row?.name === current);
  return new Promise<PickedArchitecture | undefined>((resolve) => {
    const decide = (item: ArchitectureItem | undefined, cut: boolean): void => {
      if (!item?.row) return;
      resolve({ row: item.row, cut });
      pick.hide();
    };
    store.add(pick.onDidAccept(() => decide(pick.activeItems[0], false)));
    store.add(pick.onDidTriggerItemButton(({ item }) => decide(item, true)));
    store.add(pick.onDidHide(() => resolve(undefined)));
    pick.show();
  }).finally(() => store.dispose());
}
