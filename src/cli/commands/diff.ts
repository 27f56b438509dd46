/** `overread diff DIR BEFORE [AFTER]`: what became of a project's images from one run to another. */
import type { Command } from 'commander';
import { formatDifference, formatEstimate } from '../../charts/figures';
import { OverreadError } from '../../core/base/errors';
import { counted } from '../../core/base/counted';
import type { FigureDifference, PartDifference, RunDifference } from '../../core/evaluation/runDifference';
import { recordTestLook } from '../../core/project/testLooks';
import { diffRuns, differingItems, refuseIncomparable } from '../../core/review/diffRuns';
import { openReview } from '../../core/review/openReview';
import { findWholeRun } from '../../core/runs/wholeRun';
import { action, withOutputOptions, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import { markRandom } from '../../core/review/describeRanked';

export function addDiff(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('diff'))
    .description('compare two runs by the labels as they are now: what was fixed, what broke, by how much')
    .argument('<dir>', 'the project')
    .argument('<before>', 'a run by its name or a part of it')
    .argument('[after]', 'another one (default: the one that is shown)')
    .action(
      action(surroundings, async (context, _flags: object, dir: string, first: string, second?: string) => {
        const { out } = context;
        const project = await context.open(dir);
        const find = (wanted: string | undefined) =>
          findWholeRun(project.root, wanted, project.dataset, (problem) => out.problem(problem));
        const before = await find(first);
        const after = await find(second);
        if (before.record.run === after.record.run) throw sameRun(before.record.run);
        refuseIncomparable(project, [before, after]);
        if (project.config.review.splits.includes('test')) {
          await recordTestLook(project.folder, 'overread diff', new Date());
        }
        const catalog = await openReview(project, after, {}, before);
        try {
          const difference = await diffRuns(project, catalog, [before, after], {
            ...context.work,
            intervals: true,
          });
          for (const line of describe(difference)) out.line(line);
          out.json({ ...difference, items: differingItems(project, catalog) });
        } finally {
          catalog.close();
        }
        return undefined;
      }),
    );
}

function describe(difference: RunDifference): string[] {
  const { before, after, counts, classes, splits, mcnemar_p } = difference;
  const parts: readonly [string, PartDifference][] = [
    ['out of fold', difference.out_of_fold],
    ['validation', difference.validation],
  ];
  const figures: readonly [string, (part: PartDifference) => FigureDifference][] = [
    ['AUROC', (part) => part.auroc_macro],
    ['accuracy', (part) => part.accuracy],
    ['log loss', (part) => part.log_loss],
  ];
  const edited = `${counted(before.edited_since, 'label')} changed after the first run, ${after.edited_since} after the second`;
  return [
    `${markRandom(before.run, before.random_weights)} → ${markRandom(after.run, after.random_weights)}`,
    before.edited_since === 0
      ? 'Both are measured by the same labels'
      : `Both are measured by the labels as they are now: ${edited}`,
    '',
    ...table([
      ['', 'images', 'figure', 'before', 'after', 'difference (95 % by patient)'],
      ...parts.flatMap(([name, part]) =>
        figures.map(([figure, of]) => [name, String(part.samples), figure, ...cells(of(part))]),
      ),
    ]),
    '',
    `${counts.fixed} fixed · ${counts.newly_wrong} newly wrong · ${counts.still_wrong} still wrong (${splits.join(', ')})`,
    `Fixed against newly wrong: p ${mcnemar_p.toPrecision(2)} by McNemar's exact test, which takes images for independent`,
    ...table([
      ['', 'fixed', 'newly wrong', 'still wrong', 'AUROC before', 'after', 'difference'],
      ...classes.map(({ name, fixed, newly_wrong, still_wrong }) => {
        const auroc = difference.out_of_fold.outputs.find((output) => output.name === name)?.auroc;
        return [
          name,
          String(fixed),
          String(newly_wrong),
          String(still_wrong),
          ...(auroc ? cells(auroc) : ['–', '–', '–']),
        ];
      }),
    ]),
  ];
}

function cells({ before, after, difference }: FigureDifference): string[] {
  return [formatEstimate(before), formatEstimate(after), formatDifference(difference)];
}

function sameRun(run: string): OverreadError {
  return new OverreadError({
    code: 'OVR001',
    message: `Both names mean the run ${run}`,
    expected: 'two different runs',
    fix: 'List them with "overread runs"',
  });
}
