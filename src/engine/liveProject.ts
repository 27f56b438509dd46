/**
 * One project as the window sees it: its table, labels, shown run and catalog, kept in step with the files.
 * Labels are followed by reading what was appended; a new run or a changed table rebuilds the catalog.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { canonicalJson } from '../core/base/files';
import { inTurns, ownTurns, type Turns } from '../core/base/pieces';
import { ProjectFolder, type FolderPolicy } from '../core/base/projectFolder';
import type { Problem } from '../core/base/report';
import type { ItemChecks } from '../core/checks/itemChecks';
import { keptChecksFile, readKeptChecks, tableHash } from '../core/checks/keptChecks';
import { configFile, loadConfig, tablesOf, type ProjectConfig } from '../core/config/config';
import type { Dataset, SplitAssignment } from '../core/dataset/model';
import type { PredictionColumns } from '../core/evaluation/model';
import type { EffectiveLabels } from '../core/labels/effectiveLabels';
import { LabelLogReader } from '../core/labels/log';
import { labelProblems } from '../core/labels/labelProblems';
import type { Catalog } from '../core/review/catalog';
import { outputsOf } from '../core/labels/targets';
import { refuseIncomparable } from '../core/review/diffRuns';
import type { FilterOptions } from '../core/review/openReview';
import { readProjectTable } from '../core/project/project';
import { groupsFile } from '../core/split/joinedGroups';
import { refuseOtherOutputs, refuseUnable } from '../core/runs/abilities';
import { findRun } from '../core/runs/folder';
import { readLatestRun, readWholeRun, stampRuns, type FoundRun, type WholeRun } from '../core/runs/wholeRun';
import {
  buildView,
  type BuiltView,
  type Judgement,
  type ReadChecks,
  type ReadTable,
  type View,
} from './projectView';
import { takenAtOnce } from './looking/takenAtOnce';
import type { RunPlace } from './runPlace';

export type Change = 'labels' | 'runs' | 'dataset';

/** The frozen split, its folds, and what is kept together. */
const splitFiles = ['splits/split.csv', 'splits/folds.csv', groupsFile];

/** Replaced as a whole. */
interface Table extends ReadTable {
  readonly stamp: string;
}

interface Kept extends ReadChecks {
  readonly stamp: string;
}

/** What was read of a project beside the turns that edits take; it stands once it was taken. */
export interface ReadProject {
  readonly folder: ProjectFolder;
  readonly table: Table;
  readonly kept: Kept;
  readonly changes: ReadonlySet<Change>;
  /** Another view, where one is needed. */
  readonly built: BuiltView | undefined;
}

/** A view that goes by other predictions than the shown one, and what it was built of. */
export interface LiveView extends BuiltView {
  readonly table: Table;
  readonly kept: Kept;
}

export class LiveProject {
  private judged: BuiltView['judged'];
  private table: Table | undefined;
  private view: View | undefined;
  private readonly log: LabelLogReader;
  private opened: ProjectFolder | undefined;
  private kept: Kept | undefined;

  /**
   * @param policy what may be written into the project; asked at every reading
   * @param filters how users' filters run
   * @param cacheDir the user's cache, where the last check is kept
   * @param turns how long work beside edits is divided
   */
  constructor(
    readonly root: string,
    private readonly policy: () => FolderPolicy,
    private readonly filters: FilterOptions,
    private readonly cacheDir: string,
    private readonly turns: Turns = ownTurns,
  ) {
    this.log = new LabelLogReader(root, policy);
  }

  /** The project's folder, for whatever is written into it. */
  get folder(): ProjectFolder {
    return this.mustBeOpen(this.opened);
  }
  get config(): ProjectConfig {
    return this.mustBeOpen(this.table).config;
  }
  get dataset(): Dataset {
    return this.mustBeOpen(this.table).dataset;
  }
  get assignment(): SplitAssignment {
    return this.mustBeOpen(this.table).assignment;
  }
  get catalog(): Catalog {
    return this.mustBeOpen(this.view).catalog;
  }
  get labels(): EffectiveLabels {
    return this.mustBeOpen(this.view).labels;
  }
  get checks(): ItemChecks {
    return this.mustBeOpen(this.view).checks;
  }
  /** Where the last check is kept; absolute. */
  get checksFile(): string {
    return keptChecksFile(this.cacheDir, this.folder.root);
  }
  get run(): WholeRun | undefined {
    return this.view?.found.run;
  }
  /** Where a process beside the engine finds the run that is shown; undefined without one. */
  get runPlace(): RunPlace | undefined {
    const { run, root, folder, dataset } = this;
    return run && { root, policy: folder.policy, run: run.record.run, samples: dataset.samples.length };
  }
  get earlier(): WholeRun | undefined {
    return this.view?.earlier;
  }
  /** What is known of suspected labels: of this run and table; undefined while that is found. */
  get judgement(): Judgement | undefined {
    return this.judged;
  }
  /** What is predicted came of a live refit. */
  get isLive(): boolean {
    return this.view?.isLive === true;
  }
  get isOpen(): boolean {
    return this.view !== undefined;
  }
  get reader(): LabelLogReader {
    return this.log;
  }
  get problems(): readonly Problem[] {
    const { problems } = this.mustBeOpen(this.table);
    const { found } = this.mustBeOpen(this.view);
    return [...problems, ...found.problems, ...this.log.problems(), ...labelProblems(this.labels, this.log)];
  }

