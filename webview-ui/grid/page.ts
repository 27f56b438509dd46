/** Puts the page together: state, effects, views; and takes it apart again. */
import type { Split } from '../../src/protocol/engineApi';
import type { GridStart } from '../../src/protocol/gridApi';
import { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { fill, handedIn, translated } from '../texts';
import { DetailLoader } from './detail/detailLoader';
import { DetailPane } from './detail/detailPane';
import { createSplitter } from './detail/splitter';
import { Commands } from './effects/commands';
import type { EffectContext } from './effects/context';
import { Edits } from './effects/edits';
import { FocusHome } from './effects/focusHome';
import { FocusReport } from './effects/focusReport';
import { createHostEvents, type HostEvents } from './effects/hostEvents';
import { Lists } from './effects/lists';
import { Selection } from './effects/selection';
import { createEmptyState } from './emptyState';
import { Formatter } from './format';
import { HeatmapCache } from './heatmaps/heatmapCache';
import { connectHost, faultOf, type GridRpc, type VsCodeApi } from './host';
import { createAnnouncer, createNotices } from './notices';
import { parseSaved, toSaved, type SavedState } from './state/persist';
import type { GridState } from './state/model';
import { neutralOrder, queueOf, usualQuery, wholeQueue, withoutFilters } from './state/queries';
import { Store } from './state/store';
import { english } from './strings';
import { ItemBlocks } from './tiles/itemBlocks';
import { Pictures } from './tiles/pictures';
import { TilesView } from './tiles/tilesView';
import { measurePainted } from './timing';
import { createStatusLine } from './toolbar/statusLine';
import { createActionBar } from './toolbar/actionBar';
import { createFilterBar } from './toolbar/filterBar';
import { createMatrix } from './toolbar/matrix';

/** ms between a change and its saving. */
const saveAfter = 150;

export class GridPage {
  private readonly disposables = new DisposableStore();
  private readonly store = new Store();
  private readonly rpc: GridRpc;
  private readonly texts = translated(english, handedIn(document));
  private readonly message = element('div', { class: 'message', attributes: { role: 'status' } });
  private take: HostEvents | undefined;
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
      setText(this.message, fill(this.texts.startFailed, { message: fault.message }));
      this.store.dispatch({ type: 'failed', fault });
    }
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
    const formatter = new Formatter(this.texts, start.settings.language);
    const announcer = createAnnouncer();
    const items: ItemBlocks = new ItemBlocks(
      (list, from, count) => rpc.call('items', list, from, count),
      () => itemsArrived(),
      (error) => {
        const fault = faultOf(error);
        // The host has forgotten the list (a restart, or too many lists): ask again, stay where we are.
        if (fault.code === 'OVR803') void lists.rerank();
        else store.dispatch({ type: 'faulted', fault });
      },
    );
    const context: EffectContext = { store, rpc, items, formatter, say: announcer.say };
    const lists: Lists = new Lists(context);
    const edits = new Edits(context, lists);
    const selection = new Selection(context, lists);
    const pictures = new Pictures(
      (samples) => rpc.call('pictures', samples),
      () => tiles.refresh(),
    );
    const heatmaps = new HeatmapCache(
      (samples, output) => rpc.call('heatmaps', samples, output),
      () => {
        tiles.refresh();
        detail.refreshHeatmap();
        status.update(store.state, tiles.inView);
      },
      () => performance.now(),
    );
    const commands: Commands = new Commands(context, lists, edits, selection, {
      focusFilter: () => filters.focus(),
      retryHeatmaps: () => heatmaps.retry(),
    });
    const isOpen = (open: boolean): void => store.dispatch({ type: 'detailSet', open });

    let firstTile = false;
    const tiles: TilesView = new TilesView(
      store,
      items,
      pictures,
      heatmaps,
      formatter,
      {
        toggle: (index) => selection.toggle(index),
        range: (to, add) => void selection.range(to, add),
        clearSelection: () => selection.clear(),
        moved: (move) => lists.moved(move),
        openDetail: () => {
          isOpen(true);
          detail.focus();
        },
        closeDetail: () => isOpen(false),
        viewChanged: () => status.updateAnswers(store.state, tiles.inView),
        pictureShown: () => {
          if (!firstTile) measurePainted('first-tile', 0);
          firstTile = true;
        },
      },
      disposables,
    );
    const itemsArrived = (): void => {
      const { focus } = store.state;
      const key = items.at(focus.index)?.key;
      if (key !== undefined && focus.key === null)
        store.dispatch({ type: 'focusKnown', index: focus.index, key });
      tiles.refresh();
      detail.update(store.state);
    };
    const backToTiles = (): void => home.toTile();
    const filters = createFilterBar(formatter, {
      change: (change) => lists.change(change),
      show: (query) => void lists.show(query),
      leave: backToTiles,
      state: () => store.state,
    });
    const actions = createActionBar(formatter, {
      run: (command) => void commands.run(command),
      finetune: () => void commands.finetune(),
      setMatrix: (open) => store.dispatch({ type: 'matrixSet', open }),
      state: () => store.state,
    });
    const status = createStatusLine(formatter, heatmaps, {
      clearSelection: () => selection.clear(),
      undo: () => void edits.undo(),
      redo: () => void edits.redo(),
      show: () => void lists.showChanged(),
      back: () => void lists.back(),
      setAdvance: (advance) => store.dispatch({ type: 'advanceSet', advance }),
      setBlind: (blind) => void lists.setBlind(blind),
      toggleTileHeatmaps: () => void commands.run({ name: 'toggleTileHeatmaps' }),
      setTileSize: (size) => store.dispatch({ type: 'tileSizeSet', size }),
    });
    const matrix = createMatrix(formatter, (given, predicted) => {
      const { query, project } = store.state;
      if (project === null) return;
      // The same cell again takes its filter back.
      const same = query.given?.[0] === given && query.predicted?.[0] === predicted;
      void lists.change({
        queue: (same ? project.queueInfos[0] : wholeQueue(project))?.id ?? query.queue,
        given: same ? undefined : [given],
        predicted: same ? undefined : [predicted],
      });
    });
    const reviewed = (): readonly Split[] => store.state.project?.reviewedSplits ?? [];
    const empty = createEmptyState(formatter, {
      finetune: () => void commands.finetune(),
      clearFilters: () => void lists.show(withoutFilters(store.state.query, reviewed())),
      browseAll: () => {
        const { project } = store.state;
        if (project === null) return;
        void lists.show({ ...usualQuery(project, wholeQueue(project)), ...neutralOrder(project) });
      },
    });
    const loader = new DetailLoader(store, rpc, items, pictures, formatter);
    const detail = new DetailPane(
      formatter,
      loader,
      heatmaps,
      {
        run: (command) => void commands.run(command),
        close: () => {
          isOpen(false);
          backToTiles();
        },
        focusGrid: backToTiles,
        setReason: (reason) => store.dispatch({ type: 'reasonSet', reason }),
        setHeatmaps: (change) => store.dispatch({ type: 'heatmapsSet', change }),
      },
      disposables,
    );
    const splitter = createSplitter(
      formatter.strings.detail.resize,
      (width) => store.dispatch({ type: 'detailWidthSet', width }),
      disposables,
    );
    const notices = createNotices(formatter, () => store.dispatch({ type: 'faulted', fault: null }));
    const main = element(
      'main',
      { attributes: { 'aria-label': formatter.strings.title } },
      element('div', { class: 'list' }, matrix.root, tiles.grid.root, empty.root),
      splitter.root,
      detail.root,
    );

    const render = (state: GridState, previous: GridState): void => {
      if (state.project?.latestRun !== previous.project?.latestRun) heatmaps.clear();
      filters.update(state);
      actions.update(state);
      notices.update(state);
      matrix.update(state);
      empty.update(state);
      splitter.update(state.detailWidth, state.detailOpen && (state.list?.total ?? 0) > 0);
      main.style.setProperty('--detail-width', `${state.detailWidth}px`);
      main.classList.toggle('with-detail', state.detailOpen);
      main.setAttribute('aria-busy', String(state.querying));
      if (previous.detailOpen && !state.detailOpen) loader.close();
      detail.update(state);
      tiles.update(state, previous);
      status.update(state, tiles.inView);
      // A control that had the focus may be gone; the browser tells after the next frame.
      requestAnimationFrame(() => home.check());
      this.saveSoon();
    };
    this.root.replaceChildren(
      element(
        'header',
        {},
        element('h1', { class: 'unseen', text: formatter.strings.title }),
        filters.root,
        actions.root,
        notices.root,
      ),
      main,
      status.root,
      announcer.root,
    );
    disposables.add(store.subscribe(render));
    disposables.listen(window, 'pagehide' as 'blur', () => this.save());
    const home: FocusHome = new FocusHome(
      {
        focusTile: (force) => tiles.grid.focusTile(force),
        tiles: tiles.grid.root,
        stage: detail.view.root,
      },
      disposables,
    );
    const focusReport = new FocusReport(
      context,
      () => edits.targets().length,
      [tiles.grid.root, detail.view.root],
      disposables,
    );
    this.take = createHostEvents(context, {
      lists,
      edits,
      runCommand: (command, keys) => {
        if (keys !== undefined || !focusReport.dropsKeys) void commands.run(command, keys);
      },
      focusTile: backToTiles,
      forgetPictures: () => {
        pictures.clear();
        heatmaps.clear();
        loader.clear();
      },
    });

    store.dispatch({ type: 'started', project: start.project, settings: start.settings });
    const saved = this.restore(start);
    const asked = start.query ?? saved?.query;
    // A queue that was saved by another version may be none any more.
    const query = asked && queueOf(start.project, asked) ? asked : usualQuery(start.project);
    store.dispatch({ type: 'queryChanged', query });
    const place =
      start.query === undefined && saved
        ? { key: saved.focus, selected: new Set(saved.selected) }
        : { key: null, selected: new Set<string>() };
    void lists.run(place, 'query').then(() => {
      if (document.activeElement === document.body) backToTiles();
    });
  }

  /** What was saved for this project, taken into the state; the query and the place are the caller's. */
  private restore(start: GridStart): SavedState | undefined {
    const saved = parseSaved(this.api.getState());
    if (saved === undefined || saved.root !== start.project.root) return undefined;
    const { advance, matrixOpen, detailOpen, detailWidth, heatmaps, reason } = saved;
    this.store.dispatch({
      type: 'restored',
      state: {
        advance,
        matrixOpen,
        detailOpen,
        detailWidth,
        heatmaps,
        reason,
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
    const saved = toSaved(this.store.state);
    if (saved) this.api.setState(saved);
  }
}
