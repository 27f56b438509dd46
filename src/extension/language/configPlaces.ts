/** The settings of an open overread.yaml with their places and faults, as the engine reads them; asked once per version. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ArchitectureCatalog, ConfigDiagnostic, ConfigPlace, KeyOffers } from '../../protocol/engineApi';
import type { EngineClient } from '../engine/engineClient';

export class ConfigPlaces {
  private readonly places = new ByVersion<readonly ConfigPlace[]>();
  private readonly faults = new ByVersion<readonly ConfigDiagnostic[]>();

  constructor(private readonly engine: EngineClient) {}

  /** What is wrong with the text, with what may be meant in its place. */
  faultsOf(document: vscode.TextDocument): Promise<readonly ConfigDiagnostic[]> {
    return this.faults.get(document, () =>
      this.engine.call('checkConfig', path.dirname(document.uri.fsPath), document.getText()),
    );
  }

  /** The keys that may be written at a position, or null where none may. */
  keysAt(document: vscode.TextDocument, { line, character }: vscode.Position): Promise<KeyOffers | null> {
    return this.engine.call('configKeys', document.getText(), line + 1, character + 1);
  }

  of(document: vscode.TextDocument): Promise<readonly ConfigPlace[]> {
    return this.places.get(document, () => this.engine.call('configPlaces', document.getText()));
  }
}

/** An answer about the text of a document, as long as that text stands. */
class ByVersion<T> {
  private readonly known = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly answer: Promise<T> }
  >();

  get(document: vscode.TextDocument, ask: () => Promise<T>): Promise<T> {
    const known = this.known.get(document);
    if (known?.version === document.version) return known.answer;
    const answer = ask();
    this.known.set(document, { version: document.version, answer });
    answer.catch(() => this.known.delete(document));
    return answer;
  }
}

/** The place of a setting, or undefined where the text does not have it. */
export function findPlace(places: readonly ConfigPlace[], setting: string): ConfigPlace | undefined {
  return places.find((place) => place.setting === setting);
}

/** The architecture that the text names, or that it leaves to the default. */
export function chosenArchitecture(places: readonly ConfigPlace[], catalog: ArchitectureCatalog): string {
  return findPlace(places, 'model.architecture')?.text ?? catalog.defaultArchitecture;
}

/** A value of the text at a position. */
export interface ValueAt {
  readonly place: ConfigPlace;
  /** The value's characters; empty behind a colon that has none yet. */
  readonly range: vscode.Range;
  /** A blank is missing between the colon and what is put there. */
  readonly needsBlank: boolean;
}

/** The value that holds a position or ends there, or the gap behind a key without one. */
export function valueAt(
  places: readonly ConfigPlace[],
  document: vscode.TextDocument,
  position: vscode.Position,
): ValueAt | undefined {
  for (const place of places) {
    if (place.value) {
      const range = toRange(place.value);
      if (range.contains(position)) return { place, range, needsBlank: false };
      continue;
    }
    const key = toRange(place.key);
    if (position.line !== key.end.line || position.isBefore(key.end)) continue;
    const between = document.getText(new vscode.Range(key.end, position));
    if (!/^\s*:\s*$/.test(between)) continue;
    return { place, range: new vscode.Range(position, position), needsBlank: between.endsWith(':') };
  }
  return undefined;
}

/** The setting whose key or value holds a position, and the characters of the one that does. */
export function placeAt(
  places: readonly ConfigPlace[],
  document: vscode.TextDocument,
  position: vscode.Position,
): { readonly place: ConfigPlace; readonly range: vscode.Range } | undefined {
  for (const place of places) {
    const key = toRange(place.key);
    if (key.contains(position)) return { place, range: key };
  }
  return valueAt(places, document, position);
}

/** The engine counts from 1, VS Code from 0; both ends are exclusive. */
export function toRange({ line, column, endLine, endColumn }: ConfigPlace['key']): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}
