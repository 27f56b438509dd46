/** The details: everything known about the focused image, its answers, and the reason to give. */
import { createTextArea } from '../../controls';
import type { DisposableStore } from '../../disposables';
import { element, setText } from '../../dom';
import type { GridCommand } from '../../../src/protocol/gridApi';
import { createAnswerButtons } from '../answers/answerButtons';
import { ReadList, type ReadListActions } from '../findings/readList';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';
import { createTool } from '../../viewer/imageTools';
import type { DetailLoader } from './detailLoader';
import { factRows, historyList, probabilityBars, readingList } from './facts';

export interface DetailActions {
  run(command: GridCommand): void;
  /** Back to the image, or to its tile. */
  focusHome(): void;
  setReason(reason: string): void;
  readonly findings: ReadListActions;
}

export class DetailPane {
  readonly root: HTMLElement;
  private readonly heading = element('h2', {});
  private readonly answers;
  /** All findings of an image that has several. */
  readonly findings: ReadList;
  private readonly findingSection: HTMLElement;
  private readonly barSection: HTMLElement;
  private readonly bars = element('div', { class: 'probabilities' });
  private readonly history = element('div', { class: 'history' });
  private readonly readings = element('dl', { class: 'readings' });
  /** Where several people have read the item. */
  private readonly readingSection: HTMLElement;
  private readonly facts = element('dl', { class: 'facts' });
  private told: readonly unknown[] = [];
  private readonly reason;

  constructor(
    private readonly formatter: Formatter,
    private readonly loader: DetailLoader,
    actions: DetailActions,
    disposables: DisposableStore,
  ) {
    const { strings } = formatter;
    const { detail } = strings;
    loader.onDetail = () => this.update(loader.state);
    this.answers = createAnswerButtons(formatter, (command) => actions.run(command));
    this.reason = createTextArea({
      label: detail.reason,
      placeholder: detail.reasonPlaceholder,
      onInput: (text) => actions.setReason(text),
    });
    const section = (title: string, ...children: readonly HTMLElement[]): HTMLElement =>
      element('section', {}, element('h3', { text: title }), ...children);
    this.findings = new ReadList(formatter, actions.findings, disposables);
    this.findingSection = section(strings.findings.title, this.findings.root);
    this.barSection = section(detail.probabilities, this.bars);
    this.readingSection = section(detail.readings, this.readings);
    this.readingSection.hidden = true;
    this.root = element(
      'aside',
      { class: 'detail', hidden: true, attributes: { 'aria-label': detail.title } },
      element(
        'header',
        {},
        this.heading,
        createTool('✕', () => actions.run({ name: 'toggleDetail' }), detail.close).root,
      ),
      element(
        'div',
        { class: 'texts' },
        this.answers.root,
        this.findingSection,
        this.reason.root,
        this.barSection,
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
    disposables.listen(this.reason.input, 'keydown', (event) => {
      const isSent = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
      if (!isSent && event.key !== 'Escape') return;
      actions.focusHome();
      event.preventDefault();
      event.stopPropagation();
    });
  }

  update(state: GridState): void {
    const isOpen = state.reading ? state.readDetails : state.detailOpen;
    this.root.hidden = !isOpen || state.list === null || state.list.total === 0;
    this.reason.value = state.reason;
    this.reason.setEnabled(!state.settings.readOnly);
    // Beside the tiles they stand on the tile itself.
    this.answers.root.hidden = !state.reading;
    if (this.root.hidden) return;
    this.loader.show(state);
    if (state.reading) this.answers.update(state, this.loader.item?.finding);
    const { image } = this.loader;
    const withFindings = state.reading && image !== undefined;
    this.findingSection.hidden = !withFindings;
    this.barSection.hidden = withFindings;
    if (withFindings) this.findings.update(state, image.image, image.findings);
    this.updateTexts(state);
  }

  private updateTexts(state: GridState): void {
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
}
