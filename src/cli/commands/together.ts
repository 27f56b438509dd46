/** `overread together DIR SAMPLE…`: treats images as one patient, in split and folds, and says what the figures were before. */
import type { Command } from 'commander';
import { counted } from '../../core/base/counted';
import { joinSamples } from '../../core/project/joinSamples';
import { withoutTest } from '../../core/project/testLooks';
import { readLatestRun } from '../../core/runs/wholeRun';
import { action, withOutputOptions, type Surroundings } from '../command';
import { describeMetrics } from '../describeMetrics';
import { annotatorOf } from './answers';

interface Flags {
  readonly annotator?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Samples that are named; `--json` has all. */
const mostShown = 20;

export function addTogether(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('together'))
    .description(
      'keep images together in split and folds, as one patient: near duplicates, two spellings of a name',
    )
    .argument('<dir>', 'the project')
    .argument('<samples...>', 'images that are one patient after all')
    .option('--annotator <name>', 'who says so (default: git’s user.name)')
    .option('--reason <text>', 'why', 'near duplicates')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string, samples: string[]) => {
        const { out } = context;
        const project = await context.open(dir);
        const annotator = await annotatorOf(context, project.root, flags);
        const { run } = await readLatestRun(project.root, project.dataset);
        const joined = await joinSamples(project, samples, {
          annotator,
          reason: flags.reason ?? '',
          time: new Date(),
        });
        const { moved, foldsChanged, patientsBefore } = joined;
        out.line(`${counted(samples.length, 'image')} of ${patientsBefore} patients are one patient now.`);
        for (const { sample, from, to } of moved.slice(0, mostShown))
          out.line(`  ${sample}: ${from} → ${to}`);
        if (moved.length > mostShown) out.line(`  … and ${moved.length - mostShown} more`);
        if (foldsChanged > 0) out.line(`  ${counted(foldsChanged, 'image')} in another fold`);
        const before = run ? withoutTest(run.metrics) : null;
        if (run && before) {
          out.line(`Before, by the run ${run.record.run}, with which later ones cannot be compared:`);
          for (const line of describeMetrics(before)) out.line(line);
        }
        out.json({ ...joined, before: run && before ? { run: run.record.run, metrics: before } : null });
        return undefined;
      }),
    );
}
