/** What is seen of the page: every view, what its controls do, and how all of them follow the state. */
import type { Split } from '../../src/protocol/engineApi';
import type { DisposableStore } from '../disposables';
import { element } from '../dom';
import { DetailLoader } from './detail/detailLoader';
import { DetailPane } from './detail/detailPane';
import { createSplitter } from './detail/splitter';
import { FocusHome } from './effects/focusHome';
import { createEmptyState } from './emptyState';
import { createNotices } from './notices';
import type { PageEffects } from './pageEffects';
import type { GridState } from './state/model';
import { neutralOrder, usualQuery, wholeQueue, withoutFilters } from './state/queries';
import { TilesView } from './tiles/tilesView';
import { measurePainted } from './timing';
import { createActionBar } from './toolbar/actionBar';
import { createFilterBar } from './toolbar/filterBar';
import { createMatrix } from './toolbar/matrix';
import { createStatusLine } from './toolbar/statusLine';

export class PageViews {
  readonly loader: DetailLoader;
  readonly home: FocusHome;
  /** Top to bottom. */
  readonly roots: readonly HTMLElement[];
  private readonly tiles: TilesView;
  private readonly detail: DetailPane;
  private readonly filters;
  private readonly actions;
  private readonly status;
  private readonly matrix;
  private readonly empty;
  private readonly splitter;
  private readonly notices;
  private readonly main: HTMLElement;
  private anyPicture = false;

  constructor(
    private readonly effects: PageEffects,
    private readonly disposables: DisposableStore,
  ) {
    const { store, rpc, formatter } = effects.context;
    this.loader = new DetailLoader(store, rpc, effects.items, effects.pictures, formatter);
    this.tiles = this.createTiles();
    this.filters = this.createFilters();
    this.actions = this.createActions();
    this.status = this.createStatus();
    this.matrix = this.createMatrix();
    this.empty = this.createEmpty();
    this.detail = this.createDetail();
    this.splitter = createSplitter(
      formatter.strings.detail.resize,
      (width) => store.dispatch({ type: 'detailWidthSet', width }),
      disposables,
    );
    this.notices = createNotices(formatter, () => store.dispatch({ type: 'faulted', fault: null }));
    this.home = new FocusHome(
      {
        focusTile: (force) => this.tiles.grid.focusTile(force),
        tiles: this.tiles.grid.root,
        stage: this.detail.view.root,
      },
      disposables,
    );
    const { title } = formatter.strings;
    this.main = element(
      'main',
      { attributes: { 'aria-label': title } },
      element('div', { class: 'list' }, this.matrix.root, this.tiles.grid.root, this.empty.root),
      this.splitter.root,
      this.detail.root,
    );
    const header = element(
      'header',
      {},
      element('h1', { class: 'unseen', text: title }),
      this.filters.root,
      this.actions.root,
      this.notices.root,
    );
    this.roots = [header, this.main, this.status.root];
  }

  /** Where keys are commands. */
  get keyed(): readonly HTMLElement[] {
    return [this.tiles.grid.root, this.detail.view.root];
  }

  /** Brings every view in step with the state. */
  render(state: GridState, previous: GridState): void {
    const { main } = this;
    this.filters.update(state);
    this.actions.update(state);
    this.notices.update(state);
    this.matrix.update(state);
    this.empty.update(state);
    this.splitter.update(state.detailWidth, state.detailOpen && (state.list?.total ?? 0) > 0);
    main.style.setProperty('--detail-width', `${state.detailWidth}px`);
    main.classList.toggle('with-detail', state.detailOpen);
    main.setAttribute('aria-busy', String(state.querying));
    if (previous.detailOpen && !state.detailOpen) this.loader.close();
    this.detail.update(state);
    this.tiles.update(state, previous);
    this.status.update(state, this.tiles.inView);
    // A control that had the focus may be gone; the browser tells after the next frame.
    requestAnimationFrame(() => this.home.check());
  }

  itemsArrived(): void {
    const { store, items } = this.effects.context;
    const { focus } = store.state;
    const key = items.at(focus.index)?.key;
    if (key !== undefined && focus.key === null) {
      store.dispatch({ type: 'focusKnown', index: focus.index, key });
    }
    this.tiles.refresh();
    this.detail.update(store.state);
  }

