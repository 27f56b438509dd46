/** The filters of the list as chips, each with a way to take it off. */
import { createButton } from '../../controls';
import { element } from '../../dom';
import type { ItemQuery } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import { multiLabelOf, withoutCell, type QueryChange } from '../state/queries';
import type { GridState } from '../state/model';
import type { FilterBarActions } from './filterBar';

interface Chip {
  readonly text: string;
  /** What takes it off. */
  readonly off: QueryChange;
  /** A choice of the bar shows it as well, where there is room for that. */
  readonly isFacet?: true;
}

export function createFilterChips(formatter: Formatter, actions: Pick<FilterBarActions, 'change'>) {
  const { strings } = formatter;
  const root = element('div', { class: 'chips' });
  let shown = '';

  const update = (state: GridState, query: ItemQuery): void => {
    const chips = chipsOf(formatter, state, query);
    const signature = JSON.stringify(chips.map(({ text }) => text));
    if (signature === shown) return;
    shown = signature;
    root.replaceChildren(
      ...chips.map(({ text, off, isFacet }) => {
        const chip = createButton({
          label: `${text} ✕`,
          title: fill(strings.chips.remove, { filter: text }),
          onClick: () => void actions.change(off),
        });
        chip.root.classList.add('chip');
        chip.root.classList.toggle('facet', isFacet === true);
        return chip.root;
      }),
    );
    root.hidden = chips.length === 0;
  };
  return { root, update };
}

function chipsOf(formatter: Formatter, state: GridState, query: ItemQuery): readonly Chip[] {
  const { chips } = formatter.strings;
  const { project } = state;
  const multiLabel = multiLabelOf(state);
  const named = (values: readonly string[]): string =>
    values.map((value) => formatter.value(value === '' ? null : value, multiLabel)).join(', ');
  const { given = [], predicted = [], samples = [], batch, offer } = query;
  const labels: readonly Chip[] =
    project !== null && given.length === 1 && predicted.length === 1
      ? [
          {
            text: fill(chips.cell, { given: named(given), predicted: named(predicted) }),
            off: withoutCell(project),
          },
        ]
      : [
          ...(given.length > 0
            ? [
                {
                  text: fill(chips.given, { values: named(given) }),
                  off: { given: undefined },
                  isFacet: true as const,
                },
              ]
            : []),
          ...(predicted.length > 0
            ? [
                {
                  text: fill(chips.predicted, { values: named(predicted) }),
                  off: { predicted: undefined },
                  isFacet: true as const,
                },
              ]
            : []),
        ];
  return [
    ...labels,
    ...(samples.length > 0
      ? [{ text: formatter.plural(chips.samples, samples.length), off: { samples: undefined } }]
      : []),
    ...(batch === undefined ? [] : [{ text: chips.batch, off: { batch: undefined } }]),
    ...(offer === undefined ? [] : [{ text: chips.offer, off: { offer: undefined } }]),
  ];
}
