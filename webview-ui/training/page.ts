/** The page of a training: where it stands, its curves fold by fold, its figures, and its end. */
import type {
  TrainedNetwork,
  TrainingEvents,
  TrainingMethods,
  TrainingPageState,
  TrainingStart,
  WatchedTraining,
} from '../../src/protocol/trainingApi';
import { connect, faultOf, type PageRpc, type VsCodeApi } from '../connection';
import { createButton, createDropdown, type ButtonControl } from '../controls';
import { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { faultMessage, startingMessage } from '../pageMessage';
import { plural } from '../plural';
import { fill, handedIn, translated } from '../texts';
import { Curves } from './curves';
import { factsOf, showFacts } from './facts';
import { english } from './strings';
import { epochsTable, networksTable } from './tables';
import { epochSentence, isUnderWay, networkName, stateSentence } from './words';

/** The choice that goes with the training from network to network. */
const newest = '';

export class TrainingPage {
  private readonly disposables = new DisposableStore();
  private readonly rpc: PageRpc<TrainingMethods, TrainingEvents>;
  private readonly texts = translated(english, handedIn(document));
  private start: TrainingStart | undefined;
  private watched: WatchedTraining | undefined;
  private chosen = newest;
  /** The epoch or the end that was said last. */
  private saidOf = '';

  private readonly state = element('p', { class: 'state' });
  private readonly resumed = element('p', { class: 'muted resumed' });
  private readonly fault = element('p', { class: 'said', attributes: { role: 'alert' } });
  /** Read aloud: at most a sentence for an epoch. */
  private readonly spoken = element('p', { class: 'unseen', attributes: { role: 'status' } });
  private readonly facts = element('dl', { class: 'facts' });
  private readonly nothing = element('p', { class: 'muted' });
  private readonly curves = new Curves(this.texts);
  private readonly networks = element('div');
  private readonly epochs = element('div');
  private readonly shown = element('div', { class: 'shown' });
  private readonly stop: ButtonControl;
  private readonly showRun: ButtonControl;
  private readonly chooser = createDropdown({
    label: this.texts.network,
    class: 'output',
    onChange: (name) => {
      this.chosen = name;
      this.draw();
    },
  });

  constructor(
    private readonly api: VsCodeApi,
    private readonly root: HTMLElement,
  ) {
    const host = this.disposables.add(
      connect<TrainingMethods, TrainingEvents>(api, (_moved, payload) => this.take(payload)),
    );
    this.rpc = host.rpc;
    this.stop = createButton({
      label: this.texts.stop,
      title: this.texts.stopHint,
      onClick: () => void this.end(),
    });
    this.showRun = createButton({
      label: this.texts.showRun,
      primary: true,
      onClick: () => {
        this.rpc.call('showRun').catch((error: unknown) => setText(this.fault, faultOf(error).message));
      },
    });
    root.replaceChildren(startingMessage(this.texts.starting));
  }

  /** Asks the host for the training and shows it, or why it cannot be shown. */
  async begin(): Promise<void> {
    try {
      const start = await this.rpc.call('ready');
      this.start = start;
      const state: TrainingPageState = { v: 1, root: start.root, job: start.watched.job.job };
      this.api.setState(state);
      this.build(start);
      // What stood there when the page was opened is read, not said.
      this.saidOf = sayable(start.watched).key;
      this.take(this.watched ?? start.watched);
    } catch (error) {
      this.root.replaceChildren(faultMessage(this.texts.failed, error));
    }
  }

  dispose(): void {
    this.disposables.dispose();
    this.root.replaceChildren();
  }

  private build({ name, watched, trusted, language }: TrainingStart): void {
    const { texts } = this;
    const title = fill(texts.title, { name });
    document.title = title;
    const date = new Date(watched.job.created).toLocaleString(language, {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    this.shown.replaceChildren(
      element('h2', { text: texts.curves }),
      this.chooser.root,
      element('p', { class: 'muted', text: texts.namesHelp }),
      this.curves.root,
      element('h2', { text: texts.networks }),
      this.networks,
      this.epochs,
    );
    this.root.replaceChildren(
      element(
        'header',
        {},
        element(
          'div',
          {},
          element('h1', { text: title }),
          element('p', { class: 'muted', text: fill(texts.begun, { date }) }),
          this.state,
          this.resumed,
          this.fault,
          ...(trusted ? [] : [element('p', { class: 'muted', text: texts.untrusted })]),
        ),
        element('div', { class: 'buttons' }, this.showRun.root, this.stop.root),
      ),
      element('main', {}, this.facts, this.nothing, this.shown),
      this.spoken,
    );
  }

  private take(watched: WatchedTraining): void {
    this.watched = watched;
    if (!this.start) return;
    const { state, run } = watched.job;
    // A button that goes takes the focus with it: it stays, and does nothing any more.
    this.stop.setEnabled(isUnderWay(state) && this.start.trusted);
    this.showRun.root.hidden = run === null;
    this.say(watched);
    this.draw();
  }

  private draw(): void {
    const { watched, texts } = this;
    if (!watched || !this.start) return;
    const { job, training } = watched;
    setText(this.state, stateSentence(watched, texts));
    this.state.classList.toggle('failed', job.state === 'failed' || job.state === 'lost');
    setText(
      this.resumed,
      training.resumed === 0
        ? ''
        : fill(plural(texts.resumed, training.resumed, this.start.language), { n: training.resumed }),
    );
    showFacts(this.facts, factsOf(training, texts));
    const told = training.networks.filter(isTold);
    const network = told.find(({ name }) => name === this.chosen) ?? newestOf(watched, told);
    const isOnlyLast = told.length > 0 && told.every(({ points }) => points.every(isEmpty));
    const hasCurves = network !== undefined && !isOnlyLast;
    this.nothing.hidden = hasCurves;
    setText(this.nothing, isOnlyLast ? texts.onlyLast : texts.nothing);
    this.shown.hidden = !hasCurves;
    if (!hasCurves) return;
    this.chooser.set(
      [
        { value: newest, label: texts.newest },
        ...told.map(({ name }) => ({ value: name, label: networkName(name, texts) })),
      ],
      this.chosen,
    );
    this.curves.show(training, network);
    fillTable(this.networks, networksTable(training.networks, job.state, texts));
    fillTable(this.epochs, epochsTable(network, texts));
  }

  /** Says an epoch that has ended, and the end. */
  private say(watched: WatchedTraining): void {
    const { key, network } = sayable(watched);
    if (key === this.saidOf) return;
    this.saidOf = key;
    const point = network?.points.at(-1);
    setText(
      this.spoken,
      isUnderWay(watched.job.state) && network && point
        ? epochSentence(network, point, this.texts)
        : stateSentence(watched, this.texts),
    );
  }

  private async end(): Promise<void> {
    this.stop.setEnabled(false);
    setText(this.fault, '');
    setText(this.spoken, this.texts.stopping);
    setText(this.state, this.texts.stopping);
    try {
      this.take(await this.rpc.call('stop'));
    } catch (error) {
      setText(this.fault, faultOf(error).message);
      if (this.watched) this.take(this.watched);
    }
  }
}

/** What is worth a sentence: the last whole epoch while it is under way, then how it ended. */
function sayable({ job: { state }, training: { networks } }: WatchedTraining): {
  readonly key: string;
  readonly network: TrainedNetwork | undefined;
} {
  const network = networks.findLast(({ points }) => points.length > 0);
  if (!isUnderWay(state)) return { key: state, network };
  return { key: network ? `${network.name} ${network.points.at(-1)?.epoch ?? 0}` : '', network };
}

/** A network of which there is something to draw: an epoch, or the beginning of one. */
function isTold({ points, state }: TrainedNetwork): boolean {
  return points.length > 0 || state === 'trains';
}

function newestOf(
  { training: { now } }: WatchedTraining,
  told: readonly TrainedNetwork[],
): TrainedNetwork | undefined {
  return told.find(({ name }) => name === now?.network) ?? told.at(-1);
}

/** PyTorch fitted the last layer alone: there is no loss of a step. */
function isEmpty({ loss, heldLoss }: TrainedNetwork['points'][number]): boolean {
  return loss === null && heldLoss === null;
}

/** Puts a table where one stands already: the region that scrolls stays, and keeps the focus. */
function fillTable(place: HTMLElement, made: HTMLElement): void {
  const before = place.firstElementChild;
  if (!before) {
    place.replaceChildren(made);
    return;
  }
  if (before.textContent === made.textContent) return;
  before.setAttribute('aria-label', made.getAttribute('aria-label') ?? '');
  before.replaceChildren(...made.childNodes);
}
