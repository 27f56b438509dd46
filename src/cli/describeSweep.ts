/** A sweep as lines for a terminal: the table, what was selected from how many, and whether it is better. */
import { formatDifference, formatEstimate } from '../charts/figures';
import { counted } from '../core/base/counted';
import type { SweepResult } from '../core/sweeps/model';
import { table } from './describeMetrics';
import { fitFirstColumn } from './wrappedTable';

/** Rows that are printed; --json has all. */
const mostRows = 30;

/** @param width of the terminal; undefined: labels stay whole, as scripts want them */
export function describeSweep(result: SweepResult, width: number | undefined): string[] {
  const { trials } = result;
  const shown = trials.filter((trial, i) => i < mostRows || trial.is_default);
  const rows = shown.map(
    ({ label, is_default, log_loss, auroc_macro, log_loss_difference, seconds, epochs }) => [
      `${label}${is_default ? ' (default)' : ''}`,
      formatEstimate(log_loss),
      log_loss_difference === null ? '–' : formatDifference(log_loss_difference),
      formatEstimate(auroc_macro),
      `${seconds.toFixed(1)}${epochs === undefined ? '' : `, ${counted(epochs, 'epoch')}`}`,
    ],
  );
  const cells = [['out of fold', 'log loss', 'less the default’s', 'AUROC', 'seconds'], ...rows];
  const more = trials.length - shown.length;
  return [
    ...table(width === undefined ? cells : fitFirstColumn(cells, width)),
    ...(more > 0 ? [`  and ${more} more (--json)`] : []),
    '',
    selection(result),
    ...verdict(result),
  ];
}

function selection(result: SweepResult): string {
  const { tried, known, tried_elsewhere, left, failed, samples, patients, folds } = result;
  const parts = [
    `${counted(tried, 'setting')} tried${known > 0 ? ` (${known} of them before)` : ''}`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(left > 0 ? [`${left} left: the same command goes on`] : []),
    ...(tried_elsewhere > 0 ? [`${tried_elsewhere} others were tried on these labels before`] : []),
  ];
  return (
    `${parts.join(', ')}. Selected by log loss out of fold, ${folds} folds, ${counted(samples, 'image')} of ` +
    `${counted(patients, 'patient')}; the best of several looks better there than it is.`
  );
}

function verdict(result: SweepResult): string[] {
  const { verdict: said, validation, trials, best, runs } = result;
  const label = trials[best]?.label ?? '';
  if (runs === null) {
    return [
      `Best until now: ${label}. Other workers are at ${counted(result.under_way, 'training')}: the last compares.`,
    ];
  }
  if (validation === null) {
    return said === 'default-is-best'
      ? [`The default is the best of them: run ${runs.default}.`]
      : [`Best: ${label}, run ${runs.best}; there are no validation images to compare it on.`];
  }
  const { samples, patients, log_loss, auroc_macro } = validation;
  const rows = [
    ['validation', 'default', 'best', 'difference'],
    [
      'log loss',
      formatEstimate(log_loss.before),
      formatEstimate(log_loss.after),
      formatDifference(log_loss.difference),
    ],
    [
      'AUROC',
      formatEstimate(auroc_macro.before),
      formatEstimate(auroc_macro.after),
      formatDifference(auroc_macro.difference),
    ],
  ];
  const on = `On ${counted(samples, 'validation image')} of ${counted(patients, 'patient')}, which chose nothing,`;
  const sentences = {
    better: `${on} the best is better than the default.`,
    worse: `${on} the best is worse than the default: stay with the default.`,
    'not-distinguishable': `${on} the best is not distinguishable from the default: the interval of their difference holds 0.`,
    'too-few-patients': `${on} there are too few patients to tell the best from the default.`,
    'default-is-best': '',
    'others-under-way': '',
  };
  return [`Best: ${label}, run ${runs.best}; default: run ${runs.default}.`, ...table(rows), sentences[said]];
}
