/** The page of a run: figures, curves, thresholds, confusion. */
import {
  parseTarget,
  type OperatingTarget,
  type RunAnalysis,
  type RunPageMethods,
  type RunPageStart,
  type RunPageState,
  type TriedThreshold,
} from '../../src/protocol/runPageApi';
import { connect, faultOf, type PageRpc, type VsCodeApi } from '../connection';
import { createButton, createDropdown } from '../controls';
import { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { KeptPlace } from '../keptPlace';
import { faultMessage, startingMessage } from '../pageMessage';
import { plural } from '../plural';
import { fill, handedIn, translated } from '../texts';
import { confusionTables, figuresTable } from './figures';
import { GuaranteePanel } from './guaranteePanel';
import { OutputView } from './outputView';
import { plainPercent } from './percent';
import { english } from './strings';
import { ThresholdPanel } from './thresholdPanel';

export class RunPage {
  private readonly disposables = new DisposableStore();
  private readonly rpc: PageRpc<RunPageMethods, object>;
  private readonly texts = translated(english, handedIn(document));
  /** The test part is on show: it was asked for in this tab, and the look is counted. */
  private test = false;
  private analysis: RunAnalysis | undefined;
  private output = '';
  private tried: TriedThreshold | undefined;

  private readonly figures = element('div');
  private readonly confusion = element('div', { class: 'confusion' });
  private readonly weighted = element('p', { class: 'muted' });
  private readonly said = element('p', { class: 'said', attributes: { role: 'status' } });
  private readonly looks = element('span', { class: 'muted' });
  private readonly view = new OutputView(this.texts);
  private readonly kept: KeptPlace;
  private panel: ThresholdPanel | undefined;
  private guarantee: GuaranteePanel | undefined;
  /** What overread.yaml has for an output, with what was written since. */
  private readonly targets = new Map<string, OperatingTarget>();

  constructor(
    api: VsCodeApi,
    private readonly root: HTMLElement,
  ) {
    const host = this.disposables.add(connect<RunPageMethods, object>(api, () => undefined));
    this.rpc = host.rpc;
    this.kept = this.disposables.add(new KeptPlace(api));
    root.replaceChildren(startingMessage(this.texts.starting));
  }

  /** Asks the host for the run and shows it, or why it cannot be shown. */
  async start(): Promise<void> {
    try {
      this.build(await this.rpc.call('ready', false));
    } catch (error) {
      this.root.replaceChildren(faultMessage(this.texts.failed, error));
    }
  }

  dispose(): void {
    this.disposables.dispose();
    this.root.replaceChildren();
  }

  private build(start: RunPageStart): void {
    const { root, analysis, weights, language, trusted } = start;
    const state: RunPageState = { v: 1, root, run: analysis.run };
    this.kept.setState(state);
    document.title = analysis.run;
    const isEmpty = analysis.parts.every(({ metrics }) => metrics.samples === 0);
    const names = analysis.parts[0]?.outputs.map(({ name }) => name) ?? [];
    this.output = names.find((name) => name === this.kept.choice('output')) ?? names[0] ?? '';
    this.panel = new ThresholdPanel({
      ...{ rpc: this.rpc, texts: this.texts, language, trusted },
      test: () => this.test,
      onTried: (tried, target) => {
        this.tried = tried;
        // What overread.yaml has is read from there again.
        const text = JSON.stringify(target);
        const isTheirs = text === JSON.stringify(this.targets.get(this.output));
        this.kept.choose('target', isTheirs ? undefined : text);
        this.draw();
        this.kept.restore();
      },
      onKept: (output, target) => {
        if (target === undefined) this.targets.delete(output);
        else this.targets.set(output, target);
      },
    });
    this.guarantee = new GuaranteePanel({
      ...{ rpc: this.rpc, texts: this.texts, trusted },
      onTried: () => {
        if (start.testLooks !== null) this.sayLooks(start.testLooks + 1, language);
      },
    });
    const chooser = createDropdown({
      label: analysis.task === 'multi-class' ? this.texts.class : this.texts.finding,
      class: 'output',
      onChange: (name) => {
        this.kept.choose('output', name);
        this.choose(name);
      },
    });
    chooser.set(
      names.map((name) => ({ value: name, label: name })),
      this.output,
    );
    this.root.replaceChildren(
      this.header(start),
      element(
        'main',
        {},
        ...(weights?.random === true ? [element('p', { class: 'warning', text: this.texts.random })] : []),
        ...(analysis.table_changed
          ? [element('p', { class: 'warning', text: this.texts.tableChanged })]
          : []),
        ...(isEmpty
          ? [element('p', { class: 'message', text: this.texts.noSamples })]
          : [
              element('h2', { text: this.texts.figures }),
              this.figures,
              element('p', { class: 'muted', text: this.texts.intervals }),
              element('h2', { text: this.texts.curves }),
              chooser.root,
              this.view.root,
              this.view.notes,
              this.weighted,
              this.panel.root,
              this.guarantee.root,
              element('h2', { text: this.texts.confusion }),
              this.confusion,
            ]),
      ),
    );
    this.takeTargets(start);
    this.take(analysis);
    if (!isEmpty) {
      this.choose(this.output, parseTarget(this.kept.choice('target')));
      this.askForBands();
    }
  }

  private header({ analysis, weights, created, language, testLooks }: RunPageStart): HTMLElement {
    const date = (text: string): string =>
      new Date(text).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
    const made = fill(this.texts.made, {
      date: date(created),
      labels: analysis.labels_as_of === '' ? this.texts.given : date(analysis.labels_as_of),
      weights: weights?.name ?? this.texts.noNetwork,
    });
    this.sayLooks(testLooks, language);
    const showTest = createButton({
      label: this.texts.showTest,
      title: this.texts.showTestHint,
      keepsFocus: true,
      onClick: () => {
        showTest.setEnabled(false);
        this.lookAtTest(language).catch((error: unknown) => {
          showTest.setEnabled(true);
          setText(this.said, faultOf(error).message);
        });
      },
    });
    const report = createButton({
      label: this.texts.report,
      onClick: () => {
        this.rpc.call('report').catch((error: unknown) => setText(this.said, faultOf(error).message));
      },
    });
    return element(
      'header',
      {},
      element(
        'div',
        {},
        element('h1', { text: analysis.run }),
        element('p', { class: 'muted', text: made }),
        element('p', {}, this.looks),
        this.said,
      ),
      element('div', { class: 'buttons' }, report.root, showTest.root),
    );
  }

  private async lookAtTest(language: string): Promise<void> {
    const start = await this.rpc.call('ready', true);
    this.test = true;
    this.sayLooks(start.testLooks, language);
    this.takeTargets(start);
    this.take(start.analysis);
    this.choose(this.output);
    this.askForBands();
  }

  private takeTargets({ analysis, whyNoGuarantee }: RunPageStart): void {
    this.targets.clear();
    for (const { output, target } of analysis.operating_points) this.targets.set(output, target);
    this.guarantee?.explain(whyNoGuarantee);
  }

  private sayLooks(looks: number | null, language: string): void {
    setText(
      this.looks,
      looks === null
        ? this.texts.looksUnknown
        : fill(plural(this.texts.looks, looks, language), { n: looks }),
    );
  }

  private askForBands(): void {
    const { test } = this;
    this.rpc.call('bands', test).then(
      (analysis) => {
        if (test === this.test) this.take(analysis);
      },
      (error: unknown) => {
        // With the test part everything is asked for anew.
        if (test === this.test) setText(this.said, faultOf(error).message);
      },
    );
  }

  /** Another state of the same run. */
  private take(analysis: RunAnalysis): void {
    this.analysis = analysis;
    this.figures.replaceChildren(figuresTable(analysis, this.texts));
    this.draw();
  }

  /** @param tried the target that is on show; default: the one of overread.yaml, or the run's own threshold */
  private choose(name: string, tried?: OperatingTarget): void {
    this.output = name;
    this.tried = undefined;
    const { analysis } = this;
    if (!analysis) return;
    const at = analysis.parts[0]?.outputs.findIndex((output) => output.name === name) ?? -1;
    this.guarantee?.choose(name);
    void this.panel?.choose(name, this.targets.get(name), analysis.thresholds[at] ?? null, tried);
    this.draw();
  }

  private draw(): void {
    const { analysis, output, tried } = this;
    if (!analysis) return;
    this.view.show(analysis, output, tried?.point.figures ?? []);
    this.confusion.replaceChildren(...confusionTables(analysis, output, this.texts));
    const share = Object.hasOwn(analysis.prevalence, output) ? analysis.prevalence[output] : undefined;
    setText(
      this.weighted,
      share === undefined ? this.texts.unweighted : fill(this.texts.weighted, { share: plainPercent(share) }),
    );
  }
}
