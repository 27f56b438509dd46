/** The projects of one window, kept open: each with its pictures, its heat maps and what is hidden of it, one turn after another. */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { CacheMac } from '../core/base/cacheMac';
import { inTurns } from '../core/base/pieces';
import { linkedFolderNames } from '../core/base/linkedFolders';
import type { FolderPolicy } from '../core/base/projectFolder';
import { projectCacheFolder, userCacheFolder, userConfigFolder } from '../core/base/userCache';
import type { Dataset } from '../core/dataset/model';
import { defaultAnnotator, normaliseAnnotator } from '../core/labels/annotator';
import type { Annotator, Role } from '../core/labels/model';
import { FilterStarter } from '../core/review/filterStarter';
import type { FilterOptions } from '../core/review/openReview';
import type { EngineEvents, EngineSettings } from '../protocol/engineApi';
import { BlindReading } from './blindReading';
import { FitProcess } from './live/fitProcess';
import { Looking } from './looking/looking';
import { Suspecting } from './looking/suspecting';
import { Finetunes } from './live/finetunes';
import { Live } from './live/live';
import { Heatmaps } from './heatmaps';
import { LiveProject, type Change, type ReadProject } from './liveProject';
import { Looks } from './looks';
import { EditsFirst } from './editsFirst';
import { Mutex } from './mutex';
import { OfferedItems } from './offeredItems';
import { Pictures } from './pictures';
import { Similar } from './similar/similar';

export interface EngineSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: <E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]) => void;
}

export interface Open {
  readonly project: LiveProject;
  readonly pictures: Pictures;
  readonly heatmaps: Heatmaps;
  /** Reading and writing of one project happen one after the other. */
  readonly turn: Mutex;
  /** Of its files, beside the turns; whoever has it may wait for a turn, and nobody the other way round. */
  readonly reading: Mutex;
  /** What may leave of each item. */
  readonly blind: BlindReading;
  readonly offered: OfferedItems;
  readonly looks: Looks;
  readonly live: Live;
  readonly fits: FitProcess;
  /** Cohorts, shortcuts, corrections, the map. */
  readonly looking: Looking;
  readonly finetunes: Finetunes;
  /** Images that look alike. */
  readonly similar: Similar;
  readonly suspecting: Suspecting;
  /** Who edits here: asked of git once per refresh, not once per key. */
  annotator: string | undefined;
  /** Its files were read, and its reader is known. */
  isRead: boolean;
  /** Runs whose test part this window has shown. */
  readonly lookedAt: Set<string>;
  /** Labels of others were taken up since the views were told. */
  newLabels: boolean;
  /** Looks could not be kept, and the window was told. */
  toldOfLooks: boolean;
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

export class OpenProjects {
  /** How long work is divided, so that no edit waits for it. */
  readonly turns = new EditsFirst();
  private readonly open = new Map<string, Open>();
  private readonly filterStarter = new FilterStarter(path.join(__dirname, 'filters.js'));
  /** Until the host has said otherwise nothing is trusted. */
  private settings: EngineSettings = { annotator: null, trusted: false, linkedFolders: [] };
  /** Known once a project was read. */
  private userMac: CacheMac | undefined;

  private readonly warned = new Set<string>();

  constructor(private readonly surroundings: EngineSurroundings) {}

  configure(settings: EngineSettings): void {
    this.settings = settings;
    for (const open of this.open.values()) open.annotator = undefined;
  }

  /** The project, opened on first use. */
  get(root: string): Open {
    const known = this.open.get(root);
    if (known) return known;
    const { env, emit } = this.surroundings;
    // While the project is read; the first that filters takes it.
    if (this.open.size === 0) this.filterStarter.prepare();
    const cacheDir = userCacheFolder(env);
    const filters = filterOptions(env, this.filterStarter);
    const project = new LiveProject(root, () => this.policy(), filters, cacheDir, this.turns);
    const pictures = new Pictures(project, cacheDir, stuckMs(env));
    const reader = {
      name: () => normaliseAnnotator(this.open.get(root)?.annotator ?? ''),
      mac: () => this.mac,
    };
    const looks = new Looks(project, reader, () =>
      projectCacheFolder(userCacheFolder(env), project.folder.root),
    );
    const offered = new OfferedItems(project, reader);
    const blind = new BlindReading(project, reader, looks, offered);
    const looking = new Looking();
    const inTurn = <T>(work: () => T): Promise<T> => this.inTurn(root, () => Promise.resolve(work()));
    const fits = new FitProcess((news) => emit('finetuning', { root, ...news }));
    const open: Open = {
      project,
      blind,
      offered,
      fits,
      looking,
      suspecting: new Suspecting(project, looking, {
        inTurn,
        isBlind: () => blind.on,
        tell: () => emit('suspected', { root }),
        warn: (message) => this.warn(message),
      }),
      finetunes: new Finetunes(project, fits),
      similar: new Similar(project),
      live: new Live(project, fits, {
        turns: this.turns,
        inTurn,
        isBlind: () => blind.on,
        tell: (event) => emit('refitted', event),
        warn: (message) => this.warn(message),
      }),
      looks,
      pictures,
      heatmaps: new Heatmaps(project, pictures, env, (level, message) => emit('log', { level, message })),
      turn: new Mutex(),
      reading: new Mutex(),
      annotator: undefined,
      isRead: false,
      lookedAt: new Set(),
      newLabels: false,
      toldOfLooks: false,
    };
    this.open.set(root, open);
    return open;
  }

  /** One after the other for a project. What the work has told of items is kept before it resolves. */
  async inTurn<T>(root: string, work: (open: Open) => Promise<T>): Promise<T> {
    const open = await this.whenOpen(root);
    return open.turn.run(async () => {
      const result = await work(open);
      await this.keepLooks(open);
      return result;
    });
  }

