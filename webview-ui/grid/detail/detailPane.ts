/** The detail pane: one image as large as there is room, everything known about it, and the reason to give. */
import { createTextArea } from '../../controls';
import type { DisposableStore } from '../../disposables';
import { element, setText } from '../../dom';
import type { GridCommand } from '../../../src/protocol/gridApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { HeatmapCache } from '../heatmaps/heatmapCache';
import type { GridState, HeatmapChoice } from '../state/model';
import { multiLabelOf } from '../state/queries';
import type { DetailLoader } from './detailLoader';
import { factRows, historyList, probabilityBars, readingList } from './facts';
import { HeatmapPanel } from './heatmapPanel';
import { createImageTools, createTool } from '../../viewer/imageTools';
import { ImageView } from '../../viewer/imageView';

export interface DetailActions {
  run(command: GridCommand): void;
  close(): void;
  focusGrid(): void;
  setReason(reason: string): void;
  setHeatmaps(change: Partial<HeatmapChoice>): void;
}

export class DetailPane {
  readonly root: HTMLElement;
  readonly view: ImageView;
  private readonly heatmap: HeatmapPanel;
  private readonly heading = element('h2', {});
  private readonly position = element('span', { class: 'muted' });
  private readonly bars = element('div', { class: 'probabilities' });
  private readonly history = element('div', { class: 'history' });
  private readonly readings = element('dl', { class: 'readings' });
  /** Where several people have read the item. */
  private readonly readingSection: HTMLElement;
  private readonly facts = element('dl', { class: 'facts' });
  private told: readonly unknown[] = [];
  private readonly reason;
  private readonly tools;

  constructor(
    private readonly formatter: Formatter,
    private readonly loader: DetailLoader,
    heatmaps: HeatmapCache,
    private readonly actions: DetailActions,
    disposables: DisposableStore,
  ) {
    const { strings } = formatter;
    const { detail } = strings;
    this.view = new ImageView(formatter.strings.detail.image, () => this.tools.update(), disposables);
    loader.attach(this.view, () => this.updateTexts());
    const { view } = this;
    this.heatmap = new HeatmapPanel(
      formatter,
      heatmaps,
      view,
      () => loader.neighbours,
      {
        toggle: () => actions.run({ name: 'toggleHeatmap' }),
        set: (change) => actions.setHeatmaps(change),
      },
      disposables,
    );
    const percentOver = formatter.percentOver.bind(formatter);
    this.tools = createImageTools(formatter.strings.detail, percentOver, view, this.heatmap.button.root);
    this.reason = createTextArea({
      label: detail.reason,
      placeholder: detail.reasonPlaceholder,
      onInput: (text) => actions.setReason(text),
    });
    const section = (title: string, ...children: readonly HTMLElement[]): HTMLElement =>
      element('section', {}, element('h3', { text: title }), ...children);
    this.readingSection = section(detail.readings, this.readings);
    this.readingSection.hidden = true;
    this.root = element(
      'aside',
      { class: 'detail', hidden: true, attributes: { 'aria-label': detail.title } },
      element(
        'header',
        {},
        this.heading,
        this.position,
        createTool(detail.previous, () => actions.run({ name: 'previous' })).root,
        createTool(detail.next, () => actions.run({ name: 'next' })).root,
        createTool('✕', () => actions.close(), detail.close).root,
      ),
      view.root,
      this.tools.root,
      this.heatmap.root,
      element(
        'div',
        { class: 'texts' },
        this.reason.root,
        section(detail.probabilities, this.bars),
        this.readingSection,
        section(detail.history, this.history),
        section(
          detail.metadata,
          this.facts,
          element(
            'div',
            { class: 'group' },
            createTool(detail.reveal, () => actions.run({ name: 'reveal' })).root,
            createTool(detail.open, () => actions.run({ name: 'openImage' })).root,
            createTool(detail.copyPath, () => actions.run({ name: 'copyPath' })).root,
          ),
        ),
      ),
    );
    disposables.listen(view.root, 'keydown', (event) => this.onKey(event));
    disposables.listen(this.reason.input, 'keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) view.root.focus();
      else if (event.key === 'Escape') actions.focusGrid();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  update(state: GridState): void {
    this.root.hidden = !state.detailOpen || state.list === null || state.list.total === 0;
    this.reason.value = state.reason;
    this.reason.setEnabled(!state.settings.readOnly);
    if (this.root.hidden) {
      this.heatmap.update(state, undefined);
      return;
    }
    const total = state.list?.total ?? 0;
    setText(
      this.position,
      fill(this.formatter.strings.detail.position, {
        n: this.formatter.count(state.focus.index + 1),
        count: this.formatter.units(total, multiLabelOf(state)),
      }),
    );
    this.loader.show(state);
    this.heatmap.update(state, this.loader.item);
    this.updateTexts(state);
  }

  /** Heat maps arrived, or failed. */
  refreshHeatmap(): void {
    if (!this.root.hidden) this.heatmap.refresh();
  }

  focus(): void {
    this.view.root.focus();
  }

  private updateTexts(state = this.loader.state): void {
    const { item, detail } = this.loader;
    const { formatter } = this;
    const { strings } = formatter;
    if (!item) return;
    const multiLabel = multiLabelOf(state);
    const { hidden } = item;
    const told: readonly unknown[] = [item, detail, state.focus.index];
    if (told.every((part, i) => part === this.told[i])) return;
    this.told = told;
    const name = this.formatter.imageName(item.path, state.focus.index);
    setText(this.heading, multiLabel ? `${item.finding} · ${name}` : name);
    this.heading.title = item.path;
    const secret = (): HTMLElement => element('p', { class: 'muted', text: strings.detail.blindHidden });
    this.facts.replaceChildren(
      ...factRows(item, detail, formatter, { multiLabel, blind: state.project?.blind === true }),
    );
    this.bars.replaceChildren(...(hidden ? [secret()] : detail ? probabilityBars(detail, formatter) : []));
    const readings = hidden || !detail ? [] : readingList(detail.readings, formatter, multiLabel);
    this.readings.replaceChildren(...readings);
    this.readingSection.hidden = readings.length === 0;
    this.history.replaceChildren(
      ...(hidden ? [secret()] : detail ? historyList(detail.history, formatter, multiLabel) : []),
    );
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.view.onKey(event)) event.preventDefault();
    else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') this.move(event, 'next');
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') this.move(event, 'previous');
    else if (event.key === 'Escape') {
      event.preventDefault();
      this.actions.focusGrid();
    }
  }

  private move(event: KeyboardEvent, name: 'next' | 'previous'): void {
    event.preventDefault();
    this.actions.run({ name });
  }
}
