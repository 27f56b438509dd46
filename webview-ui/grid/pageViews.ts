/** What is seen of the page: every view, what its controls do, and how all of them follow the state. */
import type { Split } from '../../src/protocol/engineApi';
import type { DisposableStore } from '../disposables';
import { element } from '../dom';
import { createLetters } from './answers/letters';
import { createTileAnswers } from './answers/tileAnswers';
import { DetailLoader } from './detail/detailLoader';
import { DetailPane } from './detail/detailPane';
import { createSplitter } from './detail/splitter';
import { FocusHome } from './effects/focusHome';
import { actingFinding } from './findings/acting';
import { FindingFocus } from './findings/findingFocus';
import { createEmptyState } from './emptyState';
import { createCheatSheet } from './keys/cheatSheet';
import { createMatrix } from './matrix/matrix';
import { createNotices } from './notices';
import type { PageEffects } from './pageEffects';
import { Reader } from './read/reader';
import { createLiveSwitch } from './refit/liveSwitch';
import { RefitStrip } from './refit/refitStrip';
import type { GridState } from './state/model';
import { neutralOrder, usualQuery, wholeQueue, withCell, withoutCell, withoutFilters } from './state/queries';
import { TilesView } from './tiles/tilesView';
import { measurePainted } from './timing';
import { createActionBar } from './toolbar/actionBar';
import { createBar } from './toolbar/bar';
import { createFilterBar } from './toolbar/filterBar';
import { createStatusLine } from './toolbar/statusLine';

/** As `matrix.css` has it. */
const narrowPage = '(max-width: 700px)';

/** Widths of the page from which on the groups of the bar stand in it, CSS px. */
const barFrom = { always: 0, finetune: 380, actions: 700, order: 1040, facets: 1160 } as const;

export class PageViews {
  readonly loader: DetailLoader;
  readonly home: FocusHome;
  /** Top to bottom. */
  readonly roots: readonly HTMLElement[];
  /** Between the bar and the tiles: what the page has to tell of the last run, or a list. */
  readonly strip = element('div', { class: 'strip-place' });
  private readonly tiles: TilesView;
  private readonly reader: Reader;
  private readonly detail: DetailPane;
  private readonly filters;
  private readonly actions;
  private readonly status;
  private readonly matrix;
  private readonly empty;
  private readonly splitter;
  private readonly notices;
  private readonly answers;
  private readonly letters;
  private readonly findings: FindingFocus;
  private readonly keys;
  private readonly list: HTMLElement;
  private readonly main: HTMLElement;
  private anyPicture = false;

  constructor(
    private readonly effects: PageEffects,
    private readonly disposables: DisposableStore,
  ) {
    const { store, rpc, formatter } = effects.context;
    this.loader = new DetailLoader(store, rpc, effects.items, effects.pictures, formatter);
    this.findings = new FindingFocus(effects.context);
    this.tiles = this.createTiles();
    this.filters = this.createFilters();
    this.actions = this.createActions();
    this.status = this.createStatus();
    this.matrix = this.createMatrix();
    this.empty = this.createEmpty();
    this.reader = this.createReader();
    this.detail = this.createDetail();
    this.loader.onFindings = () => {
      this.reader.refresh(store.state);
      this.letters.update();
    };
    this.splitter = createSplitter(
      formatter.strings.detail.resize,
      (width) => store.dispatch({ type: 'detailWidthSet', width }),
      disposables,
    );
    this.notices = createNotices(formatter, {
      dismiss: () => store.dispatch({ type: 'faulted', fault: null }),
      checkData: () => void effects.commands.checkData(),
    });
    this.home = this.createHome();
    const run = effects.commands.run.bind(effects.commands);
    this.answers = createTileAnswers(
      formatter,
      this.tiles.grid.root,
      (command) => void run(command),
      disposables,
    );
    this.letters = createLetters(
      effects,
      {
        findings: this.findings,
        findingOfFocus: () => this.findingOfFocus(),
        toTile: () => this.home.toTile(),
        tileOfFocus: () => this.tileOfFocus(),
        bring: (image) => void this.loader.bringFindings(image),
      },
      disposables,
    );
    this.keys = createCheatSheet(formatter, () => this.home.toTile(), disposables);
    this.list = element('div', { class: 'list' }, this.tiles.grid.root, this.answers.root, this.empty.root);
    const { title } = formatter.strings;
    this.main = element(
      'main',
      { attributes: { 'aria-label': title } },
      this.matrix.root,
      this.list,
      this.reader.root,
      this.splitter.root,
      this.detail.root,
    );
    const dialogs = [this.keys.root, ...this.letters.roots];
    this.roots = [this.createHeader(), this.main, this.status.root, ...dialogs];
    this.listenToKeys();
    this.followWidth();
  }

