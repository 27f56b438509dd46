/** The strip that answers a refit: what it brought on today's labels, each number a list; and what it was made with. */
import type { ItemQuery, RefitAnswer } from '../../../src/protocol/engineApi';
import { createButton } from '../../controls';
import type { DisposableStore } from '../../disposables';
import { element, setText } from '../../dom';
import { fill } from '../../texts';
import type { EffectContext } from '../effects/context';
import type { GridState } from '../state/model';
import { usualQuery, wholeQueue } from '../state/queries';
import { figureText } from './figureText';

/** Labels may change quickly: figures follow when they have been quiet for so long, ms. */
const quietMs = 1000;

export interface StripActions {
  show(query: ItemQuery): void;
}

export class RefitStrip {
  readonly root: HTMLElement;
  private readonly figure = element('span', { class: 'refit-figure' });
  private readonly edited = element('span', { class: 'muted' });
  private readonly network = element('span', { class: 'refit-network' });
  private readonly counts;
  private readonly skipped;
  private answer: RefitAnswer | null = null;
  private asked = 0;
  private timer = 0;

  constructor(
    private readonly context: EffectContext,
    private readonly actions: StripActions,
    disposables: DisposableStore,
  ) {
    const texts = context.formatter.strings.refit;
    this.counts = [
      { queue: 'fixed', text: texts.fixed, title: texts.fixedHelp },
      { queue: 'newly-wrong', text: texts.broken, title: texts.brokenHelp },
      { queue: 'errors', text: texts.left, title: texts.leftHelp },
    ].map(({ queue, text, title }) => ({
      queue,
      text,
      button: createButton({ label: '', title, onClick: () => this.showQueue(queue) }),
    }));
    this.skipped = createButton({ label: '', title: texts.skippedHelp, onClick: () => this.showSkipped() });
    const close = createButton({ label: '×', title: texts.closeHelp, onClick: () => void this.end() });
    close.root.setAttribute('aria-label', texts.close);
    this.root = element(
      'section',
      { class: 'refit-strip', hidden: true, attributes: { 'aria-label': texts.title } },
      element('span', { class: 'refit-told', attributes: { role: 'status' } }, this.figure, this.edited),
      ...this.counts.map(({ button }) => button.root),
      this.network,
      this.skipped.root,
      close.root,
    );
    disposables.onDispose(() => clearTimeout(this.timer));
    disposables.add(context.store.subscribe((state, previous) => this.follow(state, previous)));
  }

  private follow(state: GridState, previous: GridState): void {
    const [now, before] = [state.project, previous.project];
    if (now === before) return;
    if (now?.comparedRun !== before?.comparedRun || now?.latestRun !== before?.latestRun) {
      clearTimeout(this.timer);
      void this.ask();
    } else if (now?.comparedRun !== null && now?.editsSinceRun !== before?.editsSinceRun) {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), quietMs);
    }
    this.render(state);
  }

  /** Without intervals at once, then with them. */
  private async ask(): Promise<void> {
    const turn = ++this.asked;
    for (const intervals of [false, true]) {
      const told = await this.context.rpc.call('refitAnswer', intervals).catch(() => null);
      if (turn !== this.asked) return;
      this.answer = told;
      this.render(this.context.store.state);
      if (told === null || told.intervals) return;
    }
  }

  private render({ project }: GridState): void {
    const { answer } = this;
    const isShown = answer !== null && project !== null && project.comparedRun !== null && !project.blind;
    this.root.hidden = !isShown;
    if (!isShown) return;
    const { formatter } = this.context;
    const texts = formatter.strings.refit;
    const { before, after } = answer.difference;
    setText(this.figure, figureText(formatter, answer));
    this.figure.title = fill(texts.runs, { before: before.run, after: after.run });
    setText(
      this.edited,
      before.edited_since === 0 ? '' : formatter.plural(texts.edited, before.edited_since),
    );
    for (const { queue, text, button } of this.counts) {
      const count = project.queues[queue] ?? 0;
      button.setLabel(fill(text, { n: formatter.count(count) }));
      button.setEnabled(count > 0);
    }
    this.renderNetwork(answer.network);
    this.skipped.root.hidden = answer.skipped === 0;
    this.skipped.setLabel(formatter.plural(texts.skipped, answer.skipped));
  }

  private renderNetwork(network: RefitAnswer['network']): void {
    const texts = this.context.formatter.strings.refit;
    const used = network?.weights ?? '';
    const wanted = network?.configured ?? null;
    this.network.classList.toggle('other', wanted !== null);
    setText(this.network, wanted === null ? used : fill(texts.network, { used, wanted }));
    this.network.title = wanted === null ? '' : fill(texts.networkHelp, { used, wanted });
  }

  private showQueue(queue: string): void {
    const { project } = this.context.store.state;
    const info = project?.queueInfos.find(({ id }) => id === queue);
    if (project && info) this.actions.show(usualQuery(project, info));
  }

  private showSkipped(): void {
    const { project } = this.context.store.state;
    if (!project) return;
    this.actions.show({ ...usualQuery(project, wholeQueue(project)), where: 'predicted IS NULL' });
  }

  private async end(): Promise<void> {
    this.root.hidden = true;
    await this.context.rpc.call('endComparison').catch(() => undefined);
  }
}
