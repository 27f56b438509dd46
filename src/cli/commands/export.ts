/** `overread export DIR`: the model of a run as ONNX, or the effective labels as CSV. */
import type { Command } from 'commander';
import { describeTarget } from '../../charts/targets';
import { copyFileAtomic, writeFileAtomic } from '../../core/base/files';
import { userCacheFolder } from '../../core/base/userCache';
import { parseMoment } from '../../core/labels/asOf';
import { exportLabelLines } from '../../core/labels/exportLabels';
import { effectiveLabels } from '../../core/labels/effectiveLabels';
import { exportModel } from '../../core/runs/exportModel';
import { findRun, readRun } from '../../core/runs/folder';
import { findWholeRun } from '../../core/runs/wholeRun';
import { labelRules } from '../../core/project/project';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../command';

interface Flags {
  readonly run?: string;
  readonly out?: string;
  readonly labels?: string;
}

export function addExport(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('export'))
    .description('write model.onnx of a run, or with --labels the effective labels')
    .argument('<dir>', 'the project')
    .option(
      '--run <run>',
      'a run by its name or a part of it (default: the one that is shown; with --labels: now)',
    )
    .option('--out <file>', 'copy model.onnx there as well')
    .option('--labels <file>', 'write the effective labels to this CSV: who, when, why')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        if (flags.labels !== undefined) return writeLabels(context, dir, flags.labels, flags.run);
        const project = await context.open(dir);
        const run = await findWholeRun(project.root, flags.run, project.dataset, (problem) =>
          context.out.problem(problem),
        );
        const result = await exportModel(project, run, {
          ...context.work,
          env: context.env,
          cacheDir: userCacheFolder(context.env),
        });
        const copy = flags.out === undefined ? undefined : context.resolve(flags.out);
        if (copy !== undefined) await copyFileAtomic(result.file, copy);
        context.out.line(`${copy ?? result.file}: ${(result.bytes / 1e6).toFixed(1)} MB`);
        context.out.line(
          `  reproduces the run on ${result.checked} images within ${result.largestDifference.toExponential(1)}`,
        );
        for (const { output, target, threshold, why } of result.operating_points) {
          const at = threshold === null ? `no threshold: ${why ?? ''}` : `threshold ${threshold.toFixed(4)}`;
          context.out.line(`  ${output}, ${describeTarget(target)}: ${at}`);
        }
        context.out.json({ ...result, ...(copy === undefined ? {} : { copy }) });
        return undefined;
      }),
    );
}

async function writeLabels(
  context: CommandContext,
  dir: string,
  target: string,
  run: string | undefined,
): Promise<undefined> {
  const project = await context.open(dir);
  const { root } = project;
  const asOf =
    run === undefined ? undefined : (await readRun(root, await findRun(root, run))).record.labels_as_of;
  const file = context.resolve(target);
  const lines =
    asOf === undefined
      ? exportLabelLines(project.labels)
      : exportLabelLines(
          effectiveLabels(project.dataset, project.log.table, {
            ...labelRules(project.config),
            asOf: parseMoment(asOf),
          }),
        );
  await writeFileAtomic(file, lines);
  context.out.line(`${file}: the effective labels${asOf === undefined ? '' : ` as of ${asOf}`}`);
  context.out.json({ file, as_of: asOf ?? null });
  return undefined;
}
