/** What the engine does for one window: questions answered, lists kept, edits handed on. */
import { OverreadError } from '../core/base/errors';
import { inTurns, ofRanges, type Pieces } from '../core/base/pieces';
import { ProjectFolder } from '../core/base/projectFolder';
import { userCacheFolder } from '../core/base/userCache';
import { readCatalog } from '../core/catalog/catalog';
import { appendToConfigList } from '../core/config/configList';
import { editConfigText } from '../core/config/editConfig';
import { chooseInConfig } from '../core/catalog/chooseInConfig';
import { differencesBetween } from '../core/comparisons/differences';
import { deleteComparison, listComparisons, readComparison } from '../core/comparisons/folder';
import { checkConfigText } from '../core/config/config';
import { configPlaces } from '../core/config/configPlaces';
import { keyOffers } from '../core/config/settingHelp';
import { cancelJob, listJobs } from '../core/jobs/jobs';
import { projectFacts } from '../core/project/projectFacts';
import { recordTestLook, withoutTest } from '../core/project/testLooks';
import { imagesBehind, itemsAt } from '../core/review/imageGroups';
import { deleteRun } from '../core/runs/folder';
import { listSoundRuns } from '../core/runs/wholeRun';
import { isTorchHere } from '../core/trainers/torch/offeredPythons';
import type { EngineMethods, ItemList, ItemQuery, LabelNews, ProjectSummary } from '../protocol/engineApi';
import { withoutPlace } from './blindReading';
import { RunAnalyses } from './analysis/runAnalyses';
import type { AnalysisPlace } from './analysis/analysisApi';
import { Edits } from './edits';
import { findingsOf, keepTogether, planTogether, sampleFacts } from './findings';
import { gather } from './gather';
import { ItemLists, lengthOf, type List, type Listed } from './itemLists';
import { look } from './looking/looking';
import { keysOf, listText } from './listText';
import { LoneFiles } from './loneFiles';
import { OpenProjects, type EngineSurroundings, type Open } from './openProjects';
import { refitAnswer } from './refitAnswer';
import { labelStateOf, summaryOf } from './summaries';
import { Trainings } from './trainings';

export class Engine {
  private readonly lists = new ItemLists();
  private readonly lone = new LoneFiles();
  private readonly analyses = new RunAnalyses();
  private readonly trainings = new Trainings();
  private readonly projects: OpenProjects;
  private readonly edits: Edits;

  constructor(private readonly surroundings: EngineSurroundings) {
    this.projects = new OpenProjects(surroundings);
    this.edits = new Edits(this.projects, this.lists);
  }

