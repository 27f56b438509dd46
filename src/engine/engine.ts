/** What the engine does for one window: projects kept open, questions answered, edits put on disk. */
import * as path from 'node:path';
import { none } from '../core/labels/batches';
import { defaultAnnotator, normaliseAnnotator } from '../core/labels/annotator';
import { appendEdits, appendRedo, appendUndo } from '../core/labels/log';
import { answerEdits, valuesByKey } from '../core/labels/answers';
import type { Annotator, LabelEvent, Role } from '../core/labels/model';
import { standingValue } from '../core/labels/prepare';
import { OverreadError } from '../core/base/errors';
import { checkConfigText } from '../core/config/config';
import { linkedFolderNames } from '../core/base/linkedFolders';
import type { FolderPolicy } from '../core/base/projectFolder';
import { CacheMac } from '../core/base/cacheMac';
import { userCacheFolder, userConfigFolder } from '../core/base/userCache';
import { readCatalog } from '../core/catalog/catalog';
import { projectFacts } from '../core/project/projectFacts';
import { configPlaces } from '../core/config/configPlaces';
import { chooseInConfig } from '../core/catalog/chooseInConfig';
import { deleteComparison, listComparisons, readComparison } from '../core/comparisons/folder';
import { hasRandomWeights } from '../core/runs/abilities';
import { deleteRun } from '../core/runs/folder';
import { listSoundRuns } from '../core/runs/wholeRun';
import { FilterStarter } from '../core/review/filterStarter';
import { itemsOfEvents, summariseChange } from '../core/review/labelChange';
import { recordTestLook, testLooksSoFar, withoutTest } from '../core/project/testLooks';
import type { FilterOptions } from '../core/review/openReview';
import type {
  AnswerRequest,
  EditOutcome,
  EngineEvents,
  EngineSettings,
  EngineMethods,
  ItemList,
  ItemQuery,
  LabelNews,
  ProjectSummary,
} from '../protocol/engineApi';
import { answeredRows, answerTargets } from './answers';
import { BlindReading, withoutPlace } from './blindReading';
import { Heatmaps } from './heatmaps';
import { ItemLists, type List } from './itemLists';
import { LiveProject, type Change } from './liveProject';
import { Mutex } from './mutex';
import { Pictures } from './pictures';

export interface EngineSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: <E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]) => void;
}

interface Open {
  readonly project: LiveProject;
  readonly pictures: Pictures;
  readonly heatmaps: Heatmaps;
  /** Reading and writing of one project happen one after the other. */
  readonly turn: Mutex;
  /** What may leave of each item. */
  readonly blind: BlindReading;
  /** Who edits here: asked of git once per refresh, not once per key. */
  annotator: string | undefined;
  /** Runs whose test part this window has shown. */
  readonly lookedAt: Set<string>;
  /** Labels of others were taken up since the views were told. */
  newLabels: boolean;
}

