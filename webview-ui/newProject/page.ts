/** A project before it is made: what was understood of the data, images of each class, and what was left out. */
import type { NewProjectMethods, NewProjectState, NewProjectView } from '../../src/protocol/newProjectApi';
import { connect, faultOf, type PageRpc, type VsCodeApi } from '../connection';
import { createButton, type ButtonControl } from '../controls';
import { DisposableStore } from '../disposables';
import { element } from '../dom';
import { fill, handedIn, translated } from '../texts';
import { createOverrule } from './overrule';
import type { ChoiceContext } from './fields';
import { createSettings } from './settings';
import { english } from './strings';

export class NewProjectPage {
  private readonly disposables = new DisposableStore();
  private readonly rpc: PageRpc<NewProjectMethods, object>;
  private readonly texts = translated(english, handedIn(document));
  private readonly status = element('p', { class: 'status', attributes: { role: 'status' } });
  private readonly body = element('main', {});
  private readonly make: ButtonControl;
  private asked = 0;
  private last: NewProjectView['understood'] = null;

  constructor(
    private readonly api: VsCodeApi,
    root: HTMLElement,
  ) {
    this.rpc = this.disposables.add(connect<NewProjectMethods, object>(api, () => undefined)).rpc;
    const { texts } = this;
    this.make = createButton({ label: texts.make, primary: true, onClick: () => void this.finish('make') });
    this.make.setEnabled(false);
    const cancel = createButton({ label: texts.cancel, onClick: () => void this.finish('cancel') });
    root.replaceChildren(
      element(
        'header',
        {},
        element('h1', { text: texts.title }),
        element('div', { class: 'buttons' }, this.make.root, cancel.root),
      ),
      this.status,
      this.body,
    );
  }

  /** Asks the host what was understood, and shows it. */
  start(): Promise<void> {
    return this.ask(() => this.rpc.call('ready'));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async ask(question: () => Promise<NewProjectView>): Promise<void> {
    const turn = ++this.asked;
    this.make.setEnabled(false);
    this.body.setAttribute('aria-busy', 'true');
    this.status.textContent = this.texts.starting;
    try {
      const view = await question();
      if (turn === this.asked) this.show(view);
    } catch (error) {
      if (turn === this.asked) this.showFault(faultOf(error));
    }
  }

  private async finish(how: 'make' | 'cancel'): Promise<void> {
    this.make.setEnabled(false);
    try {
      await this.rpc.call(how);
    } catch (error) {
      this.showFault(faultOf(error));
    }
  }

  private show({ root, source, chosen, understood, examples, fault }: NewProjectView): void {
    const { texts } = this;
    const state: NewProjectState = { v: 1, root, source, chosen };
    this.api.setState(state);
    this.body.removeAttribute('aria-busy');
    this.status.textContent = fill(texts.from, { source: source.path, root });
    const context: ChoiceContext = {
      chosen,
      texts,
      actions: {
        choose: (choice, value) => void this.ask(() => this.rpc.call('choose', choice, value)),
        guess: (choice) => void this.ask(() => this.rpc.call('guess', choice)),
      },
    };
    if (!understood) {
      if (fault) this.showFault(fault);
      // What led here can be chosen otherwise.
      if (this.last) this.body.append(createSettings(this.last, context));
      else this.body.append(createOverrule({ source }, context));
      return;
    }
    this.last = understood;
    const { samples, patients, summary, ignored, metadata, problems } = understood;
    const section = (title: string, ...children: readonly HTMLElement[]): HTMLElement =>
      element('section', {}, element('h2', { text: title }), ...children);
    const list = (items: readonly string[]): HTMLElement =>
      element('ul', {}, ...items.map((text) => element('li', { text })));
    // The focus stays on the setting that was changed.
    const focused = document.activeElement?.getAttribute('aria-label');
    this.body.replaceChildren(
      ...(problems.length === 0
        ? []
        : [
            section(
              texts.problems,
              list(problems.map(({ message, fix }) => [message, fix ?? ''].join('. '))),
            ),
          ]),
      section(
        texts.settings,
        createSettings(understood, context),
        ...(source.kind === 'images' ? [createOverrule({ source }, context)] : []),
      ),
      section(
        texts.classes,
        element('p', { text: fill(texts.counts, { samples: String(samples), patients: String(patients) }) }),
        // Those that are of no class: images without a label, readers.
        ...summary.slice(examples.length).map((text) => element('p', { text })),
        element(
          'div',
          { class: 'classes' },
          ...examples.map(({ label, uris }, k) => this.example(label, uris, summary[k])),
        ),
      ),
      ...(ignored.length === 0 && metadata.length === 0
        ? []
        : [
            section(
              texts.ignored,
              list(ignored.map(({ column, because }) => `${column}: ${because}`)),
              ...(metadata.length === 0
                ? []
                : [element('p', { text: fill(texts.kept, { columns: metadata.join(', ') }) })]),
            ),
          ]),
    );
    if (focused !== null && focused !== undefined) {
      const again = [...this.body.querySelectorAll<HTMLElement>('[aria-label]')].find(
        (control) => control.getAttribute('aria-label') === focused,
      );
      again?.focus();
    }
    this.make.setEnabled(true);
  }

  private example(label: string, uris: readonly string[], summary: string | undefined): HTMLElement {
    const images = uris.map((uri) => {
      const image = element('img', { attributes: { alt: '', loading: 'lazy' } });
      image.src = uri;
      // A kind that the browser does not show; the grid decodes it itself.
      image.addEventListener('error', () => image.remove());
      return image;
    });
    return element(
      'figure',
      {},
      element('figcaption', { text: summary ?? label, title: label }),
      element(
        'div',
        { class: 'images' },
        ...(images.length > 0 ? images : [element('p', { class: 'muted', text: this.texts.noImages })]),
      ),
    );
  }

  private showFault({
    code,
    message,
    expected,
    fix,
  }: {
    readonly code: string;
    readonly message: string;
    readonly expected?: string;
    readonly fix?: string;
  }): void {
    this.body.removeAttribute('aria-busy');
    const parts = [
      `${message} (${code})`,
      ...(expected === undefined ? [] : [fill(this.texts.expected, { expected })]),
      ...(fix === undefined ? [] : [fix]),
    ];
    this.body.replaceChildren(
      element(
        'div',
        { class: 'fault', attributes: { role: 'alert' } },
        element('h2', { text: this.texts.failed }),
        ...parts.map((text) => element('p', { text })),
      ),
    );
  }
}
