/** What `overread cohorts` does and prints. */
import { formatEstimate } from '../../../charts/figures';
import { counted } from '../../../core/base/counted';
import { userCacheFolder } from '../../../core/base/userCache';
import { runClusters } from '../../../core/cohorts/clusters';
import { cohortReport } from '../../../core/cohorts/cohortReport';
import type { Cohort, CohortReport, FoundSlice } from '../../../core/cohorts/model';
import { recordTestLook } from '../../../core/project/testLooks';
import { findWholeRun } from '../../../core/runs/wholeRun';
import type { CommandContext } from '../../command';
import { table } from '../../describeMetrics';
import type { CohortFlags } from '../cohorts';

export async function runCohorts(
  context: CommandContext,
  { run: wanted, by, split }: CohortFlags,
  dir: string,
): Promise<undefined> {
  const { out, work, env } = context;
  const project = await context.open(dir);
  const run = await findWholeRun(project.root, wanted, project.dataset, (problem) => out.problem(problem));
  if (split === 'test') await recordTestLook(project.folder, 'overread cohorts', new Date());
  const clusters = await runClusters(project, run, { cacheDir: userCacheFolder(env), env });
  const report = await cohortReport(project, run, {
    ...work,
    part: split,
    clusters,
    ...(by === undefined ? {} : { by }),
  });
  out.json(report);
  for (const line of describe(report)) out.line(line);
  return undefined;
}

function describe(report: CohortReport): string[] {
  const part = report.part === 'train' ? 'training part, out of fold' : `${report.part} part`;
  const share = percent(report.items === 0 ? null : report.errors / report.items);
  return [
    `${counted(report.errors, 'error')} in ${counted(report.items, 'item')} of ${counted(report.patients, 'patient')} (${share}; ${part})`,
    ...report.columns.flatMap(({ column, note, empty, cohorts }) => [
      '',
      [column, note, empty === 0 ? null : `${counted(empty, 'image')} without a value`]
        .filter((text) => text !== null)
        .join(' · '),
      ...table([
        ['', 'images', 'patients', 'errors (95 % by patient)', 'elsewhere', 'lift', 'q', 'AUROC'],
        ...cohorts.map(cells),
      ]),
      ...cohorts.flatMap(({ name, types }) =>
        types
          .filter(({ q }) => q !== null && q < 0.05)
          .map(
            ({ finding, label, predicted, rate, rest, q }) =>
              `  ${name}: ${finding === 'class' ? '' : `${finding} `}${label} → ${predicted} ${percent(rate.value)}, elsewhere ${percent(rest)} (q ${short(q)})`,
          ),
      ),
    ]),
    ...report.left_out.map(({ column, why }) => `${column}: no cohorts, ${why}`),
    '',
    ...describeFound(report.found),
    `A cohort of fewer than ${report.fewest_patients} patients has no figures. q: after Benjamini and Hochberg.`,
  ];
}

function cells(cohort: Cohort): string[] {
  const { name, images, patients, too_small, errors, figures } = cohort;
  if (too_small) return [name, String(images), String(patients), 'too few patients', '', '', '', ''];
  const { rate, rest, lift, q } = errors;
  return [
    name,
    String(images),
    String(patients),
    formatEstimate(rate),
    rest === null ? '–' : rest.toFixed(3),
    lift === null ? '–' : lift.toFixed(2),
    short(q),
    figures ? formatEstimate(figures.auroc_macro) : '–',
  ];
}

function describeFound({ slices, without_features }: CohortReport['found']): string[] {
  const note =
    without_features === null ? [] : [`Images that look alike were not searched: ${without_features}`];
  if (slices.length === 0) return ['No slice errs more than the rest by enough to be told', ...note];
  return [
    'Slices found out of fold, tested on the validation part:',
    ...table([
      ['', 'out of fold', 'lift', 'validation', 'lift', 'q', ''],
      ...slices.map((slice) => [
        slice.name,
        ratio(slice.found),
        slice.found.lift?.toFixed(2) ?? '–',
        ratio(slice.tested),
        slice.tested.lift?.toFixed(2) ?? '–',
        short(slice.q),
        slice.holds === null ? 'too few patients' : slice.holds ? 'holds' : 'not shown',
      ]),
    ]),
    ...note,
  ];
}

function ratio({ errors, items }: FoundSlice['found']): string {
  return `${errors} of ${items}`;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

function short(p: number | null): string {
  return p === null ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3);
}
