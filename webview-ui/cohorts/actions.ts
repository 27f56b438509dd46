/** What can be done with a cohort: look at its images, at its errors, and keep these as a queue. */
import type { CohortPart, CohortsMethods } from '../../src/protocol/cohortsApi';
import { faultOf, type PageRpc } from '../connection';
import { createButton } from '../controls';
import { element, setText } from '../dom';
import { fill } from '../texts';
import type { CohortsTexts } from './strings';

export class SliceActions {
  /** Says what came of the last one. */
  readonly said = element('p', { class: 'said', attributes: { role: 'status' } });

  constructor(
    private readonly rpc: PageRpc<CohortsMethods, object>,
    private readonly part: () => CohortPart,
    private readonly texts: CohortsTexts,
  ) {}

  buttons(name: string, where: string): HTMLElement {
    const { texts } = this;
    const wrong = `(${where}) AND wrong`;
    return element(
      'div',
      { class: 'buttons' },
      this.button(texts.show, fill(texts.showTitle, { name }), () =>
        this.rpc.call('show', where, this.part()),
      ),
      this.button(texts.showErrors, fill(texts.showErrorsTitle, { name }), () =>
        this.rpc.call('show', wrong, this.part()),
      ),
      this.button(texts.add, fill(texts.addTitle, { name }), async () => {
        const added = await this.rpc.call('addToReview', wrong, this.part(), name.slice(0, 80));
        if (added !== null) setText(this.said, fill(texts.added, { name: added }));
      }),
    );
  }

  private button(label: string, title: string, work: () => Promise<unknown>): HTMLElement {
    const { root } = createButton({
      label,
      title,
      onClick: () => {
        setText(this.said, '');
        work().catch((error: unknown) => setText(this.said, faultOf(error).message));
      },
    });
    root.setAttribute('aria-label', title);
    return root;
  }
}