/** After how long without an answer a disk is given up; tests give a shorter time. */
function stuckMs(env: EngineSurroundings['env']): number | undefined {
  const seconds = Number(env['OVERREAD_STUCK_SECONDS'] ?? NaN);
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** The processes of the filters, whose program the build lays beside the engine's own; tests give a shorter limit. */
function filterOptions(env: EngineSurroundings['env'], filterStarter: FilterStarter): FilterOptions {
  const seconds = Number(env['OVERREAD_FILTER_SECONDS'] ?? NaN);
  return {
    filterStarter,
    ...(seconds > 0 ? { limits: { timeoutMs: seconds * 1000 } } : {}),
  };
}

/** Keys that one "select all" may return. */
const maxKeys = 200_000;
/** Of a larger change only the items that a page may have are told. */
const mostTold = 2000;

export class Engine {
  private readonly open = new Map<string, Open>();
  private readonly lists = new ItemLists();
  private readonly filterStarter = new FilterStarter(path.join(__dirname, 'filters.js'));
  /** Until the host has said otherwise nothing is trusted. */
  private settings: EngineSettings = { annotator: null, trusted: false, linkedFolders: [] };

  /** Known once a project was read. */
  private userMac: CacheMac | undefined;

  constructor(private readonly surroundings: EngineSurroundings) {}

  readonly methods: EngineMethods = {
    openProject: (root, blind) => {
      if (blind !== undefined) this.opened(root).blind.chosen = blind;
      return this.inTurn(root, (open) => this.refreshed(open));
    },
    followLabels: (root) => this.inTurn(root, (open) => this.followLabels(open)),
    configure: (settings) => {
      this.settings = settings;
      for (const open of this.open.values()) open.annotator = undefined;
      return Promise.resolve();
    },
    runs: async (root) => {
      const runs = await listSoundRuns(root, ({ message }) => this.warn(message));
      return runs.map(({ record, metrics, dir }) => ({ record, metrics: withoutTest(metrics), dir }));
    },
    deleteRun: (root, run) =>
      this.inTurn(root, async (open) => {
        await deleteRun(open.project.folder, run);
        await this.refreshed(open);
      }),
    comparisons: (root) => listComparisons(root, (name, error) => this.warn(`${name}: ${error.describe()}`)),
    comparison: (root, name) => readComparison(root, name),
    deleteComparison: (root, name) =>
      this.inTurn(root, ({ project }) => deleteComparison(project.folder, name)),
    checkConfig: (_root, text) => Promise.resolve(checkConfigText(text)),
    configPlaces: (text) => Promise.resolve(configPlaces(text)),
    query: (root, query) => this.query(root, query),
    items: (list, start, count) =>
      this.fromList(list, ({ blind }, found) =>
        Array.from(this.lists.give(found, start, count), (row) => blind.item(row)),
      ),
    itemsOf: (root, keys) =>
      this.inTurn(root, ({ blind }) => {
        const rows = keys.map((key) => blind.itemNumber(key)).filter((row) => row !== undefined);
        return Promise.resolve(rows.map((row) => blind.item(row)));
      }),
    keys: (list) =>
      this.fromList(list, (open, { rows }) =>
        Array.from(rows.subarray(0, maxKeys), (row) => open.blind.key(row)),
      ),
    releaseList: (list) => {
      this.lists.release(list);
      return Promise.resolve();
    },
    detail: (root, key) => this.inTurn(root, (open) => Promise.resolve(open.blind.detail(rowOf(open, key)))),
    pixels: (root, sample) =>
      this.withProject(root, async ({ pictures, blind }) => {
        const id = blind.idOf(sample);
        return pictures.pixels(id).catch((error: unknown) => {
          throw blind.isSampleHidden(id) ? withoutPlace(error) : error;
        });
      }),
    thumbnails: (root, samples) =>
      this.withProject(root, async ({ pictures, blind }) => {
        const ids = samples.map((sample) => blind.idOf(sample));
        const thumbnails = await pictures.thumbnails(ids);
        return thumbnails.map((thumbnail, i) => blind.thumbnail(thumbnail, samples[i] ?? ''));
      }),
    architectures: async (root) => {
      // A project that cannot be read has a choice all the same, only nothing to suggest it by.
      const project = await this.inTurn(root, (open) => Promise.resolve(projectFacts(open.project))).catch(
        (error: unknown) => {
          if (error instanceof OverreadError) return null;
          throw error;
        },
      );
      const { env } = this.surroundings;
      return readCatalog({ cacheDir: userCacheFolder(env), env, project });
    },
    heatmaps: (root, samples, output) =>
      this.withProject(root, async ({ heatmaps, blind }) => {
        const ids = samples.map((sample) => blind.idOf(sample)).filter((id) => blind.mayExplain(id, output));
        const maps = await heatmaps.explain(ids, output);
        return maps.map((map) => ({ ...map, sample: blind.nameOfSample(map.sample) }));
      }),
    chooseArchitecture: async (text, choice) => Promise.resolve(chooseInConfig(text, choice)),
    imagePath: (root, sample) =>
      this.withProject(root, async ({ pictures, blind }) => {
        const id = blind.idOf(sample);
        blind.refuseHiddenPath(id);
        return pictures.imagePath(id);
      }),
    samplesAt: (root, paths) =>
      this.withProject(root, async ({ pictures, blind }) =>
        (await pictures.samplesAt(paths)).map((id) => blind.nameOfSample(id)),
      ),
    answer: (root, request) => this.inTurn(root, (open) => this.answer(open, request)),
    undo: (root) => this.inTurn(root, (open) => this.reverse(open, 'undo')),
    redo: (root) => this.inTurn(root, (open) => this.reverse(open, 'redo')),
    version: () => Promise.resolve({ pid: process.pid, versions: { node: process.versions.node } }),
  };

  /** Resolves when no project is being read or written. */
  async settled(): Promise<void> {
    await Promise.all([...this.open.values()].map(({ turn }) => turn.run(() => Promise.resolve())));
  }

  private get mac(): CacheMac {
    if (this.userMac === undefined) throw new Error('No project was read yet');
    return this.userMac;
  }

  private warn(message: string): void {
    this.surroundings.emit('log', { level: 'warn', message });
  }

  /** The project, opened on first use. */
  private opened(root: string): Open {
    let open = this.open.get(root);
    if (!open) {
      const { env, emit } = this.surroundings;
      // While the project is read; the first that filters takes it.
      if (this.open.size === 0) this.filterStarter.prepare();
      const project = new LiveProject(root, () => this.policy(), filterOptions(env, this.filterStarter));
      const pictures = new Pictures(project, userCacheFolder(env), stuckMs(env));
      const blind = new BlindReading(project, {
        name: () => normaliseAnnotator(this.open.get(root)?.annotator ?? ''),
        mac: () => this.mac,
      });
      open = {
        project,
        blind,
        pictures,
        heatmaps: new Heatmaps(project, pictures, env, (level, message) => emit('log', { level, message })),
        turn: new Mutex(),
        annotator: undefined,
        lookedAt: new Set(),
        newLabels: false,
      };
      this.open.set(root, open);
    }
    return open;
  }

  private policy(): FolderPolicy {
    const { trusted, linkedFolders } = this.settings;
    return { readOnly: !trusted, linkedFolders: linkedFolderNames(linkedFolders) };
  }

  private inTurn<T>(root: string, work: (open: Open) => Promise<T>): Promise<T> {
    const open = this.opened(root);
    return open.turn.run(async () => {
      if (!open.project.isOpen) await open.project.refresh();
      return work(open);
    });
  }

  /** Slow reading that may run beside edits: pictures. */
  private async withProject<T>(root: string, work: (open: Open) => Promise<T>): Promise<T> {
    const open = this.opened(root);
    if (!open.project.isOpen) await this.inTurn(root, () => Promise.resolve());
    return work(open);
  }

  private fromList<T>(list: string, work: (open: Open, found: List) => T): Promise<T> {
    const found = this.lists.get(list);
    return this.inTurn(found.root, (open) => Promise.resolve(work(open, found)));
  }

  private async refreshed(open: Open): Promise<ProjectSummary> {
    const changes = await open.project.refresh();
    open.newLabels ||= changes.includes('labels');
    open.annotator = await this.askAnnotator(open.project.root);
    this.userMac ??= await CacheMac.open(userConfigFolder(this.surroundings.env));
    if (changes.includes('dataset')) {
      this.lists.releaseProject(open.project.root);
      open.pictures.forgetPaths();
    }
    if (changes.includes('dataset') || changes.includes('runs')) open.heatmaps.release();
    this.tell(open, changes);
    return this.summary(open);
  }

  private tell(open: Open, what: readonly Change[]): void {
    if (what.length > 0) this.surroundings.emit('changed', { root: open.project.root, what });
  }

  private async followLabels(open: Open): Promise<LabelNews> {
    const isNew = await open.project.takeUpLabels();
    const news = isNew || open.newLabels;
    open.newLabels = false;
    return { news, ...this.labelState(open) };
  }

  private labelState(open: Open): Omit<LabelNews, 'news'> {
    const { catalog, problems } = open.project;
    return { groups: open.blind.groups(catalog.groups()), ...this.counts(open), problems };
  }

  private counts({ project, blind }: Open): Pick<LabelNews, 'queues' | 'editsSinceRun'> {
    const { catalog, config } = project;
    return {
      queues: blind.queues(catalog.queueCounts(config.review.splits)),
      editsSinceRun: blind.on ? null : catalog.editedSinceRun(),
    };
  }

  private async summary(open: Open): Promise<ProjectSummary> {
    const { project, pictures, annotator, blind } = open;
    const { config, dataset, run } = project;
    return {
      root: project.root,
      name: config.name,
      task: dataset.task,
      findings: dataset.findings,
      valuesByKey: dataset.findings.map((finding) => valuesByKey(dataset.task, finding)),
      samples: dataset.samples.length,
      metadataColumns: dataset.metadataColumns,
      queueInfos: project.catalog.queueInfos,
      sortInfos: project.catalog.sortInfos,
      ...this.labelState(open),
      blind: blind.on,
      blindByProject: config.review.blind,
      latestRun: run?.record.run ?? null,
      weights: run?.record.network
        ? { name: run.record.network.weights.name, random: hasRandomWeights(run.record) }
        : null,
      reviewedSplits: config.review.splits,
      testLooks: await testLooksSoFar(project.root),
      annotator: annotator ?? '',
      thumbnails: pictures.thumbnailFolder,
      table: path.resolve(project.root, config.dataset.table),
    };
  }

  /** A filter may run for seconds: it has no turn, so that edits do not wait for it. */
  private async query(root: string, query: ItemQuery): Promise<ItemList> {
    let asked = query;
    const catalog = await this.inTurn(root, async (open) => {
      // Its thumbnails are asked for next.
      open.pictures.start();
      asked = open.blind.query(query);
      await this.countTestLook(open, asked);
      return open.project.catalog;
    });
    const isCurrent = (open: Open): boolean => open.project.catalog === catalog;
    try {
      const selection = await catalog.select(asked);
      const list = await this.inTurn(root, (open) => {
        if (!isCurrent(open)) return Promise.resolve(undefined);
        const { rows, confusion } = open.blind.result(catalog.list(asked, selection));
        return Promise.resolve({
          list: this.lists.add(root, asked.queue, rows),
          total: rows.length,
          confusion,
        });
      });
      if (list) return list;
    } catch (error) {
      if (isCurrent(this.opened(root))) throw error;
    }
    // The table or the run changed meanwhile: what was selected means other items now.
    return this.query(root, query);
  }

  /** A list that holds test samples is a look at the test part; counted once per run and window. */
  private async countTestLook(open: Open, query: ItemQuery): Promise<void> {
    const run = open.project.run?.record.run;
    const holdsTest = query.splits.length === 0 || query.splits.includes('test');
    const { folder } = open.project;
    // Without trust nothing is written: the look counts when it is made again with it.
    if (run === undefined || !holdsTest || folder.readOnly || open.lookedAt.has(run)) return;
    open.lookedAt.add(run);
    await recordTestLook(folder, 'review grid', new Date()).catch((error: unknown) => {
      // A project that may only be read can still be browsed.
      if (!(error instanceof OverreadError)) throw error;
      this.warn(`This look at the test part is not counted: ${error.describe()}`);
    });
  }

  private async answer(open: Open, request: AnswerRequest): Promise<EditOutcome> {
    const { project } = open;
    const { catalog, labels } = project;
    project.folder.refuseUntrusted();
    const list = this.lists.find(project.root, request.list);
    const rows = answeredRows(open.blind, request, list);
    open.blind.refuseUnseen(request.op, rows);
    const targets = answerTargets(catalog, rows, list, (row) => open.blind.isBlind(row));
    const edits = answerEdits(labels, request, targets, project.run?.record.run);
    const annotator = await this.annotator(open, request.role);
    const events = await appendEdits(project.root, annotator, edits, (edit) => standingValue(labels, edit), {
      reader: project.reader,
      folder: project.folder,
      actsOn: (id) => labels.idsWith(id),
    });
    return this.outcome(open, events, 'edit');
  }

  private async reverse(open: Open, op: 'undo' | 'redo'): Promise<EditOutcome> {
    const { project } = open;
    project.folder.refuseUntrusted();
    const append = op === 'undo' ? appendUndo : appendRedo;
    const annotator = await this.annotator(open, undefined);
    const events = await append(project.root, annotator, {
      reader: project.reader,
      folder: project.folder,
    });
    return this.outcome(open, events, op);
  }

  private async outcome(
    open: Open,
    events: readonly LabelEvent[],
    op: EditOutcome['op'],
  ): Promise<EditOutcome> {
    const { project } = open;
    if (await project.takeUpLabels(events.length)) {
      open.newLabels = true;
      this.tell(open, ['labels']);
    }
    const name = normaliseAnnotator(open.annotator ?? '');
    const history = project.reader.undoHistory(name);
    const { catalog, labels } = project;
    const [first] = events;
    const items = itemsOfEvents(labels, events);
    const told = items.length <= mostTold ? items : items.filter(this.lists.isGiven(project.root));
    return {
      batch: first?.batch ?? '',
      op,
      change: open.blind.change(
        summariseChange(catalog, labels, op, items, first?.target ?? first?.batch ?? ''),
        items,
      ),
      items: Array.from(told, (row) => open.blind.item(row)),
      ...this.counts(open),
      canUndo: history.next('undo') !== none,
      canRedo: history.next('redo') !== none,
    };
  }

  private async annotator(open: Open, role: Role | undefined): Promise<Annotator> {
    open.annotator ??= await this.askAnnotator(open.project.root);
    const name = open.annotator;
    if (name !== undefined && name !== '') return { name, role: role ?? 'reader' };
    throw new OverreadError({
      code: 'OVR406',
      message: 'It is not known who makes this edit',
      fix: 'Set "overread.annotator" in the settings, or git config user.name',
    });
  }

  private async askAnnotator(root: string): Promise<string | undefined> {
    const { env } = this.surroundings;
    const { annotator, trusted } = this.settings;
    const named = annotator ?? env['OVERREAD_ANNOTATOR'];
    return named === undefined && trusted ? defaultAnnotator(root, env) : named;
  }
}

function rowOf({ blind }: Open, key: string): number {
  const row = blind.itemNumber(key);
  if (row !== undefined) return row;
  throw new OverreadError({
    code: 'OVR400',
    message: 'There is no such review item',
    fix: 'Refresh the list',
  });
}
