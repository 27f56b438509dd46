/** All open comparisons of the window, found again after a reload. */
import * as vscode from 'vscode';
import { parseComparisonState } from '../../protocol/comparisonApi';
import { viewTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { ComparisonPanel, createComparisonPanel, type ComparisonPanelOptions } from './comparisonPanel';

export class ComparisonPanels implements Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly panels = new Set<ComparisonPanel>();

  constructor(
    private readonly services: {
      readonly engine: EngineClient;
      readonly projects: Projects;
      readonly log: vscode.LogOutputChannel;
      readonly extensionUri: vscode.Uri;
    },
  ) {
    this.store.add(vscode.window.registerWebviewPanelSerializer(viewTypes.comparison, this));
    this.store.add(services.projects.onDidChangeList(() => this.closeLost()));
    this.store.add(services.projects.onDidChangeProject(() => this.closeLost()));
  }

  get count(): number {
    return this.panels.size;
  }

  open(project: Project, comparison: string): void {
    const panel =
      this.find(project.root, comparison) ??
      this.keep(createComparisonPanel(this.options(project, comparison)));
    panel.show();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: unknown): Promise<void> {
    await this.services.projects.ready();
    const state = parseComparisonState(saved);
    const project = state && this.services.projects.get(state.root);
    // The project is gone, or the state is none of ours.
    if (!project || this.find(state.root, state.comparison)) {
      panel.dispose();
      return;
    }
    this.keep(new ComparisonPanel(panel, this.options(project, state.comparison)));
  }

  dispose(): void {
    for (const panel of [...this.panels]) panel.dispose();
    this.store.dispose();
  }

  /** A comparison that was deleted, or whose project is gone, has nothing to show. */
  private closeLost(): void {
    for (const panel of [...this.panels]) {
      const { project, comparison } = panel;
      const known = this.services.projects.get(project.root) === project;
      // Before the project is read, nothing is known of its comparisons.
      const listed =
        project.summary === undefined ||
        project.comparisons.some((summary) => summary.comparison === comparison);
      if (!known || !listed) panel.dispose();
    }
  }

  private find(root: string, comparison: string): ComparisonPanel | undefined {
    return [...this.panels].find((panel) => panel.project.root === root && panel.comparison === comparison);
  }

  private keep(panel: ComparisonPanel): ComparisonPanel {
    this.panels.add(panel);
    panel.onDidDispose(() => {
      this.panels.delete(panel);
      panel.dispose();
    });
    return panel;
  }

  private options(project: Project, comparison: string): ComparisonPanelOptions {
    const { engine, log, extensionUri } = this.services;
    return { project, comparison, engine, log, extensionUri };
  }
}
