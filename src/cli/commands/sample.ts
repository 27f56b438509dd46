/** `overread sample DIR`: a synthetic project, so that the loop can be shown and tested anywhere. */
import type { Command } from 'commander';
import { makeSampleProject } from '../../core/sample/sampleProject';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../command';

interface Flags {
  readonly images: number;
  readonly seed: number;
}

export function addSample(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('sample'))
    .description('make a synthetic project: drawn phantoms with 8 % wrong labels; no patient was imaged')
    .argument('<dir>', 'a new folder')
    .option('--images <n>', 'how many', wholeNumber('--images', 12), 240)
    .option('--seed <seed>', 'another seed draws other phantoms', wholeNumber('--seed', 0), 0)
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const root = context.resolve(dir);
        const made = await makeSampleProject(root, {
          ...flags,
          ...context.work,
          policy: context.policy,
        });
        context.out.line(`${root}: ${flags.images} SYNTHETIC images, drawn by a program`);
        context.out.line(`Next: overread finetune ${dir}`);
        context.out.json(made);
        return undefined;
      }),
    );
}
