/** `overread corrections DIR`: whether corrected labels help. */
import { Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import type { Device } from '../../core/onnx/model';
import { action, withOutputOptions, type Surroundings } from '../command';
import { devices } from './finetune';

export interface CorrectionFlags {
  readonly before?: string;
  readonly since?: string;
  readonly split: 'validation' | 'test';
  readonly device?: Device;
}

export function addCorrections(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('corrections'))
    .description(
      'did the corrected labels help: the head fitted to the labels before and to those now, scored by both',
    )
    .argument('<dir>', 'the project')
    .option('--before <commit>', 'the labels as a commit has them (default: the given labels)')
    .option('--since <date>', 'the labels as they were at a time or when a day began (UTC)')
    .addOption(
      new Option('--split <split>', 'the part that answers')
        .choices(['validation', 'test'])
        .default('validation'),
    )
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .action(
      action(surroundings, async (context, flags: CorrectionFlags, dir: string) => {
        if (flags.before !== undefined && flags.since !== undefined) {
          throw new OverreadError({
            code: 'OVR001',
            message: '--before and --since both name the labels before',
            expected: 'one of them',
          });
        }
        const { runCorrections } = await import('./looking/corrections');
        return runCorrections(context, flags, dir);
      }),
    );
}