  /** Where keys are commands. */
  get keyed(): readonly HTMLElement[] {
    const { tiles, reader, detail } = this;
    return [tiles.grid.root, reader.view.root, reader.strip.root, detail.findings.list];
  }

  /** Brings every view in step with the state. */
  render(state: GridState, previous: GridState): void {
    const { main } = this;
    const wasHome = this.home.isHere;
    this.filters.update(state);
    this.actions.update(state);
    this.notices.update(state);
    this.matrix.update(state);
    this.empty.update(state);
    const isAny = (state.list?.total ?? 0) > 0;
    const withDetail = isAny && (state.reading ? state.readDetails : state.detailOpen);
    this.splitter.update(state.detailWidth, withDetail);
    main.style.setProperty('--detail-width', `${state.detailWidth}px`);
    main.classList.toggle('with-detail', withDetail);
    main.classList.toggle('tiles-with-detail', isAny && state.detailOpen);
    main.classList.toggle('reading', state.reading && isAny);
    main.setAttribute('aria-busy', String(state.querying));
    // What lies behind the image takes no keys, and is not read aloud.
    this.list.inert = state.reading && isAny;
    this.matrix.root.inert = state.reading && isAny;
    if (previous.reading && !state.reading) this.loader.leaveImage();
    if (!state.reading && !state.detailOpen) this.loader.close();
    this.reader.update(state);
    this.detail.update(state);
    this.tiles.update(state, previous);
    this.answers.update(state, this.findingOfFocus());
    this.status.update(state, this.tiles.inView);
    this.letters.update();
    if (state.reading !== previous.reading && wasHome) this.home.toTile();
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
    this.reader.refresh(store.state);
    this.detail.update(store.state);
  }

  picturesArrived(): void {
    this.tiles.refresh();
    this.reader.strip.refresh();
  }

  heatmapsArrived(): void {
    this.tiles.refresh();
    this.reader.refreshHeatmap();
    this.status.update(this.effects.context.store.state, this.tiles.inView);
  }

  focusFilter(): void {
    this.filters.focus();
  }

  hintLabels(): void {
    this.letters.open();
  }

  showKeys(): void {
    this.keys.open(this.effects.context.store.state);
  }

  /** The tiles have the keys: the host has brought the page to the front with a list. */
  toTiles(): void {
    this.setReading(false);
    this.home.toTile();
  }

  private setReading(reading: boolean): void {
    this.effects.context.store.dispatch({ type: 'readingSet', reading });
  }

  /** The focused tile, brought into view: what is chosen by letters is for it. */
  private tileOfFocus(): DOMRect | undefined {
    const { reading, focus } = this.effects.context.store.state;
    if (reading) return undefined;
    const { grid } = this.tiles;
    grid.reveal(focus.index);
    grid.render(true);
    return grid.root.querySelector('.tile.focused')?.getBoundingClientRect();
  }

  private findingOfFocus(): string | undefined {
    const { store, items } = this.effects.context;
    const { query, focus } = store.state;
    return query.finding ?? actingFinding(store.state, items.at(focus.index));
  }

