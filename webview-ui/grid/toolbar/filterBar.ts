/** What is listed and in which order: queue, split, finding, label, model, sort, SQL expression. */
import { createButton, createDropdown, createTextField, type Choice } from '../../controls';
import { element, setText } from '../../dom';
import type { ItemQuery } from '../../../src/protocol/engineApi';
import { fill, type Formatter } from '../format';
import type { GridState } from '../state/model';
import {
  isFiltered,
  neutralOrder,
  shownQuery,
  splitChoice,
  splitChoices,
  splitsOf,
  withoutFilters,
} from '../state/queries';

export interface FilterBarActions {
  readonly change: (change: { readonly [K in keyof ItemQuery]?: ItemQuery[K] | undefined }) => Promise<void>;
  readonly show: (query: ItemQuery) => void;
  /** The expression is done with: the keys go back to the tiles. */
  readonly leave: () => void;
  readonly state: () => GridState;
}

const any = '';
const several = '…';

export function createFilterBar(formatter: Formatter, actions: FilterBarActions) {
  const { strings } = formatter;
  const valueFilter = (field: 'given' | 'predicted') =>
    createDropdown({
      label: strings[field],
      class: 'class-filter',
      onChange: (value) => {
        if (value !== several) void actions.change({ [field]: value === any ? undefined : [value] });
      },
    });
  const queue = createDropdown({
    label: strings.queue,
    class: 'queue-filter',
    onChange: (value) => void actions.change({ queue: value }),
  });
  const split = createDropdown({
    label: strings.split,
    class: 'split-filter',
    onChange: (value) => {
      const reviewed = actions.state().project?.reviewedSplits ?? [];
      if (value !== 'other') void actions.change({ splits: splitsOf(value, reviewed) });
    },
  });
  const finding = createDropdown({
    label: strings.finding,
    onChange: (value) =>
      void actions.change({
        finding: value === any ? undefined : value,
        given: undefined,
        predicted: undefined,
      }),
  });
  const given = valueFilter('given');
  const predicted = valueFilter('predicted');
  const sort = createDropdown({
    label: strings.sort,
    onChange: (value) => {
      const order = actions.state().project?.sortInfos.find(({ id }) => id === value);
      void actions.change({ sort: value, descending: order?.descending ?? false });
    },
  });
  const direction = createButton({
    label: '↓',
    title: strings.descending,
    onClick: () => void actions.change({ descending: !actions.state().query.descending }),
  });
  direction.root.classList.add('direction');
  const where = createTextField({
    label: strings.where,
    class: 'where',
    placeholder: strings.wherePlaceholder,
    onCommit: (value, byEnter) => {
      const text = value.trim();
      const state = actions.state();
      // Enter is told twice, by the key and as the end of a change.
      const isFaulty = state.filterFault !== null && !state.querying;
      const isNew = text !== (state.query.where ?? '') || isFaulty;
      const applied = isNew ? actions.change({ where: text === '' ? undefined : text }) : Promise.resolve();
      // Where it failed there is something to mend.
      if (byEnter)
        void applied.then(() => {
          if (actions.state().filterFault === null) actions.leave();
        });
    },
  });
  where.input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') where.value = actions.state().query.where ?? '';
  });
  const clear = createButton({
    label: strings.clear,
    title: strings.clearFilters,
    onClick: () => {
      const { query, project } = actions.state();
      actions.show(withoutFilters(query, project?.reviewedSplits ?? []));
    },
  });
  const fault = element('div', { class: 'filter-fault', attributes: { id: 'filter-fault', role: 'alert' } });
  const root = element(
    'div',
    { class: 'filters', attributes: { role: 'search', 'aria-label': strings.filters } },
    queue.root,
    split.root,
    finding.root,
    given.root,
    predicted.root,
    element('div', { class: 'field-group' }, sort.root, direction.root),
    where.root,
    clear.root,
    fault,
  );

  const partNames = (splits: ItemQuery['splits']): string =>
    splits.map((split) => strings.splits[split]).join(', ');

  const update = (state: GridState): void => {
    const { project } = state;
    if (project === null) return;
    const query = shownQuery(state);
    const multiLabel = project.task === 'multi-label';
    const { blind } = project;
    // A queue is a hint: so is how many are in it.
    queue.set(
      project.queueInfos
        .filter(({ isAll }) => isAll || !blind)
        .map(({ id, title }) => {
          const count = project.queues[id] ?? null;
          return { value: id, label: count === null ? title : `${title} (${formatter.count(count)})` };
        }),
      query.queue,
    );
    queue.setEnabled(!blind);
    const { reviewedSplits } = project;
    const parts = splitChoice(query.splits, reviewedSplits);
    split.set(
      [
        ...splitChoices(reviewedSplits).map(([value, splits]) => ({
          value,
          label: value === 'all' ? strings.splitsAll : partNames(splits),
        })),
        ...(parts === 'other' ? [{ value: 'other', label: partNames(query.splits) }] : []),
      ],
      parts,
    );
    finding.root.hidden = !multiLabel;
    if (multiLabel) {
      finding.set(
        [
          { value: any, label: strings.findingsAll },
          ...project.findings.map(({ name }) => ({ value: name, label: name })),
        ],
        query.finding ?? any,
      );
    }
    const chosen = project.findings.find(({ name }) => name === query.finding) ?? project.findings[0];
    const values = blind ? [] : (chosen?.values ?? []);
    const labels = blind ? [] : [...new Set([...values, 'uncertain'])];
    given.set(valueChoices(formatter, labels, multiLabel, query.given), chosenValue(query.given));
    predicted.set(valueChoices(formatter, values, multiLabel, query.predicted), chosenValue(query.predicted));
    given.setEnabled(!blind);
    predicted.setEnabled(!blind);
    sort.set(
      blind
        ? [{ value: neutralOrder(project).sort, label: strings.sortBlind }]
        : project.sortInfos.map(({ id, title }) => ({ value: id, label: title })),
      query.sort,
    );
    sort.setEnabled(!blind);
    direction.setEnabled(!blind);
    where.setEnabled(!blind);
    direction.setLabel(query.descending ? '↓' : '↑');
    const order = query.descending ? strings.descending : strings.ascending;
    direction.root.title = order;
    direction.root.setAttribute('aria-label', order);
    if (!where.root.contains(document.activeElement) || state.filterFault === null)
      where.value = query.where ?? '';
    where.input.title = blind
      ? strings.blindHelp
      : fill(strings.whereHelp, {
          columns: 'sample, path, split, "group", finding, given, value, predicted, confidence, p, loss',
          metadata: project.metadataColumns.join(', '),
        });
    where.setInvalid(state.filterFault === null ? null : 'filter-fault');
    fault.hidden = state.filterFault === null;
    setText(
      fault,
      state.filterFault === null ? '' : fill(strings.whereFailed, { message: state.filterFault.message }),
    );
    clear.root.hidden = !isFiltered(query, reviewedSplits) && state.filterFault === null;
  };
  return { root, update, focus: () => where.input.focus() };
}

function valueChoices(
  formatter: Formatter,
  values: readonly string[],
  multiLabel: boolean,
  wanted: readonly string[] | undefined,
): readonly Choice[] {
  const { strings } = formatter;
  return [
    { value: any, label: strings.anyValue },
    ...values.map((value) => ({ value, label: formatter.value(value, multiLabel) })),
    ...((wanted?.length ?? 0) > 1
      ? [{ value: several, label: formatter.plural(strings.someValues, wanted?.length ?? 0) }]
      : []),
  ];
}

function chosenValue(wanted: readonly string[] | undefined): string {
  if (wanted === undefined || wanted.length === 0) return any;
  return wanted.length > 1 ? several : (wanted[0] ?? any);
}
