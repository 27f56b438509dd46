/** Completion in overread.yaml: keys that the text lacks, and values that there is a list for (network, cut, weights, …). */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type {
  ArchitectureCatalog,
  ArchitectureRow,
  ConfigPlace,
  SettingHelp,
} from '../../protocol/engineApi';
import { findRow } from '../architectures/catalogs';
import { blockCard, blockFacts, card, facts, tagOf, weightsInBrief } from '../architectures/describe';
import { configSelector } from './configCodeLens';
import { yamlExtensionIsActive } from './configDiagnostics';
import { helpCard } from './configHover';
import { chosenArchitecture, toRange, valueAt } from './configPlaces';
import type { Disposable } from '../disposables';
import type { Contribution, Services } from '../services';

/** One value that is offered. */
export interface Offer {
  readonly value: string;
  readonly detail?: string;
  readonly documentation?: vscode.MarkdownString;
  readonly first?: boolean;
}

export class ConfigCompletion implements Contribution {
  register({ catalogs, places, log }: Services): Disposable {
    return vscode.languages.registerCompletionItemProvider(
      configSelector,
      {
        provideCompletionItems: async (document, position) => {
          const known = await places.of(document);
          const at = valueAt(known, document, position);
          if (!at) {
            // A YAML extension completes keys from the published schema; twice is no help.
            const offered = yamlExtensionIsActive() ? null : await places.keysAt(document, position);
            return offered?.keys.map((help, order) => toKeyItem(help, order, toRange(offered.range)));
          }
          const catalog = await catalogs.of(path.dirname(document.uri.fsPath)).catch((error: unknown) => {
            log.debug(`No architectures for completion: ${String(error)}`);
            return undefined;
          });
          const row = catalog && findRow(catalog, chosenArchitecture(known, catalog));
          const found = offers(at.place, catalog, row);
          return found.map((offer, order) => toItem(offer, order, at.range, at.needsBlank ? ' ' : ''));
        },
      },
      ' ',
      ':',
    );
  }
}

/** What a setting may be, the suggestion first. @param row the architecture that the text names */
export function offers(
  { setting, choices }: Pick<ConfigPlace, 'setting' | 'choices'>,
  catalog: ArchitectureCatalog | undefined,
  row: ArchitectureRow | undefined,
): readonly Offer[] {
  switch (setting) {
    case 'model.architecture':
      return catalog ? architectureOffers(catalog) : [];
    case 'model.truncate':
      return row ? blockOffers(row) : [];
    case 'model.weights':
      return weightsOffers(row);
    default:
      // A YAML extension completes these from the published schema; twice is no help.
      return yamlExtensionIsActive() ? [] : choices.map((value) => ({ value }));
  }
}

function architectureOffers(catalog: ArchitectureCatalog): readonly Offer[] {
  const suggested = catalog.suggestion?.architecture;
  const all = catalog.rows.map((row): Offer => ({
    value: row.name,
    detail: `${row.title} · ${facts(row)} · ${weightsInBrief(row)}`,
    documentation: card(row, catalog),
    first: row.name === suggested,
  }));
  return [...all.filter(({ first }) => first), ...all.filter(({ first }) => first !== true)];
}

function blockOffers(row: ArchitectureRow): readonly Offer[] {
  return [
    ...row.blocks.map(({ name }): Offer => {
      const documentation = blockCard(row, name);
      const block = row.blocks.find((candidate) => candidate.name === name);
      return {
        value: name,
        ...(block ? { detail: blockFacts(block) } : {}),
        ...(documentation ? { documentation } : {}),
      };
    }),
    { value: 'null', detail: vscode.l10n.t('The whole network') },
  ];
}

function weightsOffers(row: ArchitectureRow | undefined): readonly Offer[] {
  const { t } = vscode.l10n;
  return [
    { value: 'auto', detail: t('The pretrained weights that can be had; the run says which') },
    ...(row?.weights ?? []).map((weights): Offer => ({
      value: row ? tagOf(weights.name, row) : weights.name,
      detail: [weights.trainedOn, weights.licence, ...(weights.here ? [t('on this machine')] : [])].join(
        ' · ',
      ),
    })),
    { value: 'random', detail: t('Trained on nothing: to compare with; random:SEED for another draw') },
  ];
}

/** A key with its colon; below a section the next line is indented for its first key. */
function toKeyItem(help: SettingHelp, order: number, range: vscode.Range): vscode.CompletionItem {
  const key = help.setting.slice(help.setting.lastIndexOf('.') + 1);
  const item = new vscode.CompletionItem(
    key,
    help.isSection ? vscode.CompletionItemKind.Module : vscode.CompletionItemKind.Property,
  );
  if (help.expected !== '') item.detail = help.expected;
  item.documentation = helpCard(help);
  item.insertText = help.isSection ? `${key}:\n  ` : `${key}: `;
  item.filterText = key;
  item.sortText = String(order).padStart(4, '0');
  item.range = range;
  return item;
}

function toItem(offer: Offer, order: number, range: vscode.Range, before: string): vscode.CompletionItem {
  const item = new vscode.CompletionItem(offer.value, vscode.CompletionItemKind.EnumMember);
  if (offer.detail !== undefined) item.detail = offer.detail;
  if (offer.documentation) item.documentation = offer.documentation;
  if (offer.first === true) {
    item.label = { label: offer.value, description: vscode.l10n.t('suggested') };
    item.preselect = true;
  }
  item.insertText = `${before}${offer.value}`;
  item.filterText = item.insertText;
  item.sortText = String(order).padStart(4, '0');
  item.range = range;
  return item;
}
