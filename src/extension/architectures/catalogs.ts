/** What there is to choose from, per project; asked of the engine once and again when the project changed. */
import * as vscode from 'vscode';
import type { ArchitectureCatalog, ArchitectureRow } from '../../protocol/engineApi';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import type { Projects } from '../projects/projects';

export class Catalogs implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly asked = new Map<string, Promise<ArchitectureCatalog>>();

  /** Suggestions, or what is on this machine, may be different now. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly engine: EngineClient,
    projects: Projects,
  ) {
    const forget = (root: string): void => {
      if (this.asked.delete(root)) this.changed.fire();
    };
    this.store.add(
      projects.onDidChangeProject(({ project, what }) => {
        // A run measures images per second and may have fetched weights; labels change neither.
        if (what.has('dataset') || what.has('runs')) forget(project.root);
      }),
    );
    this.store.add(engine.onDidRestart(() => [...this.asked.keys()].forEach(forget)));
  }

  /** @throws RemoteError what the engine says */
  of(root: string): Promise<ArchitectureCatalog> {
    let catalog = this.asked.get(root);
    if (!catalog) {
      catalog = this.engine.call('architectures', root);
      this.asked.set(root, catalog);
      // A failure is asked again: the file may be mended by then.
      catalog.catch(() => this.asked.delete(root));
    }
    return catalog;
  }

  dispose(): void {
    this.store.dispose();
  }
}

export function findRow(catalog: ArchitectureCatalog, name: string | null): ArchitectureRow | undefined {
  return catalog.rows.find((row) => row.name === name);
}