  /** The same for an edit: what the engine does beside waits for it. */
  edit<T>(root: string, work: (open: Open) => Promise<T>): Promise<T> {
    return this.inTurn(root, (open) => this.turns.during(() => work(open)));
  }

  /** Slow reading that may run beside edits: pictures. */
  async beside<T>(root: string, work: (open: Open) => Promise<T>): Promise<T> {
    return work(await this.whenOpen(root));
  }

  /**
   * Brings a project in step with its files, and with who reads it. What has changed is read and built beside the turns that
   * edits take.
   * @param taken called in the turn in which it stands
   */
  async refresh(root: string, taken: (open: Open, changes: readonly Change[]) => void): Promise<Open> {
    const isMet = this.get(root).isRead;
    const open = await this.whenOpen(root);
    await open.reading.run(async () => {
      const read = await open.project.read();
      // Git is not asked twice.
      if (isMet) await this.meetReader(open);
      const { config, dataset } = read.table;
      if (open.blind.needsNames(config.review.blind)) await this.nameSamples(open, dataset);
      await this.take(open, read, taken);
    });
    return open;
  }

  /** Compares the shown run of a project with another, as `LiveProject.readCompared`; the rest as `refresh`. */
  async compare(root: string, run: string | null, taken: (open: Open) => void): Promise<Open> {
    const open = await this.whenOpen(root);
    await open.reading.run(async () => this.take(open, await open.project.readCompared(run), taken));
    return open;
  }

  private async take(
    open: Open,
    read: ReadProject,
    taken: (open: Open, changes: readonly Change[]) => void,
  ): Promise<void> {
    await this.inTurn(open.project.root, async () => {
      const changes = await open.project.take(read);
      open.newLabels ||= changes.includes('labels');
      // Its samples are others; of another run it reads the features anew by itself.
      if (changes.includes('dataset')) {
        open.fits.end();
        open.similar.end();
      }
      if (changes.length > 0) open.live.labelsChanged();
      follow(open);
      taken(open, changes);
    });
  }

  /** The project once it was read: nobody has a turn before. */
  private async whenOpen(root: string): Promise<Open> {
    const open = this.get(root);
    if (open.isRead) return open;
    await open.reading.run(async () => {
      if (open.isRead) return;
      await open.project.take(await open.project.read());
      follow(open);
      await this.meetReader(open);
      if (open.blind.on) await this.nameSamples(open, open.project.dataset);
      open.isRead = true;
    });
    return open;
  }

  /** Has a reading be blind or open. @param blind null: as the project says */
  async chooseBlind(root: string, blind: boolean | null): Promise<void> {
    const open = this.get(root);
    // The names that are shown then take a while.
    if (open.isRead && (blind ?? open.project.config.review.blind)) {
      await this.nameSamples(open, open.project.dataset);
    }
    open.blind.chosen = blind;
  }

  private nameSamples({ blind }: Open, dataset: Dataset): Promise<void> {
    return inTurns(blind.naming(dataset), this.turns);
  }

  /** Who reads, and what they have looked at by now. */
  private async meetReader(open: Open): Promise<void> {
    open.annotator = await this.askAnnotator(open.project.root);
    this.userMac ??= await CacheMac.open(userConfigFolder(this.surroundings.env));
    await open.looks.refresh();
  }

  async askAnnotator(root: string): Promise<string | undefined> {
    const { env } = this.surroundings;
    const { annotator, trusted } = this.settings;
    const named = annotator ?? env['OVERREAD_ANNOTATOR'];
    return named === undefined && trusted ? defaultAnnotator(root, env) : named;
  }

  /** Who edits. @throws OVR406 it is not known */
  async annotator(open: Open, role: Role | undefined): Promise<Annotator> {
    open.annotator ??= await this.askAnnotator(open.project.root);
    const name = open.annotator;
    if (name !== undefined && name !== '') return { name, role: role ?? 'reader' };
    throw new OverreadError({
      code: 'OVR406',
      message: 'It is not known who makes this edit',
      fix: 'Set "overread.annotator" in the settings, or git config user.name',
    });
  }

  /** Tells the window what of a project changed. */
  tell(open: Open, what: readonly Change[]): void {
    if (what.length > 0) this.surroundings.emit('changed', { root: open.project.root, what });
  }

  warn(message: string): void {
    this.surroundings.emit('log', { level: 'warn', message });
  }

  /** For what is looked at every second. */
  warnOnce(message: string): void {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    this.warn(message);
  }

  /** What may be written into a project now. */
  policy(): FolderPolicy {
    const { trusted, linkedFolders } = this.settings;
    return { readOnly: !trusted, linkedFolders: linkedFolderNames(linkedFolders) };
  }

  /** Resolves when no project is being read or written. */
  async settled(): Promise<void> {
    await Promise.all([...this.open.values()].map(({ turn }) => turn.run(() => Promise.resolve())));
  }

  /** A cache that cannot be written must not keep anybody from reading: it is told once. */
  private async keepLooks(open: Open): Promise<void> {
    await open.looks.keep().catch((error: unknown) => {
      if (open.toldOfLooks) return;
      open.toldOfLooks = true;
      this.warn(`What was looked at is forgotten when the engine ends: ${String(error)}`);
    });
  }

  private get mac(): CacheMac {
    if (this.userMac === undefined) throw new Error('No project was read yet');
    return this.userMac;
  }
}

/** What is found beside the engine is found of what stands now. */
function follow({ suspecting, similar }: Open): void {
  suspecting.follow();
  similar.follow();
}