  picturesArrived(): void {
    this.tiles.refresh();
  }

  heatmapsArrived(): void {
    this.tiles.refresh();
    this.detail.refreshHeatmap();
    this.status.update(this.effects.context.store.state, this.tiles.inView);
  }

  focusFilter(): void {
    this.filters.focus();
  }

  private openDetail(open: boolean): void {
    this.effects.context.store.dispatch({ type: 'detailSet', open });
  }

  private createTiles(): TilesView {
    const { context, items, pictures, heatmaps, selection, lists } = this.effects;
    const { store, formatter } = context;
    return new TilesView(
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
          this.openDetail(true);
          this.detail.focus();
        },
        closeDetail: () => this.openDetail(false),
        viewChanged: () => this.status.updateAnswers(store.state, this.tiles.inView),
        pictureShown: () => {
          if (!this.anyPicture) measurePainted('first-tile', 0);
          this.anyPicture = true;
        },
      },
      this.disposables,
    );
  }

  private createFilters() {
    const { context, lists } = this.effects;
    return createFilterBar(context.formatter, {
      change: (change) => lists.change(change),
      show: (query) => void lists.show(query),
      leave: () => this.home.toTile(),
      state: () => context.store.state,
    });
  }

  private createActions() {
    const { context, commands } = this.effects;
    return createActionBar(context.formatter, {
      run: (command) => void commands.run(command),
      finetune: () => void commands.finetune(),
      setMatrix: (open) => context.store.dispatch({ type: 'matrixSet', open }),
      state: () => context.store.state,
    });
  }

  private createStatus() {
    const { context, heatmaps, selection, edits, lists, commands } = this.effects;
    return createStatusLine(context.formatter, heatmaps, {
      clearSelection: () => selection.clear(),
      undo: () => void edits.undo(),
      redo: () => void edits.redo(),
      show: () => void lists.showChanged(),
      back: () => void lists.back(),
      setAdvance: (advance) => context.store.dispatch({ type: 'advanceSet', advance }),
      setBlind: (blind) => void lists.setBlind(blind),
      toggleTileHeatmaps: () => void commands.run({ name: 'toggleTileHeatmaps' }),
      setTileSize: (size) => context.store.dispatch({ type: 'tileSizeSet', size }),
    });
  }

  private createMatrix() {
    const { context, lists } = this.effects;
    return createMatrix(context.formatter, (given, predicted) => {
      const { query, project } = context.store.state;
      if (project === null) return;
      // The same cell again takes its filter back.
      const same = query.given?.[0] === given && query.predicted?.[0] === predicted;
      void lists.change({
        queue: (same ? project.queueInfos[0] : wholeQueue(project))?.id ?? query.queue,
        given: same ? undefined : [given],
        predicted: same ? undefined : [predicted],
      });
    });
  }

  private createEmpty() {
    const { context, lists, commands } = this.effects;
    const reviewed = (): readonly Split[] => context.store.state.project?.reviewedSplits ?? [];
    return createEmptyState(context.formatter, {
      finetune: () => void commands.finetune(),
      clearFilters: () => void lists.show(withoutFilters(context.store.state.query, reviewed())),
      browseAll: () => {
        const { project } = context.store.state;
        if (project === null) return;
        void lists.show({ ...usualQuery(project, wholeQueue(project)), ...neutralOrder(project) });
      },
    });
  }

  private createDetail(): DetailPane {
    const { context, heatmaps, commands } = this.effects;
    return new DetailPane(
      context.formatter,
      this.loader,
      heatmaps,
      {
        run: (command) => void commands.run(command),
        close: () => {
          this.openDetail(false);
          this.home.toTile();
        },
        focusGrid: () => this.home.toTile(),
        setReason: (reason) => context.store.dispatch({ type: 'reasonSet', reason }),
        setHeatmaps: (change) => context.store.dispatch({ type: 'heatmapsSet', change }),
      },
      this.disposables,
    );
  }
}
