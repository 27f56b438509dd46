/** What the run is about: images, patients, labels, and how they were parted. */
import { computePrevalence } from '../dataset/prevalence';
import { splits, type Split } from '../dataset/model';
import { factsOf, paragraph, tableOf, type HtmlNode } from './html';
import { percent } from './numbers';
import type { ReportContext } from './sections';

export function dataSection({ project, run }: ReportContext): readonly HtmlNode[] {
  const { config, dataset, labels } = project;
  const { counts } = run.record;
  const facts: [string, string][] = [
    ['Task', dataset.task === 'multi-class' ? 'one class for each image' : 'several findings for each image'],
    ['Images', String(counts.samples)],
    ['Patients', String(counts.patients)],
    ...optional('Modality', config.dataset.modality),
    ...optional('Anatomy', config.dataset.anatomy),
    ['Images that could not be read', String(counts.skipped)],
    [
      'Items left out',
      `${String(counts.masked)} (excluded ${String(counts.excluded)}, disputed ${String(counts.disputed)})`,
    ],
    ['Labels changed by review', String(counts.edited)],
    ['Columns of the table beside the labels', dataset.metadataColumns.join(', ') || 'none'],
  ];
  const rows = computePrevalence(dataset, (sample, finding) => labels.at(sample, finding).value).map(
    ({ name, positive, negative, masked, prevalence }) => [
      name,
      String(positive),
      String(negative),
      String(masked),
      prevalence === null ? '–' : percent(prevalence),
    ],
  );
  return [
    factsOf(facts),
    tableOf(
      'Labels as they are now, in images',
      [
        dataset.task === 'multi-class' ? 'Class' : 'Finding',
        'with it',
        'without it',
        'left out',
        'prevalence',
      ],
      rows,
    ),
  ];
}

export function splitSection({ project, run }: ReportContext): readonly HtmlNode[] {
  const { dataset, assignment, config } = project;
  const rows = splits.map((part: Split) => {
    const inPart = dataset.samples.filter((_, n) => assignment.split[n] === part);
    return [partNames[part], String(inPart.length), String(new Set(inPart.map(({ group }) => group)).size)];
  });
  const patients =
    config.dataset.group === null
      ? 'No patient is known: every image counts as one of its own, so images of one patient may lie in two parts.'
      : 'No patient is in two parts or two folds.';
  return [
    tableOf('Parts', ['Part', 'images', 'patients'], rows),
    paragraph(
      `${patients} Cross-validation has ${String(assignment.folds)} folds of the training part. Thresholds, calibration and strength of the penalty come from out-of-fold predictions; validation only compares. The test part was looked at ${String(run.record.test_looks)} times before this run.`,
    ),
  ];
}

const partNames: Readonly<Record<Split, string>> = {
  train: 'Training',
  validation: 'Validation',
  test: 'Test',
};

function optional(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}
