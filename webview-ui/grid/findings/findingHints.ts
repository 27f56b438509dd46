/**
 * Letters on all findings of the focused image, on the tiles and in Read mode: a letter goes to a finding, with Shift it gives
 * it the label that is written beside it. A finding has the same letters on every image.
 */
import type { DisposableStore } from '../../disposables';
import type { ItemKey, ReviewItem } from '../../../src/protocol/engineApi';
import { keyOfFinding } from '../../../src/protocol/itemKeys';
import { Hints, type HintChoice } from '../answers/hintDialog';
import { hintsFor } from '../answers/hintLetters';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';
import { readOrder } from './acting';
import { otherLabel } from './otherLabel';
import { shownFinding, signOf } from './words';

export interface FindingHintActions {
  state(): GridState;
  /** The focused image; undefined in a list of items. */
  image(): ReviewItem | undefined;
  /** A finding of it, as far as it is here. */
  item(key: ItemKey): ReviewItem | undefined;
  /** Asks for the labels that are not here; `update` follows. */
  bring(image: ReviewItem): void;
  go(finding: string): void;
  answer(item: ItemKey, value: '0' | '1'): void;
  closed(): void;
}

export class FindingHints {
  private readonly hints: Hints;
  /** What the letters are on; the order stays as it was when they were shown. */
  private shown: { readonly image: ReviewItem; readonly names: readonly string[] } | undefined;

  constructor(
    private readonly formatter: Formatter,
    private readonly actions: FindingHintActions,
    disposables: DisposableStore,
  ) {
    this.hints = new Hints(
      {
        title: formatter.strings.findings.hintsTitle,
        choose: (index) => actions.go(this.shown?.names[index] ?? ''),
        withShift: (index) => this.answerOf(index),
        closed: () => actions.closed(),
      },
      disposables,
    );
  }

  get root(): HTMLElement {
    return this.hints.root;
  }

  /** @param beside the tile of the image */
  open(beside: DOMRect | undefined): void {
    const { actions } = this;
    const state = actions.state();
    const image = actions.image();
    if (image?.findings === undefined || state.list === null || this.hints.isOpen) return;
    this.shown = { image, names: readOrder(state.project, image) };
    this.hints.open(this.view(state), beside);
    if (this.mayAnswer(state)) actions.bring(image);
  }

  /** Labels as they are now. Where the keys have gone to another image there is nothing to choose. */
  update(): void {
    if (!this.hints.isOpen || !this.shown) return;
    const image = this.actions.image();
    if (image?.key !== this.shown.image.key) this.hints.close();
    else {
      this.shown = { ...this.shown, image };
      this.hints.update(this.view(this.actions.state()));
    }
  }

  /** What gives a finding its other label; a text: why it has none. */
  private answerOf(index: number): string | (() => void) {
    const { shown, actions, formatter } = this;
    const finding = shown?.names[index] ?? '';
    const key = keyOfFinding(shown?.image.key ?? '', finding);
    const other = this.otherOf(actions.state(), key);
    if (other === undefined) return fill(formatter.strings.findings.noOther, { finding });
    return () => actions.answer(key, other);
  }

  /** It answers the image that is shown, and nothing else that is selected: then an answer is asked for in another way. */
  private mayAnswer({ settings, selected }: GridState): boolean {
    const isAlone = [...selected].every((key) => key === this.shown?.image.key);
    return !settings.readOnly && isAlone && this.shown?.image.hidden === false;
  }

  private otherOf(state: GridState, key: ItemKey): '0' | '1' | undefined {
    const item = this.mayAnswer(state) ? this.actions.item(key) : undefined;
    return item && otherLabel(item, state);
  }

  private view(state: GridState): { readonly help: string; readonly choices: readonly HintChoice[] } {
    const { image, names = [] } = this.shown ?? {};
    const { findings } = this.formatter.strings;
    const all = state.project?.findings ?? [];
    const letters = hintsFor(all.length);
    const rare = new Set(state.project?.rare.map(({ finding }) => finding));
    const doubtful = new Set(image?.findings?.map(({ finding }) => finding));
    const isRare = (name: string | undefined): boolean =>
      name !== undefined && rare.has(name) && !doubtful.has(name);
    const choices = names.map((finding, n): HintChoice => {
      const key = keyOfFinding(image?.key ?? '', finding);
      const hint = letters[all.findIndex(({ name }) => name === finding)] ?? '';
      const isFirstRare = isRare(finding) && !isRare(names[n - 1]);
      return {
        ...{ text: finding, hint },
        ...this.known(state, key),
        ...(isFirstRare ? { heading: findings.hintsRare } : {}),
      };
    });
    const name = this.formatter.imageName(image?.path ?? '', state.focus.index);
    return { help: fill(this.mayAnswer(state) ? findings.hintsHelp : findings.hintsGo, { name }), choices };
  }

  private known(state: GridState, key: ItemKey): Partial<HintChoice> {
    const { formatter } = this;
    const item = this.actions.item(key);
    if (!item) return {};
    const { shown, label } = shownFinding(item, state, formatter);
    if (shown.hidden && !shown.pending) return {};
    const spoken = fill(formatter.strings.findings.chipPlain, { finding: item.finding, label });
    const other = this.otherOf(state, key);
    return {
      sign: signOf(shown),
      spoken,
      ...(other === undefined ? {} : { withShift: formatter.value(other, true) }),
    };
  }
}
