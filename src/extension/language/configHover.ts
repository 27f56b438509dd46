/**
 * Hovers in overread.yaml: what each setting is for, the facts of the network that is chosen, and what is left of one
 * that is cut.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ArchitectureCatalog, SettingHelp } from '../../protocol/engineApi';
import { findRow } from '../architectures/catalogs';
import { blockCard, card } from '../architectures/describe';
import type { Disposable } from '../disposables';
import type { Contribution, Services } from '../services';
import { configSelector } from './configCodeLens';
import { escapeMarkdown, markdown } from '../markdown';
import { yamlExtensionIsActive } from './configDiagnostics';
import { chosenArchitecture, placeAt, toRange } from './configPlaces';

export class ConfigHover implements Contribution {
  register({ catalogs, places, log }: Services): Disposable {
    return vscode.languages.registerHoverProvider(configSelector, {
      provideHover: async (document, position) => {
        const known = await places.of(document);
        const at = placeAt(known, document, position);
        if (!at) return undefined;
        // A YAML extension tells of every key by the published schema; twice is no help.
        const own = yamlExtensionIsActive() ? [] : [helpCard(at.place.help)];
        // The facts of a network stand over its name, not over the key.
        const isValue = at.place.value !== null && toRange(at.place.value).isEqual(at.range);
        const network = isValue && explained.includes(at.place.setting);
        const catalog = network
          ? await catalogs.of(path.dirname(document.uri.fsPath)).catch((error: unknown) => {
              log.debug(`No architectures for the hover: ${String(error)}`);
              return undefined;
            })
          : undefined;
        const { setting, text } = at.place;
        const facts = catalog && explain(setting, text ?? '', catalog, chosenArchitecture(known, catalog));
        const contents = [...(facts ? [facts] : []), ...own];
        return contents.length === 0 ? undefined : new vscode.Hover(contents, at.range);
      },
    });
  }
}

const explained = ['model.architecture', 'model.truncate'];

/** What a setting is for, what may stand there, and what holds where nothing does. */
export function helpCard({
  setting,
  description,
  expected,
  default: standard,
}: SettingHelp): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const facts = [
    ...(expected === '' ? [] : [t('Expected: {0}.', expected)]),
    ...(standard === null ? [] : [t('Default: {0}.', standard)]),
  ];
  const text = [description, facts.join(' ')].filter((part) => part !== '').map(escapeMarkdown);
  return markdown([`**${escapeMarkdown(setting)}**`, ...text].join('\n\n'));
}

function explain(
  setting: string,
  value: string,
  catalog: ArchitectureCatalog,
  architecture: string,
): vscode.MarkdownString | undefined {
  const row = findRow(catalog, setting === 'model.architecture' ? value : architecture);
  if (!row) return undefined;
  return setting === 'model.architecture' ? card(row, catalog) : blockCard(row, value);
}
