/** `overread compare DIR`: networks against each other on one project, or one network cut after its blocks. */
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import { chartTitle, comparisonChart } from '../../charts/comparisonChart';
import { comparisonTable, type ComparisonTable } from '../../charts/comparisonTable';
import { serialiseSvg } from '../../charts/svg';
import { exitCodes } from '../../core/base/errors';
import { writeFileAtomic } from '../../core/base/files';
import { userCacheFolder } from '../../core/base/userCache';
import { compare } from '../../core/comparisons/compare';
import { comparisonFiles } from '../../core/comparisons/folder';
import type { Device } from '../../core/onnx/model';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../command';
import { table } from '../describeMetrics';
import { fitFirstColumn } from '../wrappedTable';
import { versions } from '../../core/base/versions';
import type { Precision } from '../../core/networks/model';
import { devices, precisionOption } from './finetune';

interface Flags {
  readonly architectures?: string;
  readonly truncations?: string;
  readonly runs?: string;
  readonly device?: Device;
  readonly precision?: Precision;
  readonly folds?: number;
  readonly name?: string;
  readonly svg?: string;
}

export function addCompare(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('compare'))
    .description(
      'compare architectures, one network cut after its blocks, or runs, on the same split and folds',
    )
    .argument('<dir>', 'the project')
    .option(
      '--architectures <list>',
      'architecture[:weights],…: densenet121,resnet18:random,resnet50:./file.pth',
    )
    .option('--truncations <blocks>', 'all, or block names: cuts one architecture after each, and not at all')
    .option('--runs <runs>', 'finished runs instead, by their names: first,second')
    .addOption(new Option('--device <device>', 'where the networks run').choices(devices))
    .addOption(precisionOption())
    .option('--folds <k>', 'cross-validation folds for this comparison', wholeNumber('--folds', 2))
    .option('--name <name>', 'what the comparison is called, after its time')
    .option('--svg <file>', 'writes the chart to this file too')
    .addHelpText('after', '\nExit codes: 0 done, 1 some networks failed and the others were compared.')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const root = await context.project(dir);
        const { out } = context;
        const { comparison, dir: folder } = await compare(root, {
          ...flags,
          ...context.work,
          policy: context.policy,
          env: context.env,
          cacheDir: userCacheFolder(context.env),
          inferenceProgram: context.inferenceProgram,
          versions: versions(),
          onModel: (label, failure) => {
            if (failure) out.problem({ ...failure.toJSON(), severity: 'error' });
            else out.line(`  measured ${label}`);
          },
        });
        out.problems(comparison.problems);
        if (flags.svg !== undefined) {
          await writeFileAtomic(context.resolve(flags.svg), serialiseSvg(comparisonChart(comparison)));
        }
        out.line();
        out.line(chartTitle(comparison));
        for (const line of describe(comparisonTable(comparison), context.stdout.columns)) out.line(line);
        const { models, failed } = comparison;
        const counts = failed.length === 0 ? '' : `, ${failed.length} could not be compared`;
        out.line(`${models.length} compared${counts}, in ${comparison.total_s.toFixed(1)} s`);
        out.line(`Table and chart: ${path.relative(context.cwd, path.join(folder, comparisonFiles.table))}`);
        out.json({ ...comparison, dir: folder });
        return failed.length === 0 ? exitCodes.done : exitCodes.findings;
      }),
    );
}

/**
 * Quality and cost one below the other, each with the names.
 * @param width of the terminal, for which names are shortened; undefined: they stay whole, as scripts want them
 */
function describe({ columns, rows, notes }: ComparisonTable, width: number | undefined): string[] {
  const of = (group: 'quality' | 'cost'): string[] => {
    const isShown = columns.map((column) => ['name', group].includes(column.group));
    const titles = columns.map(({ title }) => title);
    const shown = [titles, ...rows.map(({ cells }) => cells)].map((row) => row.filter((_, i) => isShown[i]));
    return table(width === undefined ? shown : fitFirstColumn(shown, width));
  };
  return [...of('quality'), '', ...of('cost'), '', ...notes.map((note) => `  ${note}`), ''];
}
