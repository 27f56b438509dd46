/** Limits of the list that no choice of the bar shows: a set of images, the items of a change, several labels. Each can be taken off. */
import { createButton } from '../../controls';
import { element } from '../../dom';
import type { ItemQuery } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import { multiLabelOf } from '../state/queries';
import type { GridState } from '../state/model';
import type { FilterBarActions } from './filterBar';

type Field = 'samples' | 'batch' | 'given' | 'predicted';

export function createFilterChips(formatter: Formatter, actions: Pick<FilterBarActions, 'change'>) {
  const { strings } = formatter;
  const root = element('div', { class: 'chips' });
  let shown = '';

  const textOf = (field: Field, query: ItemQuery, multiLabel: boolean): string | undefined => {
    const named = (values: readonly string[], form: string): string =>
      fill(form, {
        values: values.map((value) => formatter.value(value === '' ? null : value, multiLabel)).join(', '),
      });
    switch (field) {
      case 'samples':
        return query.samples === undefined || query.samples.length === 0
          ? undefined
          : formatter.plural(strings.chips.samples, query.samples.length);
      case 'batch':
        return query.batch === undefined ? undefined : strings.chips.batch;
      case 'given':
        return query.given && query.given.length > 0 ? named(query.given, strings.chips.given) : undefined;
      case 'predicted':
        return query.predicted && query.predicted.length > 0
          ? named(query.predicted, strings.chips.predicted)
          : undefined;
    }
  };

  const update = (state: GridState, query: ItemQuery): void => {
    const multiLabel = multiLabelOf(state);
    const found = (['given', 'predicted', 'samples', 'batch'] as const).flatMap((field) => {
      const text = textOf(field, query, multiLabel);
      return text === undefined ? [] : [{ field, text }];
    });
    const signature = JSON.stringify(found);
    if (signature === shown) return;
    shown = signature;
    root.replaceChildren(
      ...found.map(({ field, text }) => {
        const chip = createButton({
          label: `${text} ✕`,
          title: fill(strings.chips.remove, { filter: text }),
          onClick: () => void actions.change({ [field]: undefined }),
        });
        chip.root.classList.add('chip');
        return chip.root;
      }),
    );
    root.hidden = found.length === 0;
  };
  return { root, update };
}
