/**
 * All findings of the image that is read: those in doubt first, then the others, those too rare to judge folded below. One
 * tab stop; the finding that the keys are for is the active option, also while the image itself has the keys.
 */
import type { ReviewItem } from '../../../src/protocol/engineApi';
import { keyOfFinding } from '../../../src/protocol/itemKeys';
import type { DisposableStore } from '../../disposables';
import { element, setAttribute, setText } from '../../dom';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { actingFinding, openFindings, readOrder } from './acting';
import { figuresTitle, shownFinding, signOf } from './words';

export interface ReadListActions {
  /** Turns to a finding. */
  go(finding: string): void;
  /** Keeps what is in doubt and not answered. */
  keepRest(): void;
  onKey(event: KeyboardEvent): void;
}

export class ReadList {
  readonly root: HTMLElement;
  /** Takes the keys. */
  readonly list = element('div', { class: 'finding-list' });
  private readonly judged = element('div', { attributes: { role: 'presentation' } });
  private readonly rare = element('div', { attributes: { role: 'group' } });
  private readonly fold = element('button', { class: 'fold', attributes: { type: 'button' } });
  private readonly keepRest;
  private unfolded = false;
  private shown: readonly unknown[] = [];

  constructor(
    private readonly formatter: Formatter,
    actions: ReadListActions,
    disposables: DisposableStore,
  ) {
    const { findings } = formatter.strings;
    const { list } = this;
    setAttribute(list, 'role', 'listbox');
    setAttribute(list, 'tabindex', '0');
    setAttribute(list, 'aria-label', findings.list);
    list.append(this.judged, this.rare);
    this.keepRest = element('button', {
      class: 'answer keep-rest',
      text: findings.keepRest,
      title: findings.keepRestHelp,
      attributes: { type: 'button' },
    });
    this.root = element('div', { class: 'findings' }, list, this.fold, this.keepRest);
    disposables.listen(list, 'keydown', (event) => actions.onKey(event));
    disposables.listen(list, 'click', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.finding') : null;
      const finding = row?.dataset['finding'];
      if (finding !== undefined) actions.go(finding);
    });
    this.keepRest.addEventListener('click', () => actions.keepRest());
    this.fold.addEventListener('click', () => {
      this.unfolded = !this.unfolded;
      this.drawFold();
    });
  }

  /**
   * @param image the image that is read
   * @param known its findings, as far as they are here
   */
  update(state: GridState, image: ReviewItem, known: readonly ReviewItem[]): void {
    const acting = actingFinding(state, image);
    const parts = [image, known, state.pending, state.failed, state.project?.rare, acting, state.settings];
    if (parts.every((part, n) => part === this.shown[n])) return;
    this.shown = parts;
    const rare = new Map(
      state.project?.rare.map(({ finding, positivePatients }) => [finding, positivePatients]),
    );
    const doubtful = new Set(image.findings?.map(({ finding }) => finding));
    const isRare = (name: string): boolean => rare.has(name) && !doubtful.has(name);
    const all = [...known, ...(image.findings ?? [])];
    const rows = readOrder(state.project, image).map((name) => {
      const item = all.find(({ finding }) => finding === name);
      return { name, row: this.row(state, image, item, name, rare.get(name), name === acting) };
    });
    const rowsOf = (wanted: boolean): readonly HTMLElement[] =>
      rows.filter(({ name }) => isRare(name) === wanted).map(({ row }) => row);
    this.judged.replaceChildren(...rowsOf(false));
    this.rare.replaceChildren(...rowsOf(true));
    // What an answer would hit is never folded away.
    if (acting !== undefined && isRare(acting)) this.unfolded = true;
    this.fold.hidden = this.rare.childElementCount === 0;
    this.drawFold();
    setAttribute(this.list, 'aria-activedescendant', acting === undefined ? null : idOf(acting));
    const rest = openFindings(image, state.pending).length;
    this.keepRest.hidden = rest === 0 || state.settings.readOnly;
    this.list.querySelector('.acting')?.scrollIntoView({ block: 'nearest' });
  }

  private drawFold(): void {
    const { rare } = this.formatter.strings.findings;
    this.rare.hidden = !this.unfolded;
    setAttribute(this.fold, 'aria-expanded', String(this.unfolded));
    const text = this.formatter.plural(rare, this.rare.childElementCount);
    setText(this.fold, `${this.unfolded ? '▾' : '▸'} ${text}`);
    setAttribute(this.rare, 'aria-label', text);
  }

  private row(
    state: GridState,
    image: ReviewItem,
    item: ReviewItem | undefined,
    name: string,
    positives: number | undefined,
    acting: boolean,
  ): HTMLElement {
    const { formatter } = this;
    const { findings } = formatter.strings;
    const known = item && shownFinding(item, state, formatter);
    const count = positives === undefined ? '' : formatter.plural(findings.rareCount, positives);
    const given =
      known?.state === 'changed'
        ? fill(findings.was, { label: formatter.value(known.item.given, true) })
        : '';
    const edited = known && known.state !== 'open' && !item.hidden ? findings.states[known.state] : '';
    const row = element(
      'div',
      { class: 'finding finding-chip', attributes: { role: 'option', id: idOf(name) } },
      element('span', {
        class: 'label-sign',
        text: known ? signOf(known.shown) : '',
        attributes: { 'aria-hidden': 'true' },
      }),
      element('span', { class: 'name', text: name, title: name }),
      element('span', { class: 'now', text: known?.label ?? '' }),
      element('span', { class: 'note muted', text: [edited, given, count].filter(Boolean).join(' · ') }),
      element('span', { class: 'figures', text: known?.figures ?? '' }),
    );
    row.dataset['finding'] = name;
    row.dataset['state'] = known?.state ?? 'open';
    row.dataset['key'] = keyOfFinding(image.key, name);
    row.classList.toggle('acting', acting);
    row.classList.toggle('wrong', known?.shown.agrees === false && item?.tooRare === false);
    setAttribute(row, 'aria-selected', String(acting));
    const sentence = [known?.sentence ?? name, given, count].filter(Boolean).join('. ');
    setAttribute(row, 'aria-label', sentence);
    row.title = item ? figuresTitle(item, formatter) : '';
    return row;
  }
}

const idOf = (finding: string): string => `finding-${encodeURIComponent(finding)}`;
