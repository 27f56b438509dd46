/**
 * Read mode: the focused image as large as the editor, its neighbours below, what is known of it beside it. Its keys are
 * taken here, before the editor hears of them: what is held must end when it is let go of.
 */
import type { DisposableStore } from '../../disposables';
import { element, setText } from '../../dom';
import type { GridCommand } from '../../../src/protocol/gridApi';
import { fill } from '../../texts';
import { createImageTools, createTool } from '../../viewer/imageTools';
import { ImageView } from '../../viewer/imageView';
import type { DetailLoader } from '../detail/detailLoader';
import { HeatmapPanel } from '../detail/heatmapPanel';
import type { Formatter } from '../format';
import type { HeatmapCache } from '../heatmaps/heatmapCache';
import { findingInWords } from '../findings/words';
import { listsFindings, multiLabelOf } from '../state/queries';
import type { GridState, HeatmapChoice } from '../state/model';
import type { ItemBlocks } from '../tiles/itemBlocks';
import type { Move } from '../tiles/moves';
import type { Pictures } from '../tiles/pictures';
import { Filmstrip } from './filmstrip';
import { HeldKey } from './heldKey';

export interface ReaderActions {
  run(command: GridCommand): void;
  leave(): void;
  /** Moves the focus; `keep` keeps the selection. */
  move(move: Move, keep: boolean): void;
  toggle(): void;
  /** To the next or previous finding of the image. */
  moveFinding(by: 1 | -1): void;
  setHeatmaps(change: Partial<HeatmapChoice>): void;
  state(): GridState;
}

/** Images that Page Up and Page Down pass. */
const pageSize = 10;

const moves: Readonly<Record<string, Move>> = {
  ArrowRight: (index) => index + 1,
  ArrowDown: (index) => index + 1,
  ArrowLeft: (index) => index - 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index) => index + pageSize,
  PageUp: (index) => index - pageSize,
  Home: () => 0,
  End: (_, total) => total - 1,
};

export class Reader {
  readonly root: HTMLElement;
  readonly view: ImageView;
  readonly strip: Filmstrip;
  private readonly heatmap: HeatmapPanel;
  private readonly heading = element('h2', {});
  private readonly position = element('span', { class: 'muted position' });
  private readonly tools;
  private readonly heat: HeldKey;

  constructor(
    private readonly formatter: Formatter,
    private readonly loader: DetailLoader,
    heatmaps: HeatmapCache,
    items: ItemBlocks,
    pictures: Pictures,
    private readonly actions: ReaderActions,
    disposables: DisposableStore,
  ) {
    const { read, detail } = formatter.strings;
    this.view = new ImageView(read.image, () => this.tools.update(), disposables);
    loader.attach(this.view);
    const { view } = this;
    const go = (index: number): void => actions.move(() => index, false);
    this.strip = new Filmstrip(formatter, items, pictures, go, disposables);
    const toggleHeat = (): void => actions.run({ name: 'toggleHeatmap' });
    this.heatmap = new HeatmapPanel(
      formatter,
      heatmaps,
      view,
      () => loader.neighbours,
      { toggle: toggleHeat, set: (change) => actions.setHeatmaps(change) },
      disposables,
    );
    this.heat = new HeldKey({ isOn: () => actions.state().heatmaps.inDetail, turn: toggleHeat });
    const percentOver = formatter.percentOver.bind(formatter);
    this.tools = createImageTools(detail, percentOver, view, this.heatmap.button.root);
    this.root = element(
      'section',
      { class: 'reader', hidden: true, attributes: { 'aria-label': read.title } },
      element(
        'header',
        {},
        this.heading,
        this.position,
        this.tools.root,
        createTool('✕', () => actions.leave(), read.close).root,
      ),
      view.root,
      this.heatmap.root,
      this.strip.root,
    );
    for (const part of [view.root, this.strip.root])
      disposables.listen(part, 'keydown', (event) => this.onKey(event));
    disposables.listen(document, 'keyup', (event) => {
      if (event.key.toLowerCase() === 'h') this.heat.release(event.timeStamp);
    });
    disposables.listen(window, 'blur', (event) => this.heat.release(event.timeStamp));
  }

  update(state: GridState): void {
    const isOn = state.reading && (state.list?.total ?? 0) > 0;
    this.root.hidden = !isOn;
    if (!isOn) {
      this.heatmap.update(state, undefined);
      return;
    }
    this.loader.show(state);
    const { item } = this.loader;
    this.strip.update(state);
    this.heatmap.update(state, item);
    setText(
      this.position,
      fill(this.formatter.strings.detail.position, {
        n: this.formatter.count(state.focus.index + 1),
        count: this.formatter.units(state.list?.total ?? 0, listsFindings(state)),
      }),
    );
    const name = item ? this.formatter.imageName(item.path, state.focus.index) : '';
    const about =
      item && multiLabelOf(state) && item.finding !== '' ? findingInWords(item, state, this.formatter) : '';
    setText(this.heading, about === '' ? name : `${about} · ${name}`);
    this.heading.title = item?.path ?? '';
  }

  /** Pictures of neighbours, or their labels, are here. */
  refresh(state: GridState): void {
    if (!this.root.hidden) this.update(state);
  }

  /** Heat maps arrived, or failed. */
  refreshHeatmap(): void {
    if (!this.root.hidden) this.heatmap.refresh();
  }

  /** A key on the image, its neighbours or the list of its findings. */
  onKey(event: KeyboardEvent): void {
    if (event.metaKey || (event.altKey && !event.getModifierState('AltGraph'))) return;
    if (!this.take(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Carries the key out. False where it is none of Read mode: then it is the editor's. */
  private take(event: KeyboardEvent): boolean {
    const { key } = event;
    const move = moves[key];
    if (!event.ctrlKey && this.view.onKey(event)) return true;
    if (this.takeForFindings(event)) return true;
    if (move !== undefined) {
      // Ctrl with Page Up and Page Down changes the editor's tab.
      if (event.ctrlKey && key.startsWith('Page')) return false;
      this.actions.move(move, event.ctrlKey);
    } else if (key === ' ') this.actions.toggle();
    else if (key === 'Escape') this.actions.leave();
    else if (key === 'h' && !event.ctrlKey) this.heat.press(event.timeStamp, event.repeat);
    // It opened this mode, and repeats of itself while it is held.
    else if (key !== 'Enter') return false;
    return true;
  }

  /** Of an image with several findings up and down lead through these, and Shift+Enter keeps what is left of them. */
  private takeForFindings({ key, shiftKey, ctrlKey, repeat }: KeyboardEvent): boolean {
    const { image } = this.loader;
    if (!image || ctrlKey) return false;
    if (key === 'Enter' && shiftKey) {
      if (!repeat) this.actions.run({ name: 'keepRest' });
      return true;
    }
    const by = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || shiftKey) return false;
    this.actions.moveFinding(by);
    return true;
  }
}
