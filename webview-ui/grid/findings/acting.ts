/**
 * Which finding of an image the keys are for. On a tile it is one of its chips, in Read mode any finding; a list of one
 * finding has items for tiles, and the question does not arise.
 */
import { imageOfKey, keyOfFinding } from '../../../src/protocol/itemKeys';
import type { ItemKey, ReviewItem } from '../../../src/protocol/engineApi';
import type { GridState } from '../state/model';

type Known = Pick<GridState, 'finding' | 'pending' | 'project' | 'reading'>;

/** All findings of a project as Read mode lists them for an image: those in doubt, the others, those too rare to judge. */
export function readOrder(project: GridState['project'], image: ReviewItem): readonly string[] {
  const names = (project?.findings ?? []).map(({ name }) => name);
  const doubtful = (image.findings ?? []).map(({ finding }) => finding);
  const rare = new Set((project?.rare ?? []).map(({ finding }) => finding));
  const others = names.filter((name) => !doubtful.includes(name));
  return [
    ...doubtful,
    ...others.filter((name) => !rare.has(name)),
    ...others.filter((name) => rare.has(name)),
  ];
}

/** The finding that an answer is about; undefined where none of a tile is shown. */
export function actingFinding(state: Known, image: ReviewItem | undefined): string | undefined {
  if (image?.findings === undefined) return image?.finding;
  const { finding, reading, project } = state;
  const chips = image.findings.map((chip) => chip.finding);
  if (reading) {
    const all = readOrder(project, image);
    return finding !== null && all.includes(finding) ? finding : all[0];
  }
  return finding !== null && chips.includes(finding) ? finding : chips[0];
}

/** Whether a finding has been answered, or its answer is on its way. */
export function isAnswered(item: ReviewItem, pending: GridState['pending']): boolean {
  return item.edited || item.kept || item.excluded || pending.has(item.key);
}

/** The findings in doubt that nobody has answered yet. */
export function openFindings(image: ReviewItem, pending: GridState['pending']): readonly ReviewItem[] {
  return (image.findings ?? []).filter((item) => !isAnswered(item, pending));
}

/**
 * Where the focus goes on after an answer: to the next finding in doubt of the same image, then to those before it.
 * undefined: there is none left, or the answer was on a finding that is not in doubt.
 */
export function nextOpen(state: Known, image: ReviewItem, answered: string): string | undefined {
  const chips = image.findings ?? [];
  const at = chips.findIndex(({ finding }) => finding === answered);
  if (at < 0) return undefined;
  const ahead = [...chips.slice(at + 1), ...chips.slice(0, at)];
  return ahead.find((item) => !isAnswered(item, state.pending))?.finding;
}

/** The key of what an answer would hit on an image; that of an item stays. undefined: nothing is shown to be hit. */
export function actingKey(state: Known, image: ReviewItem | undefined): ItemKey | undefined {
  const finding = actingFinding(state, image);
  if (image === undefined || finding === undefined) return undefined;
  return image.findings === undefined ? image.key : keyOfFinding(image.key, finding);
}

/** Larger selections are not counted through with every move. */
const mostCounted = 500;

/** The finding that an answer would give to all selected images; undefined in a list of items, or without a selection. */
export function actingOnSelection(
  state: GridState,
  items: { at(index: number): ReviewItem | undefined; byKey(key: ItemKey): ReviewItem | undefined },
): { readonly name: string; readonly inDoubt: number | null } | undefined {
  const { selected, focus } = state;
  const image = items.at(focus.index);
  if (selected.size === 0 || image?.findings === undefined) return undefined;
  const name = actingFinding(state, image);
  if (name === undefined) return undefined;
  if (selected.size > mostCounted || image.hidden) return { name, inDoubt: null };
  let inDoubt = 0;
  for (const key of selected) {
    const chips = items.byKey(key)?.findings;
    if (chips === undefined) return { name, inDoubt: null };
    if (chips.some(({ finding }) => finding === name)) inDoubt++;
  }
  return { name, inDoubt };
}

/** The image behind one that stands for it, or for a finding of it. */
export function isOfImage(key: ItemKey, image: ItemKey | null): boolean {
  return image !== null && imageOfKey(key) === image;
}
