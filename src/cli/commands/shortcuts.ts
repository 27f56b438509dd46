/** `overread shortcuts DIR`: what else than the label the features tell, and goes with it. */
import { Option, type Command } from 'commander';
import type { Device } from '../../core/onnx/model';
import { action, withOutputOptions, type Surroundings } from '../command';
import { devices } from './finetune';

export interface ShortcutFlags {
  readonly by?: readonly string[];
  readonly device?: Device;
}

export function addShortcuts(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('shortcuts'))
    .description(
      'what else than the label the features tell (view, sex, site, age, shape), and whether it goes with the label',
    )
    .argument('<dir>', 'the project')
    .option(
      '--by <column...>',
      'columns of the table (default: those that make groups, and the shape of the images)',
    )
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .action(
      action(surroundings, async (context, flags: ShortcutFlags, dir: string) => {
        const { runShortcuts } = await import('./looking/shortcuts');
        return runShortcuts(context, flags, dir);
      }),
    );
}
