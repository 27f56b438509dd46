/** Hovers in overread.yaml: the facts of the network that is chosen, and what is left of one that is cut. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ArchitectureCatalog } from '../../protocol/engineApi';
import { findRow } from '../architectures/catalogs';
import { blockCard, card } from '../architectures/describe';
import type { Disposable } from '../disposables';
import type { Contribution, Services } from '../services';
import { configSelector } from './configCodeLens';
import { chosenArchitecture, valueAt } from './configPlaces';

export class ConfigHover implements Contribution {
  register({ catalogs, places, log }: Services): Disposable {
    return vscode.languages.registerHoverProvider(configSelector, {
      provideHover: async (document, position) => {
        const known = await places.of(document);
        const at = valueAt(known, document, position);
        const { setting, text } = at?.place ?? { setting: '', text: null };
        if (!at || text === null || !explained.includes(setting)) return undefined;
        try {
          const catalog = await catalogs.of(path.dirname(document.uri.fsPath));
          const contents = explain(setting, text, catalog, chosenArchitecture(known, catalog));
          return contents && new vscode.Hover(contents, at.range);
        } catch (error) {
          log.debug(`No architectures for the hover: ${String(error)}`);
          return undefined;
        }
      },
    });
  }
}

const explained = ['model.architecture', 'model.truncate'];

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
