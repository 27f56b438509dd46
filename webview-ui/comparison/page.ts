/** A comparison on one page: chart, table, notes. It asks the host once; nothing on it changes afterwards. */
import { comparisonChart } from '../../src/charts/comparisonChart';
import { comparisonTable } from '../../src/charts/comparisonTable';
import type { ComparisonMethods, ComparisonStart, ComparisonState } from '../../src/protocol/comparisonApi';
import { connect, faultOf, type PageRpc, type VsCodeApi } from '../connection';
import { createButton } from '../controls';
import { DisposableStore } from '../disposables';
import { element } from '../dom';
import { faultMessage, startingMessage } from '../pageMessage';
import { drawSvg } from '../drawing';
import { fill, handedIn, translated } from '../texts';
import { createActions } from './actions';
import { english, type ComparisonTexts } from './strings';
import { createColumnHelp, createTable } from './table';

export class ComparisonPage {
  private readonly disposables = new DisposableStore();
  private readonly rpc: PageRpc<ComparisonMethods, object>;
  private readonly texts = translated(english, handedIn(document));

  constructor(
    private readonly api: VsCodeApi,
    private readonly root: HTMLElement,
  ) {
    const host = this.disposables.add(connect<ComparisonMethods, object>(api, () => undefined));
    this.rpc = host.rpc;
    root.replaceChildren(startingMessage(this.texts.starting));
  }

  /** Asks the host for the comparison and shows it, or why it cannot be shown. */
  async start(): Promise<void> {
    try {
      this.show(await this.rpc.call('ready'));
    } catch (error) {
      this.root.replaceChildren(faultMessage(this.texts.failed, error));
    }
  }

  dispose(): void {
    this.disposables.dispose();
    this.root.replaceChildren();
  }

  private show({ root, comparison, language }: ComparisonStart): void {
    const state: ComparisonState = { v: 1, root, comparison: comparison.comparison };
    this.api.setState(state);
    const table = comparisonTable(comparison);
    document.title = comparison.name;
    const measured = comparison.models.length > 0;
    this.root.replaceChildren(
      element(
        'header',
        {},
        element(
          'div',
          {},
          element('h1', { text: comparison.name }),
          element('p', { class: 'muted', text: madeLine({ root, comparison, language }, this.texts) }),
        ),
        element('div', { class: 'buttons' }, ...this.buttons()),
      ),
      element(
        'main',
        {},
        ...(measured
          ? [
              element('div', { class: 'chart' }, drawSvg(comparisonChart(comparison))),
              createTable(table, this.texts),
              createActions(comparison, this.rpc, this.texts),
            ]
          : [element('p', { class: 'message', text: this.texts.empty })]),
        element('h2', { text: this.texts.notes }),
        element('ul', { class: 'notes' }, ...table.notes.map((text) => element('li', { text }))),
        ...(measured ? [createColumnHelp(table, this.texts)] : []),
      ),
    );
  }

  private buttons(): HTMLElement[] {
    const call = (method: 'reveal' | 'openTable') => () => {
      this.rpc.call(method).catch((error: unknown) => this.rpc.call('log', faultOf(error).message));
    };
    return [
      createButton({ label: this.texts.openTable, onClick: call('openTable') }).root,
      createButton({ label: this.texts.reveal, onClick: call('reveal') }).root,
    ];
  }
}

function madeLine({ comparison, language }: ComparisonStart, texts: ComparisonTexts): string {
  const date = (text: string): string =>
    new Date(text).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  const { created, folds, labels_as_of: labels } = comparison;
  return fill(texts.made, {
    date: date(created),
    folds: String(folds),
    labels: labels === '' ? texts.given : date(labels),
  });
}
