/** What the last check of each project found, kept in step with its table and labels, for whoever shows it. */
import * as vscode from 'vscode';
import type { CheckFindings, CheckState, StandingCheck } from '../../protocol/engineApi';
import { commands } from '../contributions';
import { Debounce, DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { say } from '../say';

/** Edits come one after the other; findings follow when they pause. */
const quietMs = 300;
const nothing: CheckFindings = { findings: [], grave: 0, ignored: [] };

interface Known extends CheckFindings {
  readonly state: CheckState | null;
}

export class Findings implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<Project>());
  private readonly known = new Map<Project, Known>();
  private readonly waiting = new Map<Project, Debounce>();

  /** What is known of a project is different now. */
  readonly onDidChange = this.changed.event;

  constructor(
    projects: Projects,
    private readonly engine: EngineClient,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.store.add({ dispose: () => this.waiting.forEach((timer) => timer.dispose()) });
    this.store.add(projects.onDidChangeProject(({ project }) => this.soon(project)));
    this.store.add(
      projects.onDidChangeList(() => {
        for (const project of this.known.keys()) {
          if (projects.get(project.root) === project) continue;
          this.known.delete(project);
          this.waiting.get(project)?.dispose();
          this.waiting.delete(project);
        }
      }),
    );
  }

  of(project: Project): CheckFindings {
    return this.known.get(project) ?? nothing;
  }

  find(project: Project, id: unknown): StandingCheck | undefined {
    return this.of(project).findings.find((one) => one.id === id);
  }

  /** Asks the engine now. */
  async refresh(project: Project): Promise<void> {
    const { summary } = project;
    // Of a project that cannot be read or was not checked yet, and in a blind reading, there are none.
    const state = project.failure ? null : (summary?.checks ?? null);
    const isChecked = state !== null && state.made !== null;
    const found = isChecked ? await this.engine.call('findings', project.root) : nothing;
    const before = this.known.get(project);
    this.known.set(project, { ...found, state });
    if (
      before &&
      before.findings.length + before.ignored.length + found.findings.length + found.ignored.length === 0
    )
      return;
    this.changed.fire(project);
    if (before) tellGone(project, before.state, state);
  }

  dispose(): void {
    this.store.dispose();
  }

  private soon(project: Project): void {
    let timer = this.waiting.get(project);
    if (!timer) {
      timer = new Debounce(quietMs, () => {
        this.refresh(project).catch((error: unknown) => {
          this.log.debug(`No findings of ${project.name}: ${String(error)}`);
        });
      });
      this.waiting.set(project, timer);
    }
    timer.schedule();
  }
}

/** Rows that are gone, or may be others, have taken findings along: said once, when it happens. */
function tellGone(project: Project, before: CheckState | null, after: CheckState | null): void {
  if (!before || !after || before.made !== after.made || after.gone <= before.gone) return;
  const { t } = vscode.l10n;
  const lost = after.gone - before.gone;
  const again = t('Check Again');
  void say
    .info(
      lost === 1
        ? t(
            'The table of {0} changed: 1 finding of the last check may not hold and is not shown.',
            project.name,
          )
        : t(
            'The table of {0} changed: {1} findings of the last check may not hold and are not shown.',
            project.name,
            String(lost),
          ),
      again,
    )
    .then(async (picked) => {
      if (picked === again) await vscode.commands.executeCommand(commands.checkData, project.root);
    });
}