  readonly methods: EngineMethods = {
    openProject: async (root, blind) => {
      if (blind !== undefined) await this.projects.chooseBlind(root, blind);
      return this.summary(await this.refreshed(root));
    },
    followLabels: (root) => this.followLabels(root),
    configure: (settings) => {
      this.projects.configure(settings);
      return Promise.resolve();
    },
    runs: async (root) => {
      const runs = await listSoundRuns(root, ({ message }) => this.projects.warn(message));
      return runs.map(({ record, metrics, dir }) => ({ record, metrics: withoutTest(metrics), dir }));
    },
    deleteRun: async (root, run) => {
      await this.projects.inTurn(root, ({ project }) => deleteRun(project.folder, run));
      await this.refreshed(root);
    },
    compareRun: async (root, run) =>
      // Lists and counts go by it, as by a run that is new.
      this.summary(await this.projects.compare(root, run, (open) => this.projects.tell(open, ['runs']))),
    gather: (root, keys, by) => this.projects.beside(root, (open) => gather(open, keys, by)),
    analyseRun: async (root, run, test) => {
      if (test) await this.countRunLook(root, run);
      return this.analyses.open(await this.placeOf(root, run, test));
    },
    runBands: async (root, run, test) =>
      this.analyses.ask(await this.placeOf(root, run, test), (rpc) => rpc.call('bands')),
    runThresholds: async (root, run, test, output) =>
      this.analyses.ask(await this.placeOf(root, run, test), (rpc) => rpc.call('thresholds', output)),
    tryTarget: async (root, run, test, output, target) =>
      this.analyses.ask(await this.placeOf(root, run, test), (rpc) => rpc.call('tryTarget', output, target)),
    changedSides: async (root, run, test, output, threshold) => {
      // A blind reader is told nothing of what a model says of single images.
      if (await this.projects.beside(root, ({ blind }) => Promise.resolve(blind.on))) return [];
      const place = await this.placeOf(root, run, test);
      return this.analyses.ask(place, (rpc) => rpc.call('changed', output, threshold));
    },
    keepTarget: async (text, output, target) =>
      Promise.resolve(editConfigText(text, [[['operating_points', output], target ?? undefined]])),
    whyNoGuarantee: async (root, run, test) =>
      this.analyses.ask(await this.placeOf(root, run, test), (rpc) => rpc.call('whyNoGuarantee')),
    guarantee: async (root, run, asked) =>
      this.analyses.ask(await this.placeOf(root, run, false), (rpc) => rpc.call('guarantee', asked)),
    setLive: async (root, live) => {
      const open = await this.projects.inTurn(root, (one) => {
        one.live.set(live);
        return Promise.resolve(one);
      });
      await open.live.leave();
      return this.summary(open);
    },
    mayFinetune: (root, request) =>
      this.projects.beside(root, ({ finetunes }) => Promise.resolve(finetunes.may(request))),
    isTorchHere: (offered) =>
      isTorchHere(offered, userCacheFolder(this.surroundings.env), this.surroundings.env),
    finetune: (root, request) => this.projects.beside(root, ({ finetunes }) => finetunes.make(request)),
    cancelFinetune: (root) => this.projects.beside(root, ({ finetunes }) => finetunes.cancel()),
    relist: (root, query, list, keep) => this.query(root, query, { list: this.lists.get(list), keep }),
    refitAnswer: (root, intervals) =>
      // Beside the turns that edits take: intervals need a second.
      this.projects.beside(root, (open) => refitAnswer(open, intervals)),
    findings: (root) => this.projects.inTurn(root, (open) => Promise.resolve(findingsOf(open))),
    sampleFacts: (root, samples) =>
      this.projects.inTurn(root, (open) => Promise.resolve(sampleFacts(open, samples))),
    planTogether: (root, samples) =>
      this.projects.beside(root, (open) => planTogether(this.projects, open, samples)),
    keepTogether: async (root, samples, reason) => {
      // Beside the turns that edits take: what it comes to is known once the table was read, and its line is appended at once.
      const joined = await this.projects.beside(root, (open) =>
        keepTogether(this.projects, open, samples, reason),
      );
      await this.refreshed(root);
      return joined;
    },
    excludeSamples: (root, samples, reason) =>
      this.projects.edit(root, (open) => this.edits.exclude(open, samples, reason)),
    letFindingBe: async (text, entry) =>
      Promise.resolve(appendToConfigList(text, ['check', 'ignore'], entry)),
    cohorts: (root, part) =>
      this.projects.beside(root, (open) => look(open, (rpc, place) => rpc.call('cohorts', place, part))),
    shortcuts: (root) =>
      this.projects.beside(root, (open) => look(open, (rpc, place) => rpc.call('shortcuts', place))),
    corrections: (root) =>
      this.projects.beside(root, (open) => look(open, (rpc, place) => rpc.call('corrections', place))),
    map: (root) => this.projects.beside(root, (open) => look(open, (rpc, place) => rpc.call('map', place))),
    mapColours: (root, map, from) =>
      this.projects.beside(root, (open) => look(open, (rpc) => rpc.call('mapColours', map, from))),
    umap: (root) => this.projects.beside(root, (open) => look(open, (rpc, place) => rpc.call('umap', place))),
    comparisons: (root) =>
      listComparisons(root, (name, error) => this.projects.warn(`${name}: ${error.describe()}`)),
    comparison: (root, name) => readComparison(root, name),
    comparisonDifferences: (root, name, first, second) =>
      this.projects.beside(root, async ({ blind }) => {
        const { samples, compared } = await differencesBetween(root, name, first, second);
        // A blind reader is told nothing of what models say.
        return { samples: blind.on ? [] : samples, compared };
      }),
    deleteComparison: (root, name) =>
      this.projects.inTurn(root, ({ project }) => deleteComparison(project.folder, name)),
    jobs: (root) => listJobs(root, ({ message }) => this.projects.warnOnce(message)),
    training: (root, job) => this.trainings.watch(root, job),
    cancelJob: async (root, job) => cancelJob(await ProjectFolder.open(root, this.projects.policy()), job),
    checkConfig: (_root, text) => Promise.resolve(checkConfigText(text)),
    configPlaces: (text) => Promise.resolve(configPlaces(text)),
    configKeys: (text, line, column) => Promise.resolve(keyOffers(text, line, column) ?? null),
    query: (root, query) => this.query(root, query),
    items: (list, start, count) =>
      this.fromList(list, ({ blind }, found) =>
        Array.from(this.lists.give(found, start, count), (number, k) =>
          found.images ? blind.image(number, itemsAt(found.images, start + k)) : blind.item(number),
        ),
      ),
    itemsOf: (root, keys) =>
      this.projects.inTurn(root, ({ blind }) => {
        return Promise.resolve(
          keys.flatMap((key) => {
            const [row, image] = [blind.itemNumber(key), blind.imageNumber(key)];
            if (row !== undefined) return [blind.item(row)];
            return image === undefined ? [] : [blind.image(image, new Int32Array(0))];
          }),
        );
      }),
    keys: (list) => this.ofWholeList(list, keysOf),
    listCsv: (list) => this.ofWholeList(list, listText),
    releaseList: (list) => {
      this.lists.release(list);
      return Promise.resolve();
    },
    detail: (root, key) =>
      this.projects.inTurn(root, (open) => Promise.resolve(open.blind.detail(rowOf(open, key)))),
    pixels: (root, sample) =>
      this.projects.beside(root, async ({ pictures, blind }) => {
        const id = blind.idOf(sample);
        return pictures.pixels(id).catch((error: unknown) => {
          throw blind.isSampleHidden(id) ? withoutPlace(error) : error;
        });
      }),
    filePixels: (file, frame) => this.lone.pixels(file, frame ?? undefined),
    dicomTags: (file) => this.lone.tags(file),
    prepareThumbnails: (root) =>
      this.projects.beside(root, ({ pictures }) => {
        pictures.start();
        return Promise.resolve();
      }),
    thumbnails: (root, samples) =>
      this.projects.beside(root, async ({ pictures, blind }) => {
        const ids = samples.map((sample) => blind.idOf(sample));
        const thumbnails = await pictures.thumbnails(ids);
        return thumbnails.map((thumbnail, i) => blind.thumbnail(thumbnail, samples[i] ?? ''));
      }),
    architectures: async (root) => {
      // A project that cannot be read has a choice all the same, only nothing to suggest it by.
      const project = await this.projects
        .inTurn(root, (open) => Promise.resolve(projectFacts(open.project)))
        .catch((error: unknown) => {
          if (error instanceof OverreadError) return null;
          throw error;
        });
      const { env } = this.surroundings;
      return readCatalog({ cacheDir: userCacheFolder(env), env, project });
    },
    heatmaps: (root, samples, output) =>
      this.projects.beside(root, async ({ heatmaps, blind }) => {
        const ids = samples.map((sample) => blind.idOf(sample)).filter((id) => blind.mayExplain(id, output));
        const maps = await heatmaps.explain(ids, output);
        return maps.map((map) => ({ ...map, sample: blind.nameOfSample(map.sample) }));
      }),
    saveQueue: async (text, { name, where }) =>
      Promise.resolve(editConfigText(text, [[['review', 'queues', name], where]])),
    chooseArchitecture: async (text, choice) => Promise.resolve(chooseInConfig(text, choice)),
    imagePath: (root, sample) =>
      this.projects.beside(root, async ({ pictures, blind }) => {
        const id = blind.idOf(sample);
        blind.refuseHiddenPath(id);
        return pictures.imagePath(id);
      }),
    samplesAt: (root, paths) =>
      this.projects.beside(root, async ({ pictures, blind }) =>
        (await pictures.samplesAt(paths)).map((id) => blind.nameOfSample(id)),
      ),
    answer: (root, request) => this.projects.edit(root, (open) => this.edits.answer(open, request)),
    undo: (root) => this.projects.edit(root, (open) => this.edits.reverse(open, 'undo')),
    redo: (root) => this.projects.edit(root, (open) => this.edits.reverse(open, 'redo')),
    version: () => Promise.resolve({ pid: process.pid, versions: { node: process.versions.node } }),
  };

