/** Shortcuts and corrections as tables. */
import { formatDifference, formatEstimate } from '../../src/charts/figures';
import type {
  CorrectionReport,
  FigureDifference,
  PartCorrections,
  PartDifference,
  ShortcutReport,
} from '../../src/protocol/cohortsApi';
import { element } from '../dom';
import type { CohortsTexts } from './strings';
import { createTable, type TableInit } from './table';

export function shortcutTable({ shortcuts, left_out }: ShortcutReport, texts: CohortsTexts): HTMLElement[] {
  const { shortcut } = texts;
  const rows = shortcuts.flatMap(({ attribute, auroc, outputs }) =>
    outputs
      .filter(({ association }) => association.value !== null)
      .map((output): TableInit['rows'][number] => ({
        cells: [
          attribute,
          formatEstimate(auroc),
          output.name,
          formatEstimate(output.association),
          output.auroc?.toFixed(3) ?? '–',
          output.within?.toFixed(3) ?? '–',
          formatDifference(output.difference),
          output.flagged ? texts.flagged : '',
        ],
        ...(output.flagged ? { class: 'telling' } : {}),
      })),
  );
  return [
    createTable({
      caption: texts.shortcuts,
      columns: [
        shortcut.attribute,
        shortcut.auroc,
        shortcut.output,
        shortcut.association,
        shortcut.whole,
        shortcut.within,
        shortcut.difference,
        shortcut.flagged,
      ],
      rows,
    }),
    ...left_out.map(({ attribute, why }) => element('p', { class: 'muted', text: `${attribute}: ${why}` })),
  ];
}

export function correctionTable({ parts, answer }: CorrectionReport, texts: CohortsTexts): HTMLElement[] {
  const { correction } = texts;
  return [
    element('p', { class: 'answer', text: answer }),
    createTable({
      caption: texts.corrections,
      columns: [
        correction.part,
        correction.by,
        correction.figure,
        correction.before,
        correction.after,
        correction.difference,
        correction.counts,
      ],
      rows: parts.flatMap((part) => partRows(part, texts)),
    }),
  ];
}

function partRows(part: PartCorrections, texts: CohortsTexts): TableInit['rows'] {
  const name = { out_of_fold: texts.outOfFold, validation: texts.validation, test: texts.test }[part.part];
  const scored: readonly [PartCorrections['counts'], string, PartDifference | null][] = [
    ['by_labels_before', texts.byBefore, part.by_labels_before],
    ['by_labels_now', texts.byNow, part.by_labels_now],
    ['on_sample', texts.onSample, part.on_sample],
  ];
  const figures: readonly [string, (one: PartDifference) => FigureDifference][] = [
    [texts.columns.auroc, (one) => one.auroc_macro],
    [texts.accuracy, (one) => one.accuracy],
    [texts.logLoss, (one) => one.log_loss],
  ];
  return scored.flatMap(([key, by, one]) => {
    if (one === null) return [];
    return figures.map(([figure, of]) => {
      const { before, after, difference } = of(one);
      const counts = part.counts === key;
      return {
        cells: [
          ...[name, by, figure, formatEstimate(before), formatEstimate(after), formatDifference(difference)],
          counts ? texts.counts : '',
        ],
        ...(counts ? { class: 'telling' } : {}),
      };
    });
  });
}
