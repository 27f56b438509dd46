/** `overread runs`: list, import, choose, prune and delete runs. */
import type { Command } from 'commander';
import type { Metrics, RunMetrics } from '../../core/evaluation/model';
import { hasRandomWeights, shownWeights } from '../../core/runs/abilities';
import { countedItems } from '../../core/review/queues';
import { deleteRun, findRun } from '../../core/runs/folder';
import { chooseRun } from '../../core/runs/shownRun';
import { latestSoundRunName, listSoundRuns, pruneRuns } from '../../core/runs/wholeRun';
import { recordTestLook, testLooksSoFar, withoutTest } from '../../core/project/testLooks';
import { formatEstimate } from '../../charts/figures';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import { markRandom } from '../../core/review/describeRanked';
import { addImport } from './runsImport';

export function addRuns(program: Command, surroundings: Surroundings): void {
  const runs = program
    .command('runs')
    .description('list the runs of a project, choose the one that is shown, import, prune or delete');
  withOutputOptions(runs.command('list', { isDefault: true }))
    .description('list the runs, newest first')
    .argument('<dir>', 'the project')
    .option('--test', 'with the figures of the test part; the look is counted')
    .action(
      action(surroundings, async (context, { test = false }: { test?: boolean }, dir: string) => {
        const root = await context.project(dir);
        const all = await listSoundRuns(root, (problem) => context.out.problem(problem));
        if (test && all.length > 0) {
          await recordTestLook(await context.folder(dir), 'overread runs --test', new Date());
        }
        const looks = await testLooksSoFar(root);
        context.out.json({
          runs: all.map(({ record, metrics }) => ({
            ...record,
            metrics: test ? metrics : withoutTest(metrics),
          })),
          test_looks: looks,
        });
        if (all.length === 0) context.out.line(`No run yet. Next: overread finetune ${dir}`);
        const rows = all.map(({ record, metrics }) => [
          record.run,
          record.trainer.name,
          record.network === null ? '–' : markRandom(shownWeights(record.network), hasRandomWeights(record)),
          countedItems(record.task, record.counts.errors),
          formatEstimate(firstPart(metrics).accuracy),
          formatEstimate(firstPart(metrics).auroc_macro),
          metrics.all ? '–' : formatEstimate(metrics.validation.auroc_macro),
          ...(test ? [metrics.all ? '–' : formatEstimate(metrics.test.auroc_macro)] : []),
        ]);
        const head = [
          'run',
          'trainer',
          'weights',
          'errors',
          'accuracy',
          'AUROC',
          'AUROC validation',
          ...(test ? ['AUROC test'] : []),
        ];
        if (rows.length > 0) for (const line of table([head, ...rows])) context.out.line(line);
        if ((looks ?? 0) > 0) context.out.line(`Looks at the test part so far: ${looks}`);
        const shown = await latestSoundRunName(root);
        if (shown === undefined && all.length > 0) {
          context.out.line(`None of them is shown yet: overread runs use ${dir} ${all[0]?.record.run ?? ''}`);
        } else if (shown !== undefined && shown !== all[0]?.record.run) {
          context.out.line(`Shown in the review: ${shown}`);
        }
        return undefined;
      }),
    );
  addUse(runs, surroundings);
  addImport(runs, surroundings);
  withOutputOptions(runs.command('prune'))
    .description('keep the newest runs and delete the rest')
    .argument('<dir>', 'the project')
    .option('--keep <n>', 'how many to keep', wholeNumber('--keep', 0), 10)
    .action(
      action(surroundings, async (context, flags: { keep: number }, dir: string) => {
        const removed = await pruneRuns(await context.folder(dir), flags.keep, (problem) =>
          context.out.problem(problem),
        );
        for (const run of removed) context.out.line(`deleted ${run}`);
        context.out.line(`${removed.length} runs deleted`);
        context.out.json({ deleted: removed });
        return undefined;
      }),
    );
  addDelete(runs, surroundings);
}

function addUse(runs: Command, surroundings: Surroundings): void {
  withOutputOptions(runs.command('use'))
    .description('choose the run that review, errors and export go by, until the next fine-tune')
    .argument('<dir>', 'the project')
    .argument('<run>', 'its name, a part that only it has, or "latest": the newest that the project trained')
    .action(
      action(surroundings, async (context, _flags: object, dir: string, wanted: string) => {
        const folder = await context.folder(dir);
        const run = wanted === 'latest' ? null : await findRun(folder.root, wanted);
        await chooseRun(folder, run, new Date());
        const shown = await latestSoundRunName(folder.root);
        context.out.line(shown === undefined ? 'No run is shown' : `Shown from now on: ${shown}`);
        context.out.json({ shown: shown ?? null });
        return undefined;
      }),
    );
}

function addDelete(runs: Command, surroundings: Surroundings): void {
  withOutputOptions(runs.command('delete'))
    .description('delete one run')
    .argument('<dir>', 'the project')
    .argument('<run>', 'its name, or a part that only it has')
    .action(
      action(surroundings, async (context, _flags: object, dir: string, wanted: string) => {
        const folder = await context.folder(dir);
        const run = await findRun(folder.root, wanted);
        await deleteRun(folder, run);
        context.out.line(`deleted ${run}`);
        context.out.json({ deleted: [run] });
        return undefined;
      }),
    );
}

/** What a run is judged by: all images where nothing of the project trained it, else its training part out of fold. */
function firstPart({ all, out_of_fold }: RunMetrics): Metrics {
  return all ?? out_of_fold;
}
