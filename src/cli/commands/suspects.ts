/** `overread suspects DIR`: labels that are probably wrong, the likeliest first. */
import { Option, type Command } from 'commander';
import type { Device } from '../../core/onnx/model';
import { splits, type Split } from '../../core/dataset/model';
import {
  pruneMethods,
  qualityMethods,
  usualRepeats,
  type PruneMethod,
  type QualityMethod,
} from '../../core/suspects/model';
import type { Start } from '../../core/suspects/learned/drawOffer';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../command';
import { devices } from './finetune';

export interface SuspectFlags {
  readonly run?: string;
  readonly finding?: string;
  readonly method: 'confident' | 'learned';
  readonly quality: QualityMethod | 'fold_loss';
  readonly prune: PruneMethod;
  readonly repeats: number;
  readonly device?: Device;
  readonly split?: Split | 'all';
  readonly where?: string;
  readonly limit: number;
  readonly next?: number;
  readonly start: Start;
  readonly audit?: boolean;
  readonly yield?: boolean;
  readonly seed?: number;
  readonly columns?: readonly string[];
  readonly annotator?: string;
}

export function addSuspects(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('suspects'))
    .description('list labels that are probably wrong, the likeliest first')
    .argument('<dir>', 'the project')
    .option('--run <run>', 'go by the predictions of a run (default: ten times repeated cross-validation)')
    .option('--finding <name>', 'only this finding')
    .addOption(
      new Option('--method <method>', 'confident learning, or a model of what you changed so far')
        .choices(['confident', 'learned'])
        .default('confident'),
    )
    .addOption(
      new Option('--quality <score>', 'confident: what a label is scored by')
        .choices([...qualityMethods, 'fold_loss'])
        .default('self_confidence'),
    )
    .addOption(
      new Option('--prune <method>', 'confident: which labels are called wrong')
        .choices(pruneMethods)
        .default('prune_by_noise_rate'),
    )
    .option('--repeats <n>', 'how often the folds are drawn', wholeNumber('--repeats', 1), usualRepeats)
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .addOption(new Option('--split <split>', 'default: what review.splits lists').choices([...splits, 'all']))
    .option('--where <sql>', 'one SQL expression over the columns of docs/data-formats.md')
    .option(
      '--limit <n>',
      'print at most so many (people only; --json has all)',
      wholeNumber('--limit', 1),
      50,
    )
    .option(
      '--next <n>',
      'offer so many labels to look at; answer them with --offer',
      wholeNumber('--next', 1),
    )
    .addOption(
      new Option('--start <how>', 'before there is a model: ten labels drawn, or half by confident learning')
        .choices(['random', 'confident'])
        .default('random'),
    )
    .option('--audit', 'offer as many as it takes to show that fewer than review.target are wrong')
    .option('--yield', 'what the review found so far, estimated on the labels that were drawn')
    .option('--seed <s>', 'of what is drawn', wholeNumber('--seed', 0))
    .option('--columns <names>', 'columns of the table that the model may go by, between commas', columnNames)
    .option('--annotator <name>', 'whose answers the model is of (default: git’s user.name)')
    .action(
      action(surroundings, async (context, flags: SuspectFlags, dir: string) => {
        // `--help` need not wait for ONNX Runtime.
        const { runSuspects } = await import('./suspects/run');
        return runSuspects(context, flags, dir);
      }),
    );
}

function columnNames(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
