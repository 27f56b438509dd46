/** `overread runs import DIR`: the predictions of somebody's own model as a run that is reviewed like ours. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { userCacheFolder } from '../../core/base/userCache';
import { splits, type Split } from '../../core/dataset/model';
import { countedErrors } from '../../core/review/queues';
import { makeRun } from '../../core/runs/makeRun';
import type { RunRecord } from '../../core/runs/model';
import { chooseRun } from '../../core/runs/shownRun';
import { importer } from '../../core/trainers/imported/importer';
import type { SeenDeclaration, ValueKind } from '../../core/trainers/imported/request';
import { action, withOutputOptions, type Surroundings } from '../command';
import { describeMetrics } from '../describeMetrics';
import { versions } from '../../core/base/versions';

interface Flags {
  readonly predictions: string;
  readonly name: string;
  readonly values: ValueKind;
  readonly outOfFold?: boolean;
  readonly seen?: readonly Split[];
  readonly seenColumn?: string;
  readonly id?: string;
  readonly threshold?: number;
  readonly use?: boolean;
}

export function addImport(runs: Command, surroundings: Surroundings): void {
  withOutputOptions(runs.command('import'))
    .description('make a run of the predictions of a model that was trained elsewhere')
    .argument('<dir>', 'the project')
    .requiredOption(
      '--predictions <file>',
      'CSV, TSV or Parquet: a column for each class or finding, or the long form',
    )
    .requiredOption('--name <name>', 'what the run is called, after its time')
    .addOption(
      new Option('--values <kind>', 'what the numbers are')
        .choices(['probabilities', 'logits'])
        .default('probabilities'),
    )
    .option(
      '--out-of-fold',
      'each image of the training part was predicted by a model that did not see its patient',
    )
    .option(
      '--seen <parts>',
      'parts that the model was trained on, between commas, or none (default: train)',
      parts,
    )
    .option('--seen-column <column>', 'a column of the file that says which images it was trained on')
    .option('--id <column>', 'the column that names the images (default: the one that fits best; it is told)')
    .option(
      '--threshold <p>',
      'of every finding (default: chosen on training labels that were not seen)',
      share,
    )
    .option('--use', 'show this run in the review from now on')
    .addHelpText(
      'after',
      '\nThe run that the review shows stays the same without --use; see "overread runs use".',
    )
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const root = await context.project(dir);
        const { out } = context;
        const request = {
          file: context.resolve(flags.predictions),
          values: flags.values,
          seen: declared(flags),
          id: flags.id,
          threshold: flags.threshold,
        };
        const result = await makeRun(root, importer, request, {
          name: flags.name,
          ...context.work,
          policy: context.policy,
          env: context.env,
          cacheDir: userCacheFolder(context.env),
          versions: versions(),
          onRanked: ({ problems }, record) => {
            out.problems(problems);
            for (const line of describeImport(record)) out.line(line);
          },
        });
        if (flags.use === true) await chooseRun(await context.folder(dir), result.run, new Date());
        for (const line of describeMetrics(result.metrics)) out.line(line);
        out.line(
          flags.use === true
            ? `Shown from now on. Next: overread errors ${dir}`
            : `Not shown yet. Next: overread runs use ${dir} ${result.run}, or overread errors ${dir} --run ${result.run}`,
        );
        out.json(result);
        return undefined;
      }),
    );
}

/** Of several declarations the words would contradict each other; without any, the training part was seen. */
function declared({ outOfFold, seen, seenColumn }: Flags): SeenDeclaration {
  const said = [outOfFold === true, seen !== undefined, seenColumn !== undefined].filter(Boolean).length;
  if (said > 1) {
    throw new OverreadError({
      code: 'OVR001',
      message: 'What the model has seen is declared twice',
      expected: 'one of --out-of-fold, --seen and --seen-column',
    });
  }
  if (outOfFold === true) return { by: 'out-of-fold' };
  if (seenColumn !== undefined) return { by: 'column', column: seenColumn };
  return { by: 'split', parts: seen ?? ['train'] };
}

function describeImport({ run, task, counts, seen, trainer }: RunRecord): string[] {
  const { file, values, layout, columns, id } = trainer.settings as {
    readonly file: string;
    readonly values: ValueKind;
    readonly layout: 'wide' | 'long';
    readonly columns: readonly string[];
    readonly id: { readonly column: string; readonly by: string };
  };
  const all = splits.map((part) => seen[part]);
  const predicted = all.reduce((sum, part) => sum + part.predicted, 0);
  const known = all.reduce((sum, part) => sum + part.seen, 0);
  const named =
    columns.length > 4 ? `${columns.slice(0, 3).join(', ')}, … (${columns.length})` : columns.join(', ');
  return [
    `Run ${run}, imported from ${file}`,
    `  images by ${id.by} in the column "${id.column}" (--id overrules)`,
    `  ${values}, ${layout === 'wide' ? 'a column for each' : 'a row for each'}: ${named} (--values overrules)`,
    `  ${predicted} of ${counts.samples} images have a prediction; the model was trained on ${known} of them` +
      (known > 0 ? ', which count for no figure and no error' : ''),
    `  ${countedErrors(task, counts.errors)} to review`,
  ];
}

function parts(text: string): readonly Split[] {
  if (text.trim() === 'none') return [];
  const named = text.split(',').map((word) => word.trim());
  const known = splits.filter((split) => named.includes(split));
  if (known.length === named.length) return known;
  throw new InvalidArgumentError(`--seen must be none, or some of ${splits.join(', ')}.`);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('--threshold must be a number between 0 and 1.');
}