  /**
   * Reads what has changed of the files, beside the turns that edits take: nothing stands before `take`. One reading at a
   * time, the taking included.
   */
  async read(): Promise<ReadProject> {
    const changes = new Set<Change>();
    const folder = await this.openFolder();
    let table = folder === this.opened ? this.table : undefined;
    if (!table || table.stamp !== (await this.tableStamp(table.config))) {
      table = await this.readTable(folder);
      changes.add('dataset');
    }
    const runs = this.view && (await stampRuns(this.root, this.run?.record.run));
    if (!this.view || runs !== this.view.found.stamp) changes.add('runs');
    const kept = await this.readKept(folder, table.config, changes.has('dataset'));
    // Lists and queues go by it as by a run.
    if (this.kept && kept.stamp !== this.kept.stamp) changes.add('runs');
    await this.log.refresh();
    const read = { folder, table, kept, changes };
    if (this.view && changes.size === 0) return { ...read, built: undefined };
    const found = await readLatestRun(this.root, table.dataset, this.turns);
    const earlier = await this.earlierThan(found.run, table.dataset);
    return { ...read, built: await this.build({ table, kept }, found, earlier) };
  }

  /**
   * Reads a run that the shown one is to be compared with, as `read`. @param name null: with none
   * @throws OVR800, OVR801 there is no such run; OVR804 the two cannot be compared
   */
  async readCompared(name: string | null): Promise<ReadProject> {
    const { found } = this.mustBeOpen(this.view);
    const [table, kept] = [this.mustBeOpen(this.table), this.mustBeOpen(this.kept)];
    const earlier = name === null ? undefined : await this.readNamed(name);
    if (earlier && found.run) refuseIncomparable(this, [earlier, found.run]);
    const other = found.run?.record.run === name ? undefined : earlier;
    const built = await this.build({ table, kept }, found, other);
    return { folder: this.folder, table, kept, changes: new Set(), built };
  }

  /** Has what was read stand, with the labels as they are now. In the project's turn. @returns what changed */
  async take({ folder, table, kept, changes, built }: ReadProject): Promise<readonly Change[]> {
    await this.log.refresh();
    const { added, reset } = this.log.takeChanges();
    let other = built;
    // Files of labels were rewritten: what was built of them stands no more.
    if (built ? built.view.labels.table !== this.log.table : reset) {
      const { found, earlier } = built?.view ?? this.mustBeOpen(this.view);
      other = await this.build({ table, kept }, found, earlier, ownTurns);
    }
    Object.assign(this, { opened: folder, table, kept });
    if (other) this.show(other);
    else if (added > 0) await inTurns(this.catalog.applyingEvents(), ownTurns);
    return [...new Set([...changes, ...(added > 0 || reset ? (['labels'] as const) : [])])];
  }

  /**
   * Takes up what was appended to the labels, and nothing else. In the project's turn.
   * @param own events that this process has just written
   * @returns whether there were others
   */
  async takeUpLabels(own = 0): Promise<boolean> {
    await this.log.refresh();
    const { added, reset } = this.log.takeChanges();
    const { found, earlier } = this.mustBeOpen(this.view);
    if (reset) {
      const sources = { table: this.mustBeOpen(this.table), kept: this.mustBeOpen(this.kept) };
      this.show(await this.build(sources, found, earlier, ownTurns));
    } else if (added > 0) await inTurns(this.catalog.applyingEvents(), ownTurns);
    return reset || added > own;
  }

  /**
   * Builds the view by predictions of a live refit, beside the turns that edits take; nobody sees it before `predictLive`.
   * @param columns of the shown run's outputs; null: by the run's own
   */
  async buildLive(columns: PredictionColumns | null): Promise<LiveView> {
    const { found, earlier } = this.mustBeOpen(this.view);
    const [table, kept, { judged }] = [this.mustBeOpen(this.table), this.mustBeOpen(this.kept), this];
    const { run } = found;
    const predicted = run && columns ? { ...found, run: { ...run, predictions: columns } } : found;
    const { view } = await this.build({ table, kept }, predicted, earlier);
    return { view: { ...view, found, isLive: columns !== null }, table, kept, judged };
  }

