/** What J shows letters on: all labels, or of an image with several findings all of these. */
import type { DisposableStore } from '../../disposables';
import type { ReviewItem } from '../../../src/protocol/engineApi';
import { FindingHints } from '../findings/findingHints';
import type { FindingFocus } from '../findings/findingFocus';
import type { PageEffects } from '../pageEffects';
import { isByImage } from '../state/queries';
import { createLabelHints } from './labelHints';

export interface LetterViews {
  readonly findings: FindingFocus;
  /** The finding of the focused item. */
  findingOfFocus(): string | undefined;
  /** Gives the keys back to the tiles. */
  toTile(): void;
  /** Brings the focused tile into view; undefined in Read mode. */
  tileOfFocus(): DOMRect | undefined;
  /** Asks for the findings of an image. */
  bring(image: ReviewItem): void;
}

export function createLetters(effects: PageEffects, views: LetterViews, disposables: DisposableStore) {
  const { context, edits, commands, items } = effects;
  const { store, formatter } = context;
  const closed = (): void => views.toTile();
  const labels = createLabelHints(
    formatter,
    {
      answer: (index) => void commands.run({ name: 'label', index }),
      closed,
      finding: () => views.findingOfFocus(),
    },
    disposables,
  );
  const findings = new FindingHints(
    formatter,
    {
      state: () => store.state,
      image: () => (isByImage(store.state) ? items.at(store.state.focus.index) : undefined),
      item: (key) => items.byKey(key),
      bring: (image) => views.bring(image),
      go: (finding) => views.findings.go(finding),
      answer: (key, value) => void edits.edit('set', { value, items: [key] }),
      closed,
    },
    disposables,
  );
  return {
    roots: [labels.root, findings.root],
    open: (): void => {
      const beside = views.tileOfFocus();
      if (isByImage(store.state)) findings.open(beside);
      else labels.open(store.state, beside);
    },
    /** Labels of findings have come, or have changed. */
    update: (): void => findings.update(),
  };
}
