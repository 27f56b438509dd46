/** All review grids of the window: one per project, found again after a reload. */
import * as vscode from 'vscode';
import type { EditOutcome, ItemQuery } from '../../protocol/engineApi';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { OpenPages } from '../pages/openPages';
import type { PageServices } from '../pages/pagePanel';
import { FullWindow } from './fullWindow';
import { GridPanel, type GridPanelOptions } from './gridPanel';

export class GridPanels implements Disposable {
  private readonly store = new DisposableStore();
  readonly pages = new OpenPages<GridPanel>({
    page: 'grid',
    restore: async (panel, state) => {
      const { projects } = this.services;
      await projects.ready();
      const root = rootIn(state);
      const project = root === undefined ? undefined : projects.get(root);
      return project && !this.of(project) ? new GridPanel(this.options(project), panel) : undefined;
    },
    onClosed: () => this.followFocus(),
  });
  private readonly edited = this.store.add(
    new vscode.EventEmitter<{ readonly project: Project; readonly outcome: EditOutcome }>(),
  );
  /** One for the window, whichever of its grids asks. */
  private readonly fullWindow = new FullWindow();
  private lastActive: GridPanel | undefined;

  /** Labels were edited, in a grid or beside it. */
  readonly onDidEdit = this.edited.event;

  constructor(
    private readonly services: PageServices & { readonly engine: EngineClient; readonly projects: Projects },
  ) {
    this.store.add(this.pages);
    this.store.add(
      services.projects.onDidChangeList(() => {
        // A project whose overread.yaml is gone has nothing to review.
        for (const panel of this.pages.all) {
          if (services.projects.get(panel.project.root) !== panel.project) panel.dispose();
        }
      }),
    );
  }

  get count(): number {
    return this.pages.all.length;
  }

  /** The grid that has the focus of the window. */
  get active(): GridPanel | undefined {
    return this.pages.all.find((panel) => panel.active);
  }

  /** Whether a project's grid can be seen. */
  shows(project: Project): boolean {
    return this.of(project)?.visible === true;
  }

  /** Shows a project's grid, with this query or as it was left. */
  open(project: Project, query?: ItemQuery): GridPanel {
    const panel = this.of(project) ?? this.pages.keep(new GridPanel(this.options(project)));
    panel.show(query);
    return panel;
  }

  /** An edit that came from no grid: every grid of the project shows it. */
  tellEdited(project: Project, outcome: EditOutcome, except?: GridPanel): void {
    for (const panel of this.pages.all) {
      if (panel.project === project && panel !== except) panel.edited(outcome);
    }
    project.apply(outcome);
    this.edited.fire({ project, outcome });
  }

  dispose(): void {
    this.store.dispose();
  }

  private of(project: Project): GridPanel | undefined {
    return this.pages.all.find((panel) => panel.project === project);
  }

  private options(project: Project): GridPanelOptions {
    const { engine, log, extensionUri } = this.services;
    return {
      project,
      engine,
      log,
      extensionUri,
      fullWindow: this.fullWindow,
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