  /** `?` is taken in the page: where it lies on a keyboard differs, and a keybinding names a place. */
  private listenToKeys(): void {
    this.disposables.listen(document, 'keydown', (event) => {
      const active = document.activeElement;
      const isHere = this.keyed.some((part) => part.contains(active)) || active === document.body;
      if (event.key !== '?' || !isHere || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.showKeys();
    });
  }

  /** Where there is no room beside the tiles the matrix lies over them, and opens only when it is asked for. */
  private followWidth(): void {
    const { store } = this.effects.context;
    const narrow = matchMedia(narrowPage);
    const giveWay = (): void => {
      if (narrow.matches && store.state.matrixOpen) store.dispatch({ type: 'matrixSet', open: false });
    };
    narrow.addEventListener('change', giveWay);
    this.disposables.onDispose(() => narrow.removeEventListener('change', giveWay));
    if (narrow.matches) queueMicrotask(giveWay);
  }

  private createHeader(): HTMLElement {
    const { strings } = this.effects.context.formatter;
    const { filters, actions } = this;
    const { context, lists } = this.effects;
    const live = createLiveSwitch(context, this.disposables);
    const refit = new RefitStrip(context, { show: (query) => void lists.show(query) }, this.disposables);
    this.strip.append(refit.root);
    const randomMark = this.createRandomMark();
    const workMarks = [this.createFindingMark(), this.createGatheringMark()];
    const lead = element(
      'div',
      { class: 'lead' },
      filters.queue,
      ...[...workMarks, randomMark, live.state, actions.states],
    );
    const bar = createBar(
      strings.more,
      [
        { root: lead, from: barFrom.always },
        { root: filters.facets, from: barFrom.facets },
        { root: filters.find, from: barFrom.always },
        { root: filters.order, from: barFrom.order },
        { root: actions.root, from: barFrom.actions },
        { root: actions.finetune, from: barFrom.finetune },
      ],
      [...actions.overflow, live.switch],
      [...workMarks, randomMark, live.state, actions.states, ...filters.passing],
      this.disposables,
    );
    return element(
      'header',
      {},
      element('h1', { class: 'unseen', text: strings.title }),
      bar.root,
      filters.fault,
      this.notices.root,
      this.strip,
    );
  }

  private createRandomMark(): HTMLElement {
    const { store, formatter } = this.effects.context;
    const { randomWeights: text, randomWeightsHelp: title } = formatter.strings;
    const mark = element('span', { class: 'random-weights', text, title, hidden: true });
    this.disposables.add(
      store.subscribe(({ project }) => {
        mark.hidden = project?.weights?.random !== true;
      }),
    );
    return mark;
  }

  /** That suspected labels are still being found, where they are on show. */
  private createFindingMark(): HTMLElement {
    const { findingSuspects, findingSuspectsHelp } = this.effects.context.formatter.strings;
    return this.createWorkMark(
      findingSuspects,
      findingSuspectsHelp,
      ({ project, query }) => project?.suspects.busy === true && query.queue === 'suspects',
    );
  }

  /** That images that look alike are still looked for. */
  private createGatheringMark(): HTMLElement {
    const { gathering, gatheringHelp } = this.effects.context.formatter.strings;
    return this.createWorkMark(gathering, gatheringHelp, (state) => state.gathering);
  }

  /** A word on work that goes on beside the page. */
  private createWorkMark(text: string, title: string, goesOn: (state: GridState) => boolean): HTMLElement {
    const mark = element('span', { class: 'at-work muted', text, title, hidden: true });
    mark.setAttribute('role', 'status');
    this.disposables.add(this.effects.context.store.subscribe((state) => (mark.hidden = !goesOn(state))));
    return mark;
  }

  private createHome(): FocusHome {
    const { store } = this.effects.context;
    return new FocusHome(
      {
        focusTile: (force) =>
          store.state.reading && !this.reader.root.hidden
            ? this.reader.strip.focus(force)
            : this.tiles.grid.focusTile(force),
        tiles: this.tiles.grid.root,
        stage: this.reader.view.root,
        strip: this.reader.strip.root,
      },
      this.disposables,
    );
  }

  private createTiles(): TilesView {
    const { context, items, pictures, heatmaps, selection, lists, commands } = this.effects;
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
        tell: (text) => context.say(text),
        read: () => this.setReading(true),
        closeDetail: () => {
          if (store.state.detailOpen) store.dispatch({ type: 'detailToggled' });
        },
        heat: () => void commands.run({ name: 'toggleHeatmap' }),
        placed: (place) => this.answers.placed(place),
        viewChanged: () => {
          lists.saw(this.tiles.visibleEnd);
          this.status.updateAnswers(store.state, this.tiles.inView);
        },
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
    const { store } = context;
    return createFilterBar(
      context.formatter,
      {
        change: (change) => lists.change(change),
        show: (query) => void lists.show(query),
        leave: () => this.home.toTile(),
        save: (where) => void lists.save(where),
        remember: (where) => store.dispatch({ type: 'filterUsed', where }),
        state: () => store.state,
      },
      this.disposables,
    );
  }

  private createActions() {
    const { context, commands, lists } = this.effects;
    return createActionBar(context.formatter, {
      run: (command) => void commands.run(command),
      finetune: () => void commands.finetune(),
      exportList: () => void lists.export(),
    });
  }

  private createStatus() {
    const { context, heatmaps, selection, edits, lists } = this.effects;
    return createStatusLine(context.formatter, heatmaps, {
      clearSelection: () => selection.clear(),
      undo: () => void edits.undo(),
      redo: () => void edits.redo(),
      show: () => void lists.showChanged(),
      back: () => void lists.back(),
      setAdvance: (advance) => context.store.dispatch({ type: 'advanceSet', advance }),
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
      void lists.change(same ? withoutCell(project) : withCell(project, given, predicted));
    });
  }

  private createEmpty() {
    const { context, lists, commands } = this.effects;
    const reviewed = (): readonly Split[] => context.store.state.project?.reviewedSplits ?? [];
    return createEmptyState(context.formatter, {
      finetune: () => void commands.finetune(),
      checkData: () => void commands.checkData(),
      clearFilters: () => void lists.show(withoutFilters(context.store.state.query, reviewed())),
      browseAll: () => {
        const { project } = context.store.state;
        if (project === null) return;
        void lists.show({ ...usualQuery(project, wholeQueue(project)), ...neutralOrder(project) });
      },
    });
  }

  private createReader(): Reader {
    const { context, heatmaps, items, pictures, commands, selection, lists } = this.effects;
    const { store, formatter } = context;
    return new Reader(
      formatter,
      this.loader,
      heatmaps,
      items,
      pictures,
      {
        run: (command) => void commands.run(command),
        leave: () => {
          this.setReading(false);
          void commands.readingLeft();
        },
        move: (move, keep) => lists.move(move, keep),
        toggle: () => selection.toggle(store.state.focus.index),
        moveFinding: (by) => this.findings.move(by),
        setHeatmaps: (change) => store.dispatch({ type: 'heatmapsSet', change }),
        state: () => store.state,
      },
      this.disposables,
    );
  }

  private createDetail(): DetailPane {
    const { context, commands } = this.effects;
    return new DetailPane(
      context.formatter,
      this.loader,
      {
        run: (command) => void commands.run(command),
        focusHome: () => this.home.toTile(),
        setReason: (reason) => context.store.dispatch({ type: 'reasonSet', reason }),
        findings: {
          go: (finding) => this.findings.go(finding),
          keepRest: () => void commands.run({ name: 'keepRest' }),
          onKey: (event) => this.reader.onKey(event),
        },
      },
      this.disposables,
    );
  }
}