  /** Resolves when no project is being read or written. */
  settled(): Promise<void> {
    return this.projects.settled();
  }

  private fromList<T>(list: string, work: (open: Open, found: List) => T): Promise<T> {
    const found = this.lists.get(list);
    return this.projects.inTurn(found.root, (open) => Promise.resolve(work(open, found)));
  }

  private refreshed(root: string): Promise<Open> {
    return this.projects.refresh(root, (open, changes) => {
      if (changes.includes('dataset')) {
        this.lists.releaseProject(root);
        open.pictures.forgetPaths();
      }
      if (changes.includes('dataset') || changes.includes('runs')) open.heatmaps.release();
      this.projects.tell(open, changes);
    });
  }

  private summary(open: Open): Promise<ProjectSummary> {
    return summaryOf(open, this.projects.turns);
  }

  private async followLabels(root: string): Promise<LabelNews> {
    // As an edit: until all of it stands, lists and counts wait.
    const { open, news } = await this.projects.edit(root, async (open) => {
      const isNew = await open.project.takeUpLabels();
      const news = isNew || open.newLabels;
      open.newLabels = false;
      return { open, news };
    });
    return { news, ...(await labelStateOf(open, this.projects.turns)) };
  }

  /** Beside the turns that edits take. */
  private async ofWholeList<T>(
    id: string,
    work: (open: Open, list: List, refuseGone: () => void) => Pieces<T>,
  ): Promise<T> {
    const list = this.lists.get(id);
    const open = await this.projects.inTurn(list.root, (one) => Promise.resolve(one));
    const refuseGone = (): void => void this.lists.get(id);
    const result = await inTurns(work(open, list, refuseGone), this.projects.turns);
    // What was told counts as looked at, and outlives this process.
    await this.projects.inTurn(list.root, () => Promise.resolve());
    return result;
  }

