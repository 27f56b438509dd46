/** What `overread corrections` does and prints. */
import { formatDifference, formatEstimate } from '../../../charts/figures';
import { counted } from '../../../core/base/counted';
import { correctionReport } from '../../../core/corrections/correctionReport';
import type { CorrectionReport, PartCorrections } from '../../../core/corrections/model';
import { partNames } from '../../../core/corrections/parts';
import type { FigureDifference, PartDifference } from '../../../core/evaluation/runDifference';
import { recordTestLook } from '../../../core/project/testLooks';
import type { CommandContext } from '../../command';
import { table } from '../../describeMetrics';
import type { CorrectionFlags } from '../corrections';
import { trainWork } from './trainWork';

export async function runCorrections(
  context: CommandContext,
  { before, since, split, device }: CorrectionFlags,
  dir: string,
): Promise<undefined> {
  const project = await context.open(dir);
  if (split === 'test') await recordTestLook(project.folder, 'overread corrections', new Date());
  const report = await correctionReport(project, trainWork(context, device, project), {
    part: split,
    env: context.env,
    ...(before === undefined ? {} : { commit: before }),
    ...(since === undefined ? {} : { since }),
  });
  context.out.json(report);
  for (const line of describe(report)) context.out.line(line);
  return undefined;
}

function describe(report: CorrectionReport): string[] {
  const { kind, at } = report.before;
  const since = kind === 'given' ? 'the given labels' : kind === 'commit' ? `commit ${at.slice(0, 12)}` : at;
  return [
    `${counted(report.changed, 'label')} changed since ${since}, ${report.changed_in_training} of them in the training part`,
    '',
    ...table([
      [
        '',
        'images',
        'scored by',
        'figure',
        'trained before',
        'trained now',
        'difference (95 % by patient)',
        '',
      ],
      ...report.parts.flatMap(rowsOf),
    ]),
    '',
    report.answer,
  ];
}

function rowsOf(part: PartCorrections): string[][] {
  const scored: readonly [PartCorrections['counts'], string, PartDifference | null][] = [
    ['by_labels_before', 'labels before', part.by_labels_before],
    ['by_labels_now', 'labels now', part.by_labels_now],
    ['on_sample', 'random sample, labels now', part.on_sample],
  ];
  const figures: readonly [string, (one: PartDifference) => FigureDifference][] = [
    ['AUROC', (one) => one.auroc_macro],
    ['accuracy', (one) => one.accuracy],
    ['log loss', (one) => one.log_loss],
  ];
  return scored.flatMap(([key, by, one]) =>
    one === null
      ? []
      : figures.map(([figure, of]) => [
          partNames[part.part],
          String(one.samples),
          by,
          figure,
          formatEstimate(of(one).before),
          formatEstimate(of(one).after),
          formatDifference(of(one).difference),
          part.counts === key ? 'counts' : '',
        ]),
  );
}
