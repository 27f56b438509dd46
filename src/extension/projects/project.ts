/** One project as the views see it: its latest summary, runs or failure, and how they are renewed. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type {
  ComparisonSummary,
  EditOutcome,
  EngineEvents,
  ErrorReport,
  ItemQuery,
  ProjectSummary,
  RunSummary,
} from '../../protocol/engineApi';
import { configFileName } from '../contributions';
import { Debounce, DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { reportOf } from '../failures';
import { isSavedQuery } from '../queries';
import { settingIfSet } from '../settings';
import { watchProject } from './projectWatcher';
import { translatedSummary } from './translated';

export type Change = EngineEvents['changed']['what'][number];
/** `counts`: figures only, after an edit whose outcome was told to whoever shows items. */
export type News = Change | 'counts';

/** The code of calls that an ending engine left unanswered. */
const engineGone = 'OVR004';
/** Label files change in bursts (a merge, a colleague's sync): wait until they are quiet. */
const quietMs = 250;

export class Project implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<ReadonlySet<News>>());
  private readonly refitted = this.store.add(new vscode.EventEmitter<void>());
  private readonly later: Debounce;
  private readonly pendingChanges = new Set<Change>();
  private reading: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private failedAt: 'project' | 'labels' | undefined;
  private watchedTables: readonly string[] = [];
  private watchedCheck = '';
  private readonly watchers = this.store.add(new DisposableStore());

  summary: ProjectSummary | undefined;
  runs: readonly RunSummary[] = [];
  /** Newest first. */
  comparisons: readonly ComparisonSummary[] = [];
  /** Why it cannot be read now. `summary`, `runs` and `comparisons` are what they were before. */
  failure: ErrorReport | undefined;

  /** Something a view shows is different now. */
  readonly onDidChange = this.changed.event;

  /** A live refit has ended, and the summary goes by it. */
  readonly onDidRefit = this.refitted.event;

  /** @param root folder of the overread.yaml, absolute */
  constructor(
    readonly root: string,
    private readonly engine: EngineClient,
    private readonly log: vscode.LogOutputChannel,
    private readonly memory: vscode.Memento,
  ) {
    this.later = this.store.add(
      new Debounce(quietMs, () => {
        void this.refresh();
      }),
    );
    this.watch();
  }

  get uri(): vscode.Uri {
    return vscode.Uri.file(this.root);
  }

  get configFile(): vscode.Uri {
    return vscode.Uri.file(path.join(this.root, configFileName));
  }

  /** The project's own name, or its folder's until it is read. */
  get name(): string {
    return this.summary?.name ?? path.basename(this.root);
  }

  get hasRun(): boolean {
    return typeof this.summary?.latestRun === 'string';
  }

  private readonly savedCounts = new Map<string, number>();

  /** It was read at least once, with success or not. */
  get isLoaded(): boolean {
    return this.summary !== undefined || this.failure !== undefined;
  }

  /** Reads it if that was never done. */
  load(): Promise<void> {
    return this.isLoaded ? Promise.resolve() : this.refresh('dataset', 'runs', 'labels');
  }

  /** Renews summary and runs. Calls that come while one is under way share the next. */
  refresh(...what: Change[]): Promise<void> {
    for (const change of what) this.pendingChanges.add(change);
    if (!this.reading) return this.readNow();
    this.next ??= this.reading.then(() => {
      this.next = undefined;
      return this.readNow();
    });
    return this.next;
  }

  /** Renews it soon; many reports of change make one renewal. */
  refreshSoon(...what: Change[]): void {
    for (const change of what) this.pendingChanges.add(change);
    this.later.schedule();
  }

  /** Reads it anew with blind reading on or off, here until it is chosen again. */
  async setBlind(blind: boolean): Promise<void> {
    await this.memory.update(this.blindKey, blind);
    await this.refresh('labels', 'dataset');
  }

  /** Has a refit follow every answer, or none any more. Holds until the engine ends. */
  async setLive(live: boolean): Promise<void> {
    const told = await this.engine.call('setLive', this.root, live);
    if (this.summary) this.summary = { ...this.summary, live: told.live };
  }

  /** A live refit has ended: counts and what it says of itself are read again. */
  async takeRefit(): Promise<void> {
    if (!this.summary) return;
    await this.refresh('labels');
    this.refitted.fire();
  }

  /** What the person chose in the page, else in the settings; null: what the project says. */
  private get blindChoice(): boolean | null {
    return this.memory.get<boolean>(this.blindKey) ?? settingIfSet('review.blind', this.uri) ?? null;
  }

  private get blindKey(): string {
    return `blind ${this.root}`;
  }

  /** How many items one of the project's own queues had when it was opened last; undefined: it was not opened. */
  savedCount(name: string): number | undefined {
    return this.savedCounts.get(name);
  }

  /** A list was made: where it is that of a queue of the project's own, its count is known. */
  counted(query: ItemQuery, items: number): void {
    const { summary } = this;
    const queue = summary?.savedQueues.find((saved) => isSavedQuery(summary, saved, query));
    if (!queue || this.savedCounts.get(queue.name) === items) return;
    this.savedCounts.set(queue.name, items);
    this.changed.fire(new Set(['counts']));
  }

  /** Takes over what an edit has told, without waiting for the next reading. */
  apply(outcome: EditOutcome): void {
    if (!this.summary) return;
    this.summary = {
      ...this.summary,
      queues: outcome.queues,
      editsSinceRun: outcome.editsSinceRun,
    };
    this.changed.fire(new Set(['counts']));
    // What the outcome does not tell: the counts of classes, and problems with labels.
    this.refreshSoon('labels');
  }

  dispose(): void {
    this.store.dispose();
  }

  private readNow(): Promise<void> {
    this.reading = this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    const what = new Set<News>(this.pendingChanges);
    this.pendingChanges.clear();
    const previousRun = this.summary?.latestRun;
    try {
      if (this.summary && what.size === 1 && what.has('labels')) {
        await this.followLabels(this.summary);
        return;
      }
      // Every run's metrics are read from disk: not for each label edit. Where they are wanted for sure, beside the rest.
      const early = what.has('runs') ? this.readRuns() : undefined;
      // What keeps the project from being read is told rather than this.
      early?.catch(() => undefined);
      const opened = await this.engine.call('openProject', this.root, this.blindChoice);
      const summary = translatedSummary(opened);
      if (!this.summary || summary.latestRun !== previousRun) what.add('runs');
      if (what.has('runs')) [this.runs, this.comparisons] = await (early ?? this.readRuns());
      this.summary = summary;
      this.setFailure(undefined, 'project');
      const { tables = [], checksFile } = summary;
      if (tables.join('\n') !== this.watchedTables.join('\n') || checksFile !== this.watchedCheck) {
        this.watchedTables = tables;
        this.watchedCheck = checksFile;
        this.watch();
      }
    } catch (error) {
      const report = reportOf(error);
      // The engine ended, not the project: what was read stays, and is read again when it is back.
      if (report.code === engineGone && this.summary) return;
      this.setFailure(report, what.size === 1 && what.has('labels') ? 'labels' : 'project');
      this.log.warn(`Project ${this.name} cannot be read: ${report.code} ${report.message}`);
    }
    this.changed.fire(what);
  }

  /** The newest first, of both. */
  private async readRuns(): Promise<[readonly RunSummary[], readonly ComparisonSummary[]]> {
    const [runs, comparisons] = await Promise.all([
      this.engine.call('runs', this.root),
      this.engine.call('comparisons', this.root),
    ]);
    return [[...runs].sort((a, b) => (a.record.run < b.record.run ? 1 : -1)), comparisons];
  }

  /** @param read what was being read: labels that can be read say nothing of a configuration that cannot */
  private setFailure(failure: ErrorReport | undefined, read: 'project' | 'labels'): void {
    if (failure === undefined && read === 'labels' && this.failedAt === 'project') return;
    this.failure = failure;
    this.failedAt = failure === undefined ? undefined : read;
  }

  /** New labels alone: nothing else is read again. */
  private async followLabels(summary: ProjectSummary): Promise<void> {
    const { news, ...state } = await this.engine.call('followLabels', this.root);
    this.summary = { ...summary, ...state };
    this.setFailure(undefined, 'labels');
    this.changed.fire(new Set([news ? 'labels' : 'counts']));
  }

  private watch(): void {
    this.watchers.clear();
    this.watchers.add(
      watchProject(this.root, { tables: this.watchedTables, check: this.watchedCheck }, (change) => {
        this.refreshSoon(change);
      }),
    );
  }
}
