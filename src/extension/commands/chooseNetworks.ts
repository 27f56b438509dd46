/** The question behind "Compare Architectures…": which networks, with which weights, or which one to cut. */
import * as vscode from 'vscode';
import type { ArchitectureRow } from '../../protocol/engineApi';
import { pickMany, pickOne, type PickItem } from '../ask';
import { say } from '../say';

/** What the task is given. */
export interface ChosenNetworks {
  /** `architecture[:weights],…`. */
  readonly architectures: string;
  /** `all` for a truncation sweep. */
  readonly truncations?: string;
}

interface NetworkItem extends PickItem {
  /** As the command line takes it; separators have none. */
  readonly network?: string;
}

/** Asks; undefined when the person leaves. */
export async function chooseNetworks(rows: readonly ArchitectureRow[]): Promise<ChosenNetworks | undefined> {
  const { t } = vscode.l10n;
  const several = {
    icon: 'graph-scatter',
    label: t('Architectures'),
    detail: t('Several networks side by side on the same split and folds'),
    sweep: false,
  };
  const one = {
    icon: 'graph-line',
    label: t('Truncation sweep of one architecture'),
    detail: t('One network cut after each of its blocks: how much of it does this data need?'),
    sweep: true,
  };
  const kind = await pickOne([several, one], {
    title: t('Compare'),
    placeholder: t('What to compare'),
  });
  if (!kind) return undefined;
  return kind.sweep ? chooseSweep(rows) : chooseSeveral(rows);
}

async function chooseSweep(rows: readonly ArchitectureRow[]): Promise<ChosenNetworks | undefined> {
  const picked = await pickOne(networkItems(rows), {
    title: vscode.l10n.t('Truncation sweep of …'),
    placeholder: vscode.l10n.t('The network to cut after each of its blocks'),
    matchOnDescription: true,
  });
  return picked?.network === undefined ? undefined : { architectures: picked.network, truncations: 'all' };
}

async function chooseSeveral(rows: readonly ArchitectureRow[]): Promise<ChosenNetworks | undefined> {
  const picked = await pickMany(networkItems(rows), {
    title: vscode.l10n.t('Compare architectures'),
    placeholder: vscode.l10n.t('Choose two or more'),
    matchOnDescription: true,
  });
  const networks = (picked ?? []).flatMap(({ network }) => (network === undefined ? [] : [network]));
  if (networks.length >= 2) return { architectures: networks.join(',') };
  if (picked) {
    void say.info(vscode.l10n.t('Choose two or more networks to compare.'));
  }
  return undefined;
}

/** Each architecture with each of its weights and with random ones, by family. */
export function networkItems(rows: readonly ArchitectureRow[]): NetworkItem[] {
  const { t } = vscode.l10n;
  const items: NetworkItem[] = [];
  let family = '';
  for (const row of rows) {
    if (row.family !== family) {
      family = row.family;
      items.push({ label: family, kind: vscode.QuickPickItemKind.Separator });
    }
    const size = t('{0} M parameters, {1} GMACs', (row.parameters / 1e6).toFixed(1), row.gmacs.toFixed(2));
    for (const weights of row.weights) {
      const place = weights.here
        ? t('on this machine')
        : t('{0} MB to fetch', (weights.bytes / 1e6).toFixed(0));
      items.push({
        label: row.title,
        // What is cut off where there is no room matters least.
        description: `${weights.name} · ${place} · ${size} · ${weights.trainedOn}`,
        network: weights.name,
      });
    }
    items.push({
      label: t('{0}, random weights', row.title),
      description: `${row.name}.random · ${size}`,
      network: `${row.name}:random`,
    });
  }
  return items;
}
