/** The words of a tile that stands for an image: what it is called aloud, and its marks. */
import type { ReviewItem } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { ChipsView } from './tileChips';

/** `image.png. Mass: present, model 0.12 / 0.40. 1 of 3`, the finding that the keys are for where there is one. */
export function imageName(item: ReviewItem, view: ChipsView, index: number, formatter: Formatter): string {
  const { findings } = formatter.strings;
  const { chips, acting } = view;
  const at = Math.max(
    0,
    chips.findIndex((chip) => chip.item.finding === acting),
  );
  const chip = chips[at];
  const told =
    chip === undefined
      ? view.hidden
        ? findings.hidden
        : findings.none
      : fill(findings.place, {
          chip: chip.sentence,
          n: formatter.count(at + 1),
          count: formatter.count(chips.length),
        });
  return fill(findings.tileName, { name: formatter.imageName(item.path, index), chips: told });
}

/** How far an image is done, while it is neither open nor done: `1 of 3 answered`. */
export function imageMarks({ chips }: ChipsView, { strings }: Formatter): readonly string[] {
  const done = chips.filter(({ state }) => state !== 'open' && state !== 'disputed').length;
  if (done === 0 || chips.length < 2) return [];
  return [fill(strings.findings.answered, { done: String(done), total: String(chips.length) })];
}
