/**
 * One project as the window sees it: its table, labels, shown run and catalog, kept in step with the files.
 * Labels are followed by reading what was appended; a new run or a changed table rebuilds the catalog.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { canonicalJson } from '../core/base/files';
import { ProjectFolder, type FolderPolicy } from '../core/base/projectFolder';
import type { Problem } from '../core/base/report';
import { ItemChecks } from '../core/checks/itemChecks';
import { keptChecksFile, readKeptChecks, tableHash, type KeptChecks } from '../core/checks/keptChecks';
import { projectChecks } from '../core/checks/projectProblems';
import { configFile, loadConfig, tablesOf, type ProjectConfig } from '../core/config/config';
import type { Dataset, SplitAssignment } from '../core/dataset/model';
import type { PredictionColumns } from '../core/evaluation/model';
import { effectiveLabels, type EffectiveLabels } from '../core/labels/effectiveLabels';
import { LabelLogReader } from '../core/labels/log';
import { labelProblems } from '../core/labels/labelProblems';
import type { Catalog } from '../core/review/catalog';
import { outputsOf } from '../core/labels/targets';
import { refuseIncomparable } from '../core/review/diffRuns';
import { reviewOf, type FilterOptions } from '../core/review/openReview';
import { findSuspects, ItemSuspects, type FoundSuspects } from '../core/suspects/itemSuspects';
import { labelRules, readProjectTable } from '../core/project/project';
import { groupsFile } from '../core/split/joinedGroups';
import { refuseOtherOutputs, refuseUnable } from '../core/runs/abilities';
import { findRun } from '../core/runs/folder';
import { readLatestRun, readWholeRun, stampRuns, type FoundRun, type WholeRun } from '../core/runs/wholeRun';

export type Change = 'labels' | 'runs' | 'dataset';

/** The frozen split, its folds, and what is kept together. */
const splitFiles = ['splits/split.csv', 'splits/folds.csv', groupsFile];

/** What was read from the table and the split; replaced as a whole. */
interface Table {
  readonly stamp: string;
  readonly config: ProjectConfig;
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly problems: readonly Problem[];
}

/** Everything that answers questions; replaced when the table or the run changes. */
interface View {
  readonly labels: EffectiveLabels;
  readonly catalog: Catalog;
  /** Labels that are suspected by the run; null without one. */
  readonly suspects: ItemSuspects | null;
  /** What the last check found, as far as it holds. */
  readonly checks: ItemChecks;
  /** The newest run that is whole, and what is wrong with those before it. */
  readonly found: FoundRun;
  /** The run that it is compared with: the one that was shown before it, or one that was chosen. */
  readonly earlier: WholeRun | undefined;
  /** The catalog goes by predictions of a live refit instead of the run's. */
  readonly isLive: boolean;
}

/** Items up to which labels are judged where the project is read: some milliseconds. Of more that is done beside. */
const judgedAtOnce = 20_000;

/** What was found of the labels, and how. */
export interface Judgement {
  /** The run's whole name. */
  readonly run: string;
  readonly found: FoundSuspects;
  /** By the run's own predictions; else by cross-validation that was repeated for it. */
  readonly byRun: boolean;
}

export class LiveProject {
  private judged: (Judgement & { readonly dataset: Dataset }) | undefined;
  private table: Table | undefined;
  private view: View | undefined;
  private readonly log: LabelLogReader;
  private opened: ProjectFolder | undefined;
  private kept:
    { readonly stamp: string; readonly kept: KeptChecks | null; readonly table: string } | undefined;

