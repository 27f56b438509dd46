/** The parts of the details that are text: probabilities, history, facts about the image. */
import { element } from '../../dom';
import type { ItemDetail, LabelEvent, Reading, ReviewItem } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import { figuresOf, figuresTitle } from '../findings/words';
import type { Formatter } from '../format';
import { findingsOn } from '../tiles/tileFound';

/** Bars of the calibrated probabilities, the model's answer marked in words and weight. */
export function probabilityBars(detail: ItemDetail, formatter: Formatter): readonly HTMLElement[] {
  const { strings } = formatter;
  if (detail.probabilities.length === 0) {
    return [element('p', { class: 'muted', text: strings.detail.noProbabilities })];
  }
  const { item } = detail;
  const findings = new Map(detail.findings?.map((finding) => [finding.finding, finding]));
  return detail.probabilities.map(({ name, p }) => {
    const finding = findings.get(name);
    const isChosen = name === item.predicted || name === item.finding;
    const bar = element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' } });
    const track = element('span', { class: 'track', attributes: { 'aria-hidden': 'true' } }, bar);
    bar.style.width = `${(100 * p).toFixed(1)}%`;
    const threshold = finding?.tooRare === true ? null : (finding?.threshold ?? null);
    if (threshold !== null) {
      const mark = element('span', { class: 'threshold', title: strings.detail.fields.threshold });
      mark.style.left = `${(100 * threshold).toFixed(1)}%`;
      track.append(mark);
    }
    return element(
      'div',
      { class: isChosen ? 'probability chosen' : 'probability' },
      element('span', { class: 'name', text: name, title: name }),
      track,
      element('span', {
        class: 'percent',
        text: finding ? figuresOf(finding, formatter) : formatter.percent(p),
        title: finding ? figuresTitle(finding, formatter) : '',
      }),
    );
  });
}

/** What each reader says of the item; nothing where only one does. */
export function readingList(
  readings: readonly Reading[],
  formatter: Formatter,
  multiLabel: boolean,
): readonly HTMLElement[] {
  if (readings.length < 2) return [];
  const { adjudicator } = formatter.strings.detail;
  return readings.map(({ annotator, role, value }) => {
    const name = role === 'adjudicator' ? `${annotator} (${adjudicator})` : annotator;
    return element(
      'div',
      { class: 'fact' },
      element('dt', { text: name, title: name }),
      element('dd', { text: formatter.value(value, multiLabel) }),
    );
  });
}

/** Everyone's events on the sample, newest first. */
export function historyList(
  history: readonly LabelEvent[],
  formatter: Formatter,
  multiLabel: boolean,
): readonly HTMLElement[] {
  const { strings } = formatter;
  if (history.length === 0) return [element('p', { class: 'muted', text: strings.detail.noHistory })];
  return [...history].reverse().map((event) => {
    const adjudication = event.role === 'adjudicator' ? ` (${strings.detail.adjudicator})` : '';
    return element(
      'div',
      { class: 'event' },
      element(
        'div',
        { class: 'who' },
        element('strong', { text: event.annotator + adjudication, title: event.annotator }),
        element('time', { text: formatter.time(event.time), attributes: { datetime: event.time } }),
      ),
      element('div', { text: describe(event, formatter, multiLabel) }),
      ...(event.reason === undefined ? [] : [element('blockquote', { text: event.reason })]),
    );
  });
}

function describe(event: LabelEvent, formatter: Formatter, multiLabel: boolean): string {
  const { ops, wholeSample, theLabel } = formatter.strings.detail;
  const finding = event.finding === undefined ? wholeSample : multiLabel ? event.finding : theLabel;
  const value = formatter.value(event.value ?? null, multiLabel);
  const { previous } = event;
  if (event.op === 'set' && previous !== undefined) {
    return fill(ops.setFrom, { finding, value, previous: formatter.value(previous, multiLabel) });
  }
  const known = Object.hasOwn(ops, event.op) ? ops[event.op] : ops.other;
  return fill(known, { finding, value, op: event.op });
}

/** Names and values about the image: what the table says, and the model's figures; of a hidden one what may be known. */
export function factRows(
  item: ReviewItem,
  detail: ItemDetail | undefined,
  formatter: Formatter,
  { multiLabel, blind }: { readonly multiLabel: boolean; readonly blind: boolean },
): readonly HTMLElement[] {
  const { fields, outOfFold, seen, tooRare } = formatter.strings.detail;
  const notes = [item.seen ? seen : item.outOfFold ? outOfFold : '', item.tooRare ? tooRare : ''];
  const origin = notes.flatMap((note) => (note === '' ? [] : [` (${note})`])).join('');
  const value = (text: string | null): string => formatter.value(text, multiLabel);
  const known: readonly (readonly [string, string])[] = item.hidden
    ? []
    : [
        [fields.label, formatter.label(item.value, item.previous, multiLabel)],
        ...(item.given === item.value ? [] : [[fields.given, value(item.given)] as const]),
        ...(item.predicted === null ? [] : [[fields.predicted, value(item.predicted) + origin] as const]),
        ...(detail?.item.key === item.key ? detail.scores : []).map(
          ({ title, format, value: score }) => [title, formatter.score(score, format)] as const,
        ),
        ...(item.threshold === null || item.p === null
          ? []
          : [[fields.probability, figuresOf(item, formatter)] as const]),
      ];
  const checks = findingsOn(item).map(({ message }) => [fields.check, message] as const);
  const rows: readonly (readonly [string, string])[] = [
    ...checks,
    ...(multiLabel ? [[fields.finding, item.finding] as const] : []),
    ...known,
    ...(item.path === '' ? [] : [[fields.path, item.path] as const]),
    // What a blind reading calls the sample says nothing.
    ...(item.sample === item.path || blind ? [] : [[fields.sample, item.sample] as const]),
    ...(item.group === item.sample || item.group === '' ? [] : [[fields.group, item.group] as const]),
    ...(item.split === null ? [] : [[fields.split, formatter.strings.splits[item.split]] as const]),
    ...Object.entries(detail?.metadata ?? {}),
  ];
  return rows.map(([name, text]) =>
    element('div', { class: 'fact' }, element('dt', { text: name, title: name }), element('dd', { text })),
  );
}
