/** What `overread shortcuts` does and prints. */
import { formatDifference, formatEstimate } from '../../../charts/figures';
import { exitCodes } from '../../../core/base/errors';
import { shortcutReport } from '../../../core/cohorts/shortcuts/shortcutReport';
import type { Shortcut, ShortcutReport } from '../../../core/cohorts/shortcuts/model';
import type { CommandContext } from '../../command';
import { table } from '../../describeMetrics';
import type { ShortcutFlags } from '../shortcuts';
import { trainWork } from './trainWork';

export async function runShortcuts(
  context: CommandContext,
  { by, device }: ShortcutFlags,
  dir: string,
): Promise<number> {
  const project = await context.open(dir);
  const work = trainWork(context, device, project);
  const report = await shortcutReport(project, work, by === undefined ? {} : { by });
  context.out.json(report);
  for (const line of describe(report)) context.out.line(line);
  return report.shortcuts.some(({ flagged }) => flagged) ? exitCodes.findings : exitCodes.done;
}

function describe({
  weights,
  shortcuts,
  left_out,
  readable_from,
  associated_from,
}: ShortcutReport): string[] {
  return [
    `What the features of ${weights} tell beside the label, out of fold in the training part:`,
    ...shortcuts.flatMap(describeOne),
    ...left_out.map(({ attribute, why }) => `${attribute}: ${why}`),
    `Flagged where the AUROC of the attribute lies above ${readable_from} and its association with a label is at least ${associated_from}, both by their intervals.`,
  ];
}

function describeOne({ attribute, note, groups, auroc, flagged, outputs }: Shortcut): string[] {
  const head = `${attribute}${flagged ? ' (possible shortcut)' : ''}: AUROC ${formatEstimate(auroc)} for ${groups.join(', ')}`;
  return [
    '',
    note === null ? head : `${head} · ${note}`,
    ...table([
      ['', 'association (V)', 'AUROC', 'inside the groups', 'difference', 'by group', ''],
      ...outputs
        .filter(({ association }) => association.value !== null)
        .map((output) => [
          output.name,
          formatEstimate(output.association),
          output.auroc?.toFixed(3) ?? '–',
          output.within?.toFixed(3) ?? '–',
          formatDifference(output.difference),
          output.strata.map(({ name, auroc: own }) => `${name} ${own?.toFixed(3) ?? '–'}`).join(', '),
          output.flagged ? 'possible shortcut' : '',
        ]),
    ]),
  ];
}