  /**
   * @param policy what may be written into the project; asked at every refresh
   * @param filters how users' filters run
   * @param cacheDir the user's cache, where the last check is kept
   */
  constructor(
    readonly root: string,
    private readonly policy: () => FolderPolicy,
    private readonly filters: FilterOptions,
    private readonly cacheDir: string,
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

  /** Brings everything in step with the files; says what changed. */
  async refresh(): Promise<readonly Change[]> {
    const changes = new Set<Change>();
    await this.openFolder();
    if (!this.table || this.table.stamp !== (await this.tableStamp(this.table.config))) {
      this.table = await this.readTable();
      changes.add('dataset');
    }
    const runs = this.view && (await stampRuns(this.root, this.run?.record.run));
    if (!this.view || runs !== this.view.found.stamp) changes.add('runs');
    // Lists and queues go by it as by a run.
    if (await this.readKept(this.table.config, changes.has('dataset'))) changes.add('runs');
    await this.log.refresh();
    const { added, reset } = this.log.takeChanges();
    if (added > 0 || reset) changes.add('labels');
    if (!this.view || reset || changes.has('dataset') || changes.has('runs')) {
      const { dataset } = this.mustBeOpen(this.table);
      const found = await readLatestRun(this.root, dataset);
      this.rebuild(found, await this.earlierThan(found.run, changes.has('dataset')));
    } else if (added > 0) this.view.catalog.applyEvents();
    return [...changes];
  }

  /**
   * Takes up what was appended to the labels, and nothing else.
   * @param own events that this process has just written
   * @returns whether there were others
   */
  async takeUpLabels(own = 0): Promise<boolean> {
    await this.log.refresh();
    const { added, reset } = this.log.takeChanges();
    const { found, earlier } = this.mustBeOpen(this.view);
    if (reset) this.rebuild(found, earlier);
    else if (added > 0) this.catalog.applyEvents();
    return reset || added > own;
  }

  /**
   * Compares the shown run with another; null: with none.
   * @throws OVR800, OVR801 there is no such run; OVR804 the two cannot be compared
   */
  async compareWith(name: string | null): Promise<void> {
    const { found } = this.mustBeOpen(this.view);
    const earlier = name === null ? undefined : await this.readNamed(name);
    if (earlier && found.run) refuseIncomparable(this, [earlier, found.run]);
    this.rebuild(found, found.run?.record.run === name ? undefined : earlier);
  }

  /** Has the catalog go by these predictions until the run, the table or the labels are read anew; null: by the run's own. */
  predictLive(columns: PredictionColumns | null): void {
    const { view } = this;
    const run = view?.found.run;
    if (!view || !run || (columns === null && !view.isLive)) return;
    const predicted = columns === null ? run : { ...run, predictions: columns };
    // What is suspected stays what the run says: a fit that follows the labels believes those that were just looked at.
    const catalog = this.catalogOf(view.labels, predicted, view.earlier, view);
    this.view = { ...view, catalog, isLive: columns !== null };
    view.catalog.close();
  }

  /** Takes over what was found of the items from one to another, the end left out; with the last of them it stands. */
  takeSuspects(judgement: Judgement, from: number, to: number): void {
    const { catalog, labels } = this.mustBeOpen(this.view);
    catalog.takeSuspects(judgement.found, from, to);
    if (to >= labels.items) this.judged = { ...judgement, dataset: this.dataset };
  }

  close(): void {
    this.view?.catalog.close();
    this.view = undefined;
  }

  /** @throws OVR800, OVR801 */
  private async readNamed(name: string): Promise<WholeRun> {
    return readWholeRun(this.root, await findRun(this.root, name), this.dataset);
  }

  /** What a run is compared with that nobody chose: the run that was shown before it, while that can be read. */
  private async earlierThan(run: WholeRun | undefined, isOtherTable: boolean): Promise<WholeRun | undefined> {
    const { found, earlier } = this.view ?? {};
    const shown = found?.run;
    const isRefit = run && shown && shown.record.run < run.record.run;
    const candidate = isRefit ? shown : earlier;
    if (!run || !candidate || candidate.record.run === run.record.run) return undefined;
    try {
      // Its predictions stand in the order of the table as it was.
      const read = isOtherTable
        ? await readWholeRun(this.root, candidate.record.run, this.dataset)
        : candidate;
      refuseOtherOutputs(read.record, outputsOf(this.dataset));
      for (const { record } of [read, run]) refuseUnable(record, 'compare');
      return read;
    } catch (error) {
      if (error instanceof OverreadError) return undefined;
      throw error;
    }
  }

  private rebuild(found: FoundRun, earlier: WholeRun | undefined): void {
    const { config, dataset } = this.mustBeOpen(this.table);
    const labels = effectiveLabels(dataset, this.log.table, labelRules(config));
    const checks = this.checksBeside(labels);
    const suspects = found.run ? this.suspectsBy(found.run, labels, checks) : null;
    const old = this.view;
    this.view = {
      labels,
      catalog: this.catalogOf(labels, found.run, earlier, { suspects, checks }),
      ...{ suspects, checks },
      found,
      earlier,
      isLive: false,
    };
    old?.catalog.close();
  }

  private suspectsBy(run: WholeRun, labels: EffectiveLabels, checks: ItemChecks): ItemSuspects {
    const { dataset, assignment } = this.mustBeOpen(this.table);
    const name = run.record.run;
    if (this.judged?.run !== name || this.judged.dataset !== dataset) {
      this.judged = undefined;
      if (labels.items > judgedAtOnce) return new ItemSuspects(labels, checks);
      const found = findSuspects(labels, assignment, run.predictions);
      this.judged = { run: name, dataset, found, byRun: true };
    }
    return ItemSuspects.by(labels, this.judged.found, checks);
  }

  private catalogOf(
    labels: EffectiveLabels,
    run: WholeRun | undefined,
    earlier: WholeRun | undefined,
    { suspects, checks }: Pick<View, 'suspects' | 'checks'>,
  ): Catalog {
    const { dataset, assignment } = this.mustBeOpen(this.table);
    return reviewOf({ dataset, assignment, labels }, run, { ...this.filters, suspects, checks }, earlier);
  }

  private checksBeside(labels: EffectiveLabels): ItemChecks {
    const { config, dataset, assignment, problems } = this.mustBeOpen(this.table);
    const { kept, table } = this.mustBeOpen(this.kept);
    const told = projectChecks({ config, dataset, problems });
    return new ItemChecks({ config, dataset, assignment, labels, table }, kept, told);
  }

  /** Takes up what a check has found since. @returns whether that is another */
  private async readKept(config: ProjectConfig, isOtherTable: boolean): Promise<boolean> {
    const file = this.checksFile;
    const stamp = await this.stamp([file]);
    if (this.kept && !isOtherTable && this.kept.stamp === stamp) return false;
    const isOther = this.kept !== undefined && this.kept.stamp !== stamp;
    const kept = await readKeptChecks(file);
    this.kept = { stamp, kept, table: kept ? await tableHash(this.root, config) : '' };
    return isOther;
  }

  /** Where what may be written has changed, a split that could not be frozen may be frozen now. */
  private async openFolder(): Promise<void> {
    const policy = this.policy();
    if (this.opened && canonicalJson(this.opened.policy) === canonicalJson(policy)) return;
    this.opened = await ProjectFolder.open(this.root, policy);
    this.table = undefined;
  }

  private async readTable(): Promise<Table> {
    const config = await loadConfig(this.root);
    // Taken before the reading: what changes meanwhile is read again at the next refresh.
    const tableStamp = await this.stamp([configFile, ...tablesOf(config)]);
    const table = await readProjectTable(this.folder, config);
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