  /** A filter may run for seconds, and a list is long work: neither has a turn, so that edits do not wait for it. */
  private async query(root: string, query: ItemQuery, first?: Staying): Promise<ItemList> {
    const open = this.projects.get(root);
    const { project, blind, offered } = open;
    const { asked, catalog } = await this.projects.inTurn(root, async () => {
      const wanted = blind.query(query);
      if (wanted.offer !== undefined) await offered.open(wanted.offer);
      await this.countTestLook(open, wanted);
      if (isOfSuspects(wanted)) open.suspecting.wanted();
      return { asked: wanted, catalog: project.catalog };
    });
    const isBlind = blind.on;
    const isCurrent = (): boolean => project.catalog === catalog && blind.on === isBlind;
    try {
      const selection = asked.offer === undefined ? await catalog.select(asked) : offered.selection();
      const { turns } = this.projects;
      const result = await inTurns(catalog.listing(asked, selection), turns);
      if (isCurrent()) {
        const { found, confusion, ...listed } = await inTurns(blind.result(result), turns);
        const all = first ? await inTurns(behind(first, listed), turns) : listed;
        const list = await this.projects.inTurn(root, () => {
          if (!isCurrent()) return Promise.resolve(undefined);
          const id = this.lists.add(root, asked.queue, all, project.dataset.findings.length);
          return Promise.resolve({ list: id, total: lengthOf(all), items: found, confusion });
        });
        if (list) return list;
      }
    } catch (error) {
      if (isCurrent()) throw error;
    }
    // The table or the run changed meanwhile: what was selected means other items now.
    return this.query(root, query, first);
  }

  private placeOf(root: string, run: string, test: boolean): Promise<AnalysisPlace> {
    return this.projects.beside(root, ({ project }) =>
      Promise.resolve({ root: project.root, policy: project.folder.policy, run, test }),
    );
  }

  /** Figures of the test part were asked for. @throws OVR003, OVR005 the look cannot be counted, so it is not made */
  private async countRunLook(root: string, run: string): Promise<void> {
    await this.projects.beside(root, ({ project }) =>
      recordTestLook(project.folder, `run page of ${run}`, new Date()),
    );
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
      this.projects.warn(`This look at the test part is not counted: ${error.describe()}`);
    });
  }
}

/** Whether a list shows suspected labels, or goes by how suspect labels are. */
function isOfSuspects({ queue, sort, where }: ItemQuery): boolean {
  return queue === 'suspects' || sort === 'suspicion' || where?.includes('suspicion') === true;
}

/** The first places of a list, which stay where they are. */
interface Staying {
  readonly list: Listed;
  readonly keep: number;
}

/** What is listed now behind those that stay, each once. */
function* behind({ list, keep }: Staying, next: Listed): Pieces<Listed> {
  if (list.images && next.images) {
    const images = yield* imagesBehind(list.images, keep, next.images);
    return { rows: images.items, images };
  }
  const first = list.rows.subarray(0, keep);
  const staying = new Set(first);
  const rows = new Int32Array(first.length + next.rows.length);
  rows.set(first);
  let count = first.length;
  yield* ofRanges(next.rows.length, (from, to) => {
    for (const row of next.rows.subarray(from, to)) if (!staying.has(row)) rows[count++] = row;
  });
  return { rows: rows.slice(0, count), images: null };
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
