/** `overread errors DIR`: what the model gets wrong, worst first. */
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import { FilterStarter } from '../../core/review/filterStarter';
import type { ItemQuery } from '../../core/review/model';
import { countedErrors, countedItems, errorQueue, everything } from '../../core/review/queues';
import { openReview, suspectsFor } from '../../core/review/openReview';
import { hasRandomWeights } from '../../core/runs/abilities';
import { findWholeRun } from '../../core/runs/wholeRun';
import { recordTestLook } from '../../core/project/testLooks';
import { splits, type Split, type Task } from '../../core/dataset/model';
import { exitCodes } from '../../core/base/errors';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import { markRandom } from '../../core/review/describeRanked';

interface Flags {
  readonly run?: string;
  readonly split?: Split | 'all';
  readonly where?: string;
  readonly limit?: number;
  readonly seen?: boolean;
}

/** One line of the ranked list. */
interface ErrorRow {
  readonly sample: string;
  readonly finding: string;
  readonly given: string | null;
  readonly predicted: string | null;
  readonly p: number | null;
  readonly threshold: number | null;
  readonly loss: number | null;
  readonly out_of_fold: boolean;
  /** The model was trained on the image. */
  readonly seen: boolean;
  readonly split: Split | null;
}

export function addErrors(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('errors'))
    .description('list what the model gets wrong, the largest loss first')
    .argument('<dir>', 'the project')
    .option('--run <run>', 'a run by its name or a part of it (default: the one that is shown)')
    .addOption(
      new Option('--split <split>', 'default: what review.splits lists; train is out of fold').choices([
        ...splits,
        'all',
      ]),
    )
    .option('--where <sql>', 'one SQL expression over the columns of docs/data-formats.md')
    .option('--seen', 'also images that the model was trained on (imported predictions)')
    .option(
      '--limit <n>',
      'print at most so many (people only; --json has all)',
      wholeNumber('--limit', 1),
      50,
    )
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const filterStarter = new FilterStarter(path.join(context.programs, 'filters.js'));
        if (flags.where !== undefined) filterStarter.prepare();
        const project = await context.open(dir);
        const { root } = project;
        const run = await findWholeRun(root, flags.run, project.dataset, (problem) =>
          context.out.problem(problem),
        );
        const wanted = chosenSplits(flags.split, project.config.review.splits);
        if (wanted.includes('test')) await recordTestLook(project.folder, 'overread errors', new Date());
        const catalog = await openReview(project, run, {
          filterStarter,
          suspects: suspectsFor(flags.where, project, run),
        });
        try {
          const { rows } = await catalog.query({
            ...chosenErrors(flags),
            splits: wanted,
            sort: errorQueue.sort,
            descending: true,
          });
          const errors = Array.from(rows, (row): ErrorRow => {
            const item = catalog.item(row);
            return {
              sample: item.sample,
              finding: item.finding,
              given: item.value,
              predicted: item.predicted,
              p: item.p,
              threshold: item.threshold,
              loss: item.loss,
              out_of_fold: item.outOfFold,
              seen: item.seen,
              split: item.split,
            };
          });
          context.out.json({ run: run.record.run, splits: wanted, errors });
          const marked = markRandom(run.record.run, hasRandomWeights(run.record));
          printErrors(
            context.out.line.bind(context.out),
            project.dataset.task,
            errors,
            flags.limit ?? errors.length,
            marked,
          );
          return errors.length > 0 ? exitCodes.findings : exitCodes.done;
        } finally {
          catalog.close();
        }
      }),
    );
}

/** The queue of errors leaves out what the model was trained on; all that is wrong and not settled has it too. */
function chosenErrors({ seen, where }: Flags): Pick<ItemQuery, 'queue' | 'where'> {
  if (seen !== true) return { queue: errorQueue.id, ...(where === undefined ? {} : { where }) };
  const all = 'wrong AND NOT kept';
  return { queue: everything.id, where: where === undefined ? all : `${all} AND (${where})` };
}

/** @param reviewed the parts that the project's review lists */
function chosenSplits(split: Flags['split'], reviewed: readonly Split[]): readonly Split[] {
  if (split === undefined) return reviewed;
  return split === 'all' ? splits : [split];
}

function printErrors(
  line: (text: string) => void,
  task: Task,
  errors: readonly ErrorRow[],
  limit: number,
  run: string,
): void {
  line(`${countedErrors(task, errors.length)} in run ${run}`);
  const rows = errors
    .slice(0, limit)
    .map((error) => [
      error.loss?.toFixed(3) ?? '–',
      error.seen ? `${error.split ?? '–'}, seen` : (error.split ?? '–'),
      error.sample,
      error.finding,
      `${error.given ?? '–'} → ${error.predicted ?? '–'}`,
      error.p === null ? '–' : error.p.toFixed(3),
      ...(task === 'multi-label' ? [error.threshold === null ? '–' : error.threshold.toFixed(3)] : []),
    ]);
  if (rows.length > 0) {
    const head = ['loss', 'split', 'sample', 'finding', 'given → predicted', 'p'];
    // A probability says little without the one from which on a finding is called present.
    const columns = task === 'multi-label' ? [...head, 'threshold'] : head;
    for (const text of table([columns, ...rows])) line(text);
  }
  if (errors.length > limit) line(`  … and ${countedItems(task, errors.length - limit)} more (--limit)`);
}
