/** Puts the page together: state, effects, views; and takes it apart again. */
import type { GridStart, ProjectFault } from '../../src/protocol/gridApi';
import { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { handedIn, translated } from '../texts';
import { FocusReport } from './effects/focusReport';
import { createHostEvents, type HostEvents } from './effects/hostEvents';
import { KeyTargets } from './effects/keyTargets';
import type { Lists } from './effects/lists';
import { Formatter } from './format';
import { connectHost, faultOf, type GridRpc, type VsCodeApi } from './host';
import { createAnnouncer } from './notices';
import { PageEffects } from './pageEffects';
import { PageViews } from './pageViews';
import { createFaultBar, createStartFailure } from './projectFault';
import { parseSaved, toSaved, type SavedState } from './state/persist';
import { queueOf, usualQuery } from './state/queries';
import { Store } from './state/store';
import { english } from './strings';
import { tellApart } from './tiles/middleText';

/** ms between a change and its saving. */
const saveAfter = 150;

export class GridPage {
  private readonly disposables = new DisposableStore();
  private readonly store = new Store();
  private readonly rpc: GridRpc;
  private readonly texts = translated(english, handedIn(document));
  private readonly message = element('div', { class: 'message', attributes: { role: 'status' } });
  private take: HostEvents | undefined;
  private lists: Lists | undefined;
  private saveTimer = 0;

  constructor(
    private readonly api: VsCodeApi,
    private readonly root: HTMLElement,
  ) {
    const host = this.disposables.add(connectHost(api, (event, payload) => this.take?.(event, payload)));
    this.rpc = host.rpc;
    setText(this.message, this.texts.starting);
    root.replaceChildren(this.message);
  }

  /** Asks the host to start, and shows its project. */
  async start(): Promise<void> {
    try {
      this.open(await this.rpc.call('ready'));
    } catch (error) {
      const fault = faultOf(error);
      this.root.replaceChildren(
        createStartFailure(this.texts, this.rpc, fault.message, () => void this.startAgain()),
      );
      this.store.dispatch({ type: 'failed', fault });
    }
  }

  /** Has the host read the project once more. Where that succeeds the host loads the page anew. */
  private async startAgain(): Promise<void> {
    this.root.replaceChildren(this.message);
    await this.rpc.call('retry');
    await this.start();
  }

  /** Ends everything: listeners, timers, waiting calls. */
  dispose(): void {
    this.save();
    clearTimeout(this.saveTimer);
    this.disposables.dispose();
    this.root.replaceChildren();
  }

  private open(start: GridStart): void {
    const { store, rpc, disposables } = this;
    const announcer = createAnnouncer();
    const formatter = new Formatter(this.texts, start.settings.language);
    const effects = new PageEffects(store, rpc, formatter, announcer.say, {
      itemsArrived: () => views.itemsArrived(),
      picturesArrived: () => views.picturesArrived(),
      heatmapsArrived: () => views.heatmapsArrived(),
      focusFilter: () => views.focusFilter(),
      takeKeys: () => views.home.takeKeys(),
      hintLabels: () => views.hintLabels(),
      showKeys: () => views.showKeys(),
    });
    this.lists = effects.lists;
    const views: PageViews = new PageViews(effects, disposables);
    const faultBar = createFaultBar(this.texts, rpc);
    faultBar.show(start.fault);
    this.root.replaceChildren(faultBar.root, ...views.roots, announcer.root);
    disposables.add(
      store.subscribe((state, previous) => {
        const findings = state.project?.findings;
        if (findings && findings !== previous.project?.findings)
          tellApart(findings.flatMap(({ name, values }) => [name, ...values]));
        if (state.project?.latestRun !== previous.project?.latestRun) effects.heatmaps.clear();
        views.render(state, previous);
        this.saveSoon();
      }),
    );
    disposables.listen(window, 'pagehide' as 'blur', () => this.save());
    this.take = this.listenToHost(effects, views, faultBar.show);
    store.dispatch({ type: 'started', project: start.project, settings: start.settings });
    void this.showList(start, effects.lists).then(() => {
      if (document.activeElement === document.body) views.home.toTile();
    });
  }

  private listenToHost(
    effects: PageEffects,
    views: PageViews,
    showFault: (fault: ProjectFault | null) => void,
  ): HostEvents {
    const { context, lists, edits, commands } = effects;
    const focusReport = new FocusReport(context, () => edits.targets().length, views.keyed, this.disposables);
    const keyTargets = new KeyTargets(
      () => ({ list: context.store.state.list?.list, targets: edits.targets() }),
      this.disposables,
    );
    return createHostEvents(context, {
      lists,
      edits,
      runCommand: (command, keys) => {
        const meant = keys ?? keyTargets.take(command);
        if (keys !== undefined || !focusReport.dropsKeys) void commands.run(command, meant);
      },
      focusTile: () => views.toTiles(),
      showFault,
      forgetPictures: () => {
        effects.pictures.clear();
        effects.heatmaps.clear();
        views.loader.clear();
      },
    });
  }

  /** Shows what the host asks for, else what was shown when the page was saved, else the usual list. */
  private showList(start: GridStart, lists: Lists): Promise<void> {
    const saved = this.restore(start);
    const asked = start.query ?? saved?.query;
    // A queue that was saved by another version may be none any more.
    const query = asked && queueOf(start.project, asked) ? asked : usualQuery(start.project);
    const from = start.query === undefined && asked === query ? (saved?.shownFrom ?? undefined) : undefined;
    this.store.dispatch({ type: 'queryChanged', query, ...(from ? { from } : {}) });
    const place =
      start.query === undefined && saved
        ? { key: saved.focus, selected: new Set(saved.selected) }
        : { key: null, selected: new Set<string>() };
    const { latestRun, blind } = start.project;
    const list = start.query === undefined && asked === query ? saved?.list : null;
    const isSame = list && list.run === latestRun && list.blind === blind;
    return isSame ? lists.resume(list, place) : lists.run(place, 'query');
  }

  /** What was saved for this project; all but the query and the place is taken into the state. */
  private restore(start: GridStart): SavedState | undefined {
    const saved = parseSaved(this.api.getState());
    if (saved === undefined || saved.root !== start.project.root) return undefined;
    const {
      advance,
      matrixOpen,
      reading,
      detailOpen,
      readDetails,
      detailWidth,
      heatmaps,
      reason,
      filterHistory,
      lastChange,
      canUndo,
      canRedo,
      sitting,
    } = saved;
    this.store.dispatch({
      type: 'restored',
      state: {
        advance,
        matrixOpen,
        reading,
        detailOpen,
        readDetails,
        detailWidth,
        heatmaps,
        reason,
        filterHistory,
        lastChange,
        canUndo,
        canRedo,
        sitting,
        settings: { ...start.settings, tileSize: saved.tileSize },
      },
    });
    return saved;
  }

  private saveSoon(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = window.setTimeout(() => this.save(), saveAfter);
  }

  private save(): void {
    const saved = toSaved(this.store.state, this.lists?.seenOfList ?? 0);
    if (saved) this.api.setState(saved);
  }
}
