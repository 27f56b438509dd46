/** Where the model errs more than elsewhere, by the columns of the table that make groups. */
import { formatEstimate } from '../../charts/figures';
import { cohortReport } from '../cohorts/cohortReport';
import type { Cohort } from '../cohorts/model';
import { paragraph, tableOf, type HtmlNode } from './html';
import { percent } from './numbers';
import type { ReportContext } from './sections';

/** Resamplings behind each interval of a cohort: a report has many cohorts. */
const replicates = 200;

export async function cohortsSection({
  project,
  run,
  signal,
  onProgress,
}: ReportContext): Promise<readonly HtmlNode[] | null> {
  const report = await cohortReport(project, run, {
    replicates,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  if (report.columns.length === 0) return null;
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  const cells = ({ name, images, patients, errors, figures }: Cohort): string[] => [
    name,
    String(images),
    String(patients),
    formatEstimate(errors.rate),
    share(errors.rest),
    errors.q === null ? '–' : errors.q.toFixed(3),
    figures === null ? '–' : formatEstimate(figures.auroc_macro),
  ];
  return [
    paragraph(
      `Errors out of fold by the labels as they are now; ${String(report.errors)} in ${String(report.items)} items. q: score test by patient after Benjamini and Hochberg. Fewer than ${String(report.fewest_patients)} patients have no figures.`,
    ),
    ...report.columns.map(({ column, cohorts }) =>
      tableOf(
        column,
        ['', 'images', 'patients', 'share of errors', 'elsewhere', 'q', 'AUROC (macro)'],
        cohorts.map(cells),
      ),
    ),
  ];
}
