/** Faults of overread.yaml as the engine finds them in the text being edited, with their places. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ConfigDiagnostic } from '../../protocol/engineApi';
import { configFileName } from '../contributions';
import { Debounce, DisposableStore, type Disposable } from '../disposables';
import type { ConfigPlaces } from './configPlaces';
import type { Contribution, Services } from '../services';
import { plain } from '../plain';

/** Keys come faster than anyone reads messages. */
const quietMs = 300;
/** Faults that a YAML language server finds by itself with our published schema. */
const schemaCodes: ReadonlySet<string> = new Set(['OVR101', 'OVR102']);
const yamlExtension = 'redhat.vscode-yaml';

export class ConfigDiagnostics implements Contribution {
  register({ places, log }: Services): Disposable {
    const store = new DisposableStore();
    const collection = store.add(vscode.languages.createDiagnosticCollection('overread'));
    const waiting = new Map<string, Debounce>();
    store.add({
      dispose: () => {
        for (const timer of waiting.values()) timer.dispose();
      },
    });

    const check = (document: vscode.TextDocument): void => {
      if (!isConfig(document)) return;
      const key = document.uri.toString();
      let timer = waiting.get(key);
      if (!timer) {
        timer = new Debounce(quietMs, () => {
          publish(places, collection, document).catch((error: unknown) => {
            log.warn(`overread.yaml was not checked: ${String(error)}`);
          });
        });
        waiting.set(key, timer);
      }
      timer.schedule();
    };
    const forget = (document: vscode.TextDocument): void => {
      const key = document.uri.toString();
      waiting.get(key)?.dispose();
      waiting.delete(key);
      collection.delete(document.uri);
    };

    store.add(vscode.workspace.onDidOpenTextDocument(check));
    store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)));
    store.add(vscode.workspace.onDidCloseTextDocument(forget));
    // Installed or removed meanwhile: who speaks about the schema may have changed.
    store.add(vscode.extensions.onDidChange(() => vscode.workspace.textDocuments.forEach(check)));
    vscode.workspace.textDocuments.forEach(check);
    return store;
  }
}

/** A YAML language server is there: it checks and completes by our published schema. */
export function yamlExtensionIsActive(): boolean {
  return vscode.extensions.getExtension(yamlExtension)?.isActive === true;
}

function isConfig(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && path.basename(document.uri.fsPath) === configFileName;
}

async function publish(
  places: ConfigPlaces,
  collection: vscode.DiagnosticCollection,
  document: vscode.TextDocument,
): Promise<void> {
  const { version } = document;
  const found = await places.faultsOf(document);
  // Typed on meanwhile, or closed: the next check speaks.
  if (document.version !== version || document.isClosed) return;
  const standDown = yamlExtensionIsActive();
  collection.set(
    document.uri,
    found.filter(({ code }) => !(standDown && schemaCodes.has(code))).map(toDiagnostic),
  );
}

/** Ours count from 1, VS Code's from 0; both ends are exclusive. */
export function toDiagnostic(fault: Omit<ConfigDiagnostic, 'fixes'>): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(fault.line - 1, fault.column - 1, fault.endLine - 1, fault.endColumn - 1),
    plain(fault.message),
    fault.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.code = fault.code;
  diagnostic.source = 'overread';
  return diagnostic;
}
