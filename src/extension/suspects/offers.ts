/**
 * Labels that are offered to a reader, ten at a time or for an audit: drawn by `overread suspects`, looked at blind in the
 * grid, and what comes after the last of them (docs/suspects.md#offers).
 */
import * as vscode from 'vscode';
import type { EditOutcome } from '../../protocol/engineApi';
import { DisposableStore, type Disposable } from '../disposables';
import type { GridPanels } from '../grid/gridPanels';
import { runCli } from '../nodeProgram';
import type { Project } from '../projects/project';
import { offerQuery } from '../queries';
import { say } from '../say';
import { setting } from '../settings';
import { parseDrawn, type Drawn } from './drawn';

/** Labels of one offer. */
const atOnce = 10;

export class Offers implements Disposable {
  private readonly store = new DisposableStore();
  /** By project: whether its reading was blind before the first offer, where somebody had chosen. */
  private readonly before = new Map<Project, boolean | undefined>();

  constructor(
    private readonly options: {
      readonly extensionPath: string;
      readonly grids: GridPanels;
      /** Shows what a review has found so far. */
      readonly showYield: (project: Project) => void;
    },
  ) {
    this.store.add(options.grids.onDidEdit(({ project, outcome }) => void this.edited(project, outcome)));
  }

  /** Draws the next labels, and shows them blind. */
  async next(project: Project): Promise<void> {
    const drawn = await this.draw(project, ['--next', String(atOnce)]);
    if (drawn.samples === 0) {
      void say.info(vscode.l10n.t('Every label of {0} has been looked at.', project.name));
      return;
    }
    await this.show(project, drawn);
  }

  /** Says how many labels it takes to end the review, and shows them blind. */
  async audit(project: Project): Promise<void> {
    const drawn = await this.draw(project, ['--audit']);
    const { audit } = drawn;
    if (drawn.samples === 0 || !audit) {
      void say.info(vscode.l10n.t('Every label of {0} has been looked at.', project.name));
      return;
    }
    const begin = vscode.l10n.t('Begin');
    const picked = await say.info(
      vscode.l10n.t(
        'Audit {0}: {1} of {2} labels that nobody has looked at, drawn by chance. If all of them are kept, fewer than {3} % of the labels are wrong.',
        ...[audit.number, drawn.samples, audit.unreviewed, percent(audit.target)],
      ),
      begin,
    );
    if (picked === begin) await this.show(project, drawn);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async draw(project: Project, what: readonly string[]): Promise<Drawn> {
    const annotator = setting('annotator').trim();
    const document = await say.whileCancellable(
      vscode.l10n.t('Drawing labels to look at'),
      (signal, report) =>
        runCli(
          this.options.extensionPath,
          ['suspects', project.root, ...what, ...(annotator === '' ? [] : ['--annotator', annotator])],
          { signal, onLine: report },
        ),
    );
    return parseDrawn(document);
  }

  private async show(project: Project, { offer }: Drawn): Promise<void> {
    if (!this.before.has(project)) this.before.set(project, project.summary?.blind);
    await project.setBlind(true);
    if (project.summary) this.options.grids.open(project, offerQuery(project.summary, offer));
  }

  /** After the last answer of an offer: on, or back to how it was. */
  private async edited(project: Project, { op, offer }: EditOutcome): Promise<void> {
    if (op === 'undo' || offer?.open !== 0) return;
    const more = vscode.l10n.t('Next Ten');
    const found = vscode.l10n.t('What Was Found');
    const leave = vscode.l10n.t('Leave Blind Reading');
    const picked = await say.info(
      vscode.l10n.t('All {0} labels of this offer are answered.', offer.total),
      ...[more, found, leave],
    );
    if (picked === more) await this.next(project);
    if (picked === found) this.options.showYield(project);
    if (picked === leave) await this.leave(project);
  }

  private async leave(project: Project): Promise<void> {
    const blind = this.before.get(project) ?? false;
    this.before.delete(project);
    await project.setBlind(blind);
    this.options.grids.open(project);
  }
}

function percent(share: number): string {
  return String(Math.round(1000 * share) / 10);
}
