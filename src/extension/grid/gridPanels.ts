/** All review grids of the window: one per project, found again after a reload. */
import * as vscode from 'vscode';
import type { EditOutcome, ItemQuery } from '../../protocol/engineApi';
import { viewTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { createGridPanel, GridPanel, type GridPanelOptions } from './gridPanel';

export class GridPanels implements Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly panels = new Set<GridPanel>();
  private lastActive: GridPanel | undefined;

  constructor(
    private readonly services: {
      readonly engine: EngineClient;
      readonly projects: Projects;
      readonly log: vscode.LogOutputChannel;
      readonly extensionUri: vscode.Uri;
    },
  ) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(viewTypes.grid, this));
    this.store.add(
      services.projects.onDidChangeList(() => {
        // A project whose overread.yaml is gone has nothing to review.
        for (const panel of [...this.panels]) {
          if (services.projects.get(panel.project.root) !== panel.project) panel.dispose();
        }
      }),
    );
  }

  get count(): number {
    return this.panels.size;
  }

  /** The grid that has the focus of the window. */
  get active(): GridPanel | undefined {
    return [...this.panels].find((panel) => panel.active);
  }

  /** Shows a project's grid, with this query or as it was left. */
  open(project: Project, query?: ItemQuery): GridPanel {
    const panel = this.of(project) ?? this.keep(createGridPanel(this.options(project)));
    panel.show(query);
    return panel;
  }

  /** An edit that came from no grid: every grid of the project shows it. */
  tellEdited(project: Project, outcome: EditOutcome, except?: GridPanel): void {
    for (const panel of this.panels) {
      if (panel.project === project && panel !== except) panel.edited(outcome);
    }
    project.apply(outcome);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    await this.services.projects.ready();
    const root = rootIn(state);
    const project = root === undefined ? undefined : this.services.projects.get(root);
    // The project is gone, or the state is none of ours.
    if (!project || this.of(project)) {
      panel.dispose();
      return;
    }
    this.keep(new GridPanel(panel, this.options(project)));
  }

  dispose(): void {
    for (const panel of [...this.panels]) panel.dispose();
    this.store.dispose();
  }

  private of(project: Project): GridPanel | undefined {
    return [...this.panels].find((panel) => panel.project === project);
  }

  private keep(panel: GridPanel): GridPanel {
    this.panels.add(panel);
    panel.onDidDispose(() => {
      this.panels.delete(panel);
      panel.dispose();
      this.followFocus();
    });
    return panel;
  }

  private options(project: Project): GridPanelOptions {
    const { engine, log, extensionUri } = this.services;
    return {
      project,
      engine,
      log,
      extensionUri,
      onEdited: (panel, outcome) => {
        this.tellEdited(project, outcome, panel);
      },
      onDidChangeActive: () => {
        this.followFocus();
      },
    };
  }

  /** The context keys speak of the active grid; without one they are left, as `when` asks for the panel too. */
  private followFocus(): void {
    const { active } = this;
    if (active === this.lastActive) return;
    this.lastActive = active;
    void active?.applyFocus();
  }
}

/** The project's folder in a page's saved state; the rest of the state is the page's own to check. */
function rootIn(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('root' in state)) return undefined;
  return typeof state.root === 'string' ? state.root : undefined;
}
