/** The cohorts of each column, and the slices that were found. */
import { formatEstimate } from '../../src/charts/figures';
import type { Cohort, CohortColumn, CohortReport, FoundSlice } from '../../src/protocol/cohortsApi';
import { element } from '../dom';
import { fill } from '../texts';
import type { SliceActions } from './actions';
import { inNumber, percent, shortP, times } from './figures';
import type { CohortsTexts } from './strings';
import { createTable } from './table';

export function cohortSections(
  report: CohortReport,
  actions: SliceActions,
  texts: CohortsTexts,
): HTMLElement[] {
  const { columns, left_out } = report;
  return [
    ...(columns.length === 0 ? [element('p', { text: texts.none })] : []),
    ...columns.map((column) => columnSection(column, report.fewest_patients, actions, texts)),
    ...left_out.map(({ column, why }) =>
      element('p', { class: 'muted', text: fill(texts.leftOut, { column, why }) }),
    ),
  ];
}

function columnSection(
  { column, note, empty, cohorts }: CohortColumn,
  fewest: number,
  actions: SliceActions,
  texts: CohortsTexts,
): HTMLElement {
  const about = [note, empty === 0 ? null : inNumber(texts.empty, empty)].filter((text) => text !== null);
  const { columns } = texts;
  return element(
    'section',
    {},
    element('h2', { text: column }),
    ...(about.length === 0 ? [] : [element('p', { class: 'muted', text: about.join(' · ') })]),
    createTable({
      caption: fill(texts.cohorts, { column }),
      columns: [
        columns.cohort,
        columns.images,
        columns.patients,
        columns.errors,
        columns.rest,
        columns.lift,
        columns.q,
        columns.auroc,
        columns.kinds,
        columns.actions,
      ],
      rows: cohorts.map((cohort) => ({
        cells: cohortCells(`${column} ${cohort.name}`, cohort, fewest, actions, texts),
        ...((cohort.errors.q ?? 1) < 0.05 ? { class: 'telling' } : {}),
      })),
    }),
  );
}

function cohortCells(
  name: string,
  cohort: Cohort,
  fewest: number,
  actions: SliceActions,
  texts: CohortsTexts,
): (string | HTMLElement)[] {
  const { images, patients, errors, figures, too_small, types, where } = cohort;
  const shared = [cohort.name, String(images), String(patients)];
  const buttons = images === 0 ? '' : actions.buttons(name, where);
  if (too_small) {
    const why = element('span', { class: 'muted', text: fill(texts.tooSmall, { n: fewest }) });
    return [...shared, why, '', '', '', '', '', buttons];
  }
  const kinds = types
    .filter(({ q }) => (q ?? 1) < 0.05)
    .map(({ label, predicted, rate, rest, q }) =>
      element('div', {
        text: fill(texts.kind, {
          ...{ label, predicted },
          share: percent(rate.value),
          rest: percent(rest),
          q: shortP(q),
        }),
      }),
    );
  return [
    ...shared,
    formatEstimate(errors.rate),
    errors.rest?.toFixed(3) ?? '–',
    times(errors.lift),
    shortP(errors.q),
    figures ? formatEstimate(figures.auroc_macro) : '–',
    kinds.length === 0 ? '–' : element('div', { class: 'kinds' }, ...kinds),
    buttons,
  ];
}

export function sliceSection(
  { slices, without_features }: CohortReport['found'],
  actions: SliceActions,
  texts: CohortsTexts,
): HTMLElement {
  const { slice } = texts;
  const note =
    without_features === null
      ? []
      : [element('p', { class: 'muted', text: fill(texts.noFeatures, { why: without_features }) })];
  const content =
    slices.length === 0
      ? element('p', { text: texts.noSlices })
      : createTable({
          caption: texts.slices,
          columns: [
            slice.slice,
            slice.found,
            slice.lift,
            slice.tested,
            slice.testedLift,
            slice.q,
            slice.verdict,
            slice.actions,
          ],
          rows: slices.map((one) => ({
            cells: [
              one.name,
              ratio(one.found, texts),
              times(one.found.lift),
              ratio(one.tested, texts),
              times(one.tested.lift),
              shortP(one.q),
              one.holds === null ? texts.tooFew : one.holds ? texts.holds : texts.notShown,
              one.where === '' ? '' : actions.buttons(one.name, one.where),
            ],
            ...(one.holds === true ? { class: 'telling' } : {}),
          })),
        });
  return element(
    'section',
    {},
    element('h2', { text: texts.slices }),
    element('p', { class: 'muted', text: texts.slicesHelp }),
    content,
    ...note,
  );
}

function ratio({ errors, items }: FoundSlice['found'], texts: CohortsTexts): string {
  return fill(texts.ofItems, { errors, items });
}
