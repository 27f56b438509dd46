/** `overread cohorts DIR`: where the model errs more than elsewhere. */
import { Option, type Command } from 'commander';
import { splits, type Split } from '../../core/dataset/model';
import { action, withOutputOptions, type Surroundings } from '../command';

export interface CohortFlags {
  readonly run?: string;
  readonly by?: readonly string[];
  readonly split: Split;
}

export function addCohorts(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('cohorts'))
    .description(
      'where a run errs more than elsewhere: by columns of the table, and slices found by themselves',
    )
    .argument('<dir>', 'the project')
    .option('--run <run>', 'a run by its name or a part of it (default: the one that is shown)')
    .option('--by <column...>', 'columns of the table (default: those that make groups)')
    .addOption(
      new Option('--split <split>', 'the part that is measured; train is out of fold')
        .choices(splits)
        .default('train'),
    )
    .action(
      action(surroundings, async (context, flags: CohortFlags, dir: string) => {
        const { runCohorts } = await import('./looking/cohorts');
        return runCohorts(context, flags, dir);
      }),
    );
}
