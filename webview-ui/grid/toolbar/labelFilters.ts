/** The finding, the label and the predicted value that are listed. */
import { createDropdown, type Choice } from '../../controls';
import type { ItemQuery, ProjectSummary } from '../../../src/protocol/engineApi';
import type { Formatter } from '../format';
import type { FilterBarActions } from './filterBar';

const any = '';
const several = '…';

export function createLabelFilters(formatter: Formatter, actions: FilterBarActions) {
  const { strings } = formatter;
  const finding = createDropdown({
    label: strings.finding,
    onChange: (value) =>
      void actions.change({
        finding: value === any ? undefined : value,
        given: undefined,
        predicted: undefined,
      }),
  });
  const valueFilter = (field: 'given' | 'predicted') =>
    createDropdown({
      label: strings[field],
      class: 'class-filter',
      onChange: (value) => {
        if (value !== several) void actions.change({ [field]: value === any ? undefined : [value] });
      },
    });
  const given = valueFilter('given');
  const predicted = valueFilter('predicted');

  const update = ({ task, blind, findings }: ProjectSummary, query: ItemQuery): void => {
    const multiLabel = task === 'multi-label';
    finding.root.hidden = !multiLabel;
    if (multiLabel) {
      finding.set(
        [
          { value: any, label: strings.findingsAll },
          ...findings.map(({ name }) => ({ value: name, label: name })),
        ],
        query.finding ?? any,
      );
    }
    const chosen = findings.find(({ name }) => name === query.finding) ?? findings[0];
    const values = blind ? [] : (chosen?.values ?? []);
    const labels = blind ? [] : [...new Set([...values, 'uncertain'])];
    const choices = (field: 'given' | 'predicted', of: readonly string[]): readonly Choice[] =>
      valueChoices(formatter, strings.any[field], of, multiLabel, query[field]);
    given.set(choices('given', labels), chosenValue(query.given));
    predicted.set(choices('predicted', values), chosenValue(query.predicted));
    given.root.classList.toggle('set', chosenValue(query.given) !== any);
    predicted.root.classList.toggle('set', chosenValue(query.predicted) !== any);
    given.setEnabled(!blind);
    predicted.setEnabled(!blind);
  };
  return { roots: [finding.root, given.root, predicted.root], update };
}

function valueChoices(
  formatter: Formatter,
  anyText: string,
  values: readonly string[],
  multiLabel: boolean,
  wanted: readonly string[] | undefined,
): readonly Choice[] {
  const { strings } = formatter;
  return [
    { value: any, label: anyText },
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
