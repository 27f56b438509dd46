/** `overread apart DIR SAMPLE…`: takes back that images are treated as one patient. */
import type { Command } from 'commander';
import { counted } from '../../core/base/counted';
import { partSamples } from '../../core/project/partSamples';
import { action, withOutputOptions, type Surroundings } from '../command';
import { annotatorOf } from './answers';

interface Flags {
  readonly annotator?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Samples that are named; `--json` has all. */
const mostShown = 20;

export function addApart(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('apart'))
    .description('take back that images are kept together as one patient (overread together)')
    .argument('<dir>', 'the project')
    .argument('<samples...>', 'images that are patients of their own again, as the table says')
    .option('--annotator <name>', 'who says so (default: git’s user.name)')
    .option('--reason <text>', 'why')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string, samples: string[]) => {
        const { out } = context;
        const project = await context.open(dir);
        const annotator = await annotatorOf(context, project.root, flags);
        const parted = await partSamples(project, samples, {
          annotator,
          reason: flags.reason ?? '',
          time: new Date(),
        });
        const { groups, moved, foldsChanged } = parted;
        out.line(`Taken out of ${counted(groups, 'group')}: ${counted(samples.length, 'image')}.`);
        for (const { sample, from, to } of moved.slice(0, mostShown))
          out.line(`  ${sample}: ${from} → ${to}`);
        if (moved.length > mostShown) out.line(`  … and ${moved.length - mostShown} more`);
        if (foldsChanged > 0) out.line(`  ${counted(foldsChanged, 'image')} in another fold`);
        if (moved.some(({ from }) => from === 'train'))
          out.line(
            'Runs made meanwhile have learnt from them: their figures of the part they go to do not count. Fine-tune again.',
          );
        out.json(parted);
        return undefined;
      }),
    );
}