  /**
   * Has a view stand that `buildLive` built, until the run, the table or what a check found are read anew. In the project's turn.
   * @returns whether it does: all that it was built of must stand still
   */
  predictLive({ view, table, kept, judged }: LiveView): boolean {
    const shown = this.mustBeOpen(this.view);
    const stands =
      table === this.table &&
      kept === this.kept &&
      judged === this.judged &&
      view.found === shown.found &&
      view.earlier === shown.earlier &&
      view.labels.table === this.log.table;
    if (stands) this.show({ view, judged });
    else view.catalog.close();
    return stands;
  }

  /**
   * Takes over what was found of the items from one on, as many as one turn has the time for; with the last of them it stands.
   * @returns the first item that is left; `labels.items`: none is
   */
  takeSuspects(judgement: Judgement, from: number): number {
    const { catalog, labels } = this.mustBeOpen(this.view);
    const { turns } = this;
    const started = turns.now();
    let taken = from;
    do {
      const to = Math.min(labels.items, taken + takenAtOnce);
      catalog.takeSuspects(judgement.found, taken, to);
      taken = to;
    } while (taken < labels.items && turns.now() - started < turns.ms);
    if (taken >= labels.items) this.judged = { ...judgement, dataset: this.dataset };
    return taken;
  }

  close(): void {
    this.view?.catalog.close();
    this.view = undefined;
  }

  /** @throws OVR800, OVR801 */
  private async readNamed(name: string): Promise<WholeRun> {
    return readWholeRun(this.root, await findRun(this.root, name), this.dataset, this.turns);
  }

  /** What a run is compared with that nobody chose: the run that was shown before it, while that can be read. */
  private async earlierThan(run: WholeRun | undefined, dataset: Dataset): Promise<WholeRun | undefined> {
    const { found, earlier } = this.view ?? {};
    const shown = found?.run;
    const isRefit = run && shown && shown.record.run < run.record.run;
    const candidate = isRefit ? shown : earlier;
    if (!run || !candidate || candidate.record.run === run.record.run) return undefined;
    try {
      // Its predictions stand in the order of the table as it was.
      const isOtherTable = dataset !== this.table?.dataset;
      const read = isOtherTable
        ? await readWholeRun(this.root, candidate.record.run, dataset, this.turns)
        : candidate;
      refuseOtherOutputs(read.record, outputsOf(dataset));
      for (const { record } of [read, run]) refuseUnable(record, 'compare');
      return read;
    } catch (error) {
      if (error instanceof OverreadError) return undefined;
      throw error;
    }
  }

  private build(
    { table, kept }: { readonly table: Table; readonly kept: Kept },
    found: FoundRun,
    earlier: WholeRun | undefined,
    turns = this.turns,
  ): Promise<BuiltView> {
    const { judged, filters } = this;
    const events = this.log.table;
    return inTurns(buildView({ table, checks: kept, events, found, earlier, judged, filters }), turns);
  }

  private show({ view, judged }: BuiltView): void {
    const old = this.view;
    // What came since it was begun.
    view.catalog.applyEvents();
    this.view = view;
    this.judged = judged;
    old?.catalog.close();
  }

  /** What a check has found since, or what is known. */
  private async readKept(folder: ProjectFolder, config: ProjectConfig, isOtherTable: boolean): Promise<Kept> {
    const file = keptChecksFile(this.cacheDir, folder.root);
    const stamp = await this.stamp([file]);
    if (this.kept && !isOtherTable && this.kept.stamp === stamp) return this.kept;
    const kept = await readKeptChecks(file);
    return { stamp, kept, table: kept ? await tableHash(this.root, config) : '' };
  }

  /** Where what may be written has changed, it is another, and a split that could not be frozen may be frozen now. */
  private async openFolder(): Promise<ProjectFolder> {
    const policy = this.policy();
    if (this.opened && canonicalJson(this.opened.policy) === canonicalJson(policy)) return this.opened;
    return ProjectFolder.open(this.root, policy);
  }

  private async readTable(folder: ProjectFolder): Promise<Table> {
    const config = await loadConfig(this.root);
    // Taken before the reading: what changes meanwhile is read again at the next refresh.
    const tableStamp = await this.stamp([configFile, ...tablesOf(config)]);
    const table = await readProjectTable(folder, config, [], this.turns);
    // The split may just have been made.
    return { stamp: `${tableStamp}\n${await this.stamp(splitFiles)}`, config, ...table };
  }

  private async tableStamp(config: ProjectConfig): Promise<string> {
    const tableStamp = await this.stamp([configFile, ...tablesOf(config)]);
    return `${tableStamp}\n${await this.stamp(splitFiles)}`;
  }

  /** Size and time of files. */
  private async stamp(files: readonly string[]): Promise<string> {
    const stamps = await Promise.all(
      files.map(async (file) => {
        const stat = await fs.stat(path.resolve(this.root, file)).catch(() => undefined);
        return stat ? `${file} ${stat.size} ${stat.mtimeMs}` : `${file} -`;
      }),
    );
    return stamps.join('\n');
  }

  private mustBeOpen<T>(part: T | undefined): T {
    if (part === undefined) throw new Error('The project is not open');
    return part;
  }
}
