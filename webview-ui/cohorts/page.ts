/** The page of cohorts: columns and slices at once, shortcuts and corrections on request. */
import type {
  CohortPart,
  CohortReport,
  CohortsMethods,
  CohortsStart,
  ProjectPageState,
} from '../../src/protocol/cohortsApi';
import { connect, type PageRpc, type VsCodeApi } from '../connection';
import { createDropdown } from '../controls';
import { DisposableStore } from '../disposables';
import { element } from '../dom';
import { KeptPlace } from '../keptPlace';
import { faultMessage, startingMessage } from '../pageMessage';
import { fill, handedIn, translated } from '../texts';
import { SliceActions } from './actions';
import { cohortSections, sliceSection } from './cohortTables';
import { percent } from './figures';
import { createOnRequest } from './onRequest';
import { correctionTable, shortcutTable } from './probeTables';
import { english } from './strings';

export class CohortsPage {
  private readonly disposables = new DisposableStore();
  private readonly rpc: PageRpc<CohortsMethods, object>;
  private readonly texts = translated(english, handedIn(document));
  private readonly kept: KeptPlace;
  private part: CohortPart;
  private readonly actions: SliceActions;
  private readonly content = element('div', {});

  constructor(
    api: VsCodeApi,
    private readonly root: HTMLElement,
  ) {
    this.rpc = this.disposables.add(connect<CohortsMethods, object>(api, () => undefined)).rpc;
    this.kept = this.disposables.add(new KeptPlace(api));
    this.part = this.kept.choice('part') === 'validation' ? 'validation' : 'train';
    this.actions = new SliceActions(this.rpc, () => this.part, this.texts);
  }

  /** Asks the host for the cohorts and shows them, or why they cannot be shown. */
  async start(): Promise<void> {
    this.root.replaceChildren(startingMessage(this.texts.starting));
    try {
      const started = await this.rpc.call('ready');
      const state: ProjectPageState = { v: 1, root: started.root };
      this.kept.setState(state);
      this.frame(started);
      await this.load();
    } catch (error) {
      this.root.replaceChildren(faultMessage(this.texts.failed, error, 'h2'));
    }
  }

  dispose(): void {
    this.disposables.dispose();
    this.root.replaceChildren();
  }

  private frame({ name }: CohortsStart): void {
    const { texts } = this;
    const title = fill(texts.title, { name });
    document.title = title;
    const part = createDropdown({
      label: texts.part,
      onChange: (value) => {
        this.part = value === 'validation' ? 'validation' : 'train';
        this.kept.choose('part', this.part);
        void this.load();
      },
    });
    part.set(
      [
        { value: 'train', label: texts.train },
        { value: 'validation', label: texts.validation },
      ],
      this.part,
    );
    this.root.replaceChildren(
      element('header', {}, element('h1', { text: title }), part.root),
      element(
        'main',
        {},
        this.actions.said,
        this.content,
        createOnRequest({
          title: texts.shortcuts,
          help: texts.shortcutsHelp,
          button: texts.probe,
          working: texts.probing,
          work: async () => shortcutTable(await this.rpc.call('shortcuts'), texts),
          kept: this.kept,
        }),
        createOnRequest({
          title: texts.corrections,
          help: texts.correctionsHelp,
          button: texts.compare,
          working: texts.comparing,
          work: async () => correctionTable(await this.rpc.call('corrections'), texts),
          kept: this.kept,
        }),
      ),
    );
  }

  private async load(): Promise<void> {
    const { part } = this;
    this.content.replaceChildren(startingMessage(this.texts.starting));
    try {
      const report = await this.rpc.call('cohorts', part);
      if (part !== this.part) return;
      this.content.replaceChildren(...this.reported(report));
      this.kept.restore();
    } catch (error) {
      if (part === this.part) this.content.replaceChildren(faultMessage(this.texts.failed, error, 'h2'));
    }
  }

  private reported(report: CohortReport): HTMLElement[] {
    const { errors, items, patients, run } = report;
    const share = percent(items === 0 ? null : errors / items);
    return [
      element('p', { text: fill(this.texts.summary, { errors, items, share, patients, run }) }),
      sliceSection(report.found, this.actions, this.texts),
      ...cohortSections(report, this.actions, this.texts),
    ];
  }
}
