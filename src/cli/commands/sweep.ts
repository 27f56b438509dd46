/** `overread sweep DIR`: the settings of a declared space against each other, and against what the project says. */
import * as path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { counted } from '../../core/base/counted';
import { exitCodes } from '../../core/base/errors';
import { userCacheFolder } from '../../core/base/userCache';
import { versions } from '../../core/base/versions';
import { loadConfig, type ProjectConfig } from '../../core/config/config';
import { augmentations } from '../../core/config/sweepSettings';
import type { Device } from '../../core/onnx/model';
import type { DeepRequest } from '../../core/sweeps/deepTrials';
import { action, withOutputOptions, wholeNumber, type CommandContext, type Surroundings } from '../command';
import { describeSweep } from '../describeSweep';
import { devices } from './finetune';

type Declared = ProjectConfig['sweep'];

interface Flags {
  readonly architectures?: string[];
  readonly truncations?: (string | null)[];
  readonly C?: number[];
  readonly layers?: string[];
  readonly learningRate?: { low: number; high: number };
  readonly augmentation?: string[];
  readonly trials?: number;
  readonly minutes?: number;
  readonly device?: Device;
  readonly compute?: string;
  readonly python?: string;
}

export function addSweep(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('sweep'))
    .description(
      'try settings against each other: selected out of fold; the best and the default alone meet validation',
    )
    .argument(
      '<dir>',
      'the project; what is tried is "sweep" of its overread.yaml, where no option says otherwise',
    )
    .option('--architectures <list>', 'architecture[:weights],…: densenet121,resnet18:random', words)
    .option('--truncations <blocks>', 'blocks to cut after, and none for the whole network', cuts)
    .option('--C <list>', 'strengths of the penalty of the last layer: 0.001,0.01,0.1', numbers('--C'))
    .option('--layers <list>', `what learns: ${layers.join(', ')}`, oneOf('--layers', layers))
    .option('--learning-rate <low,high>', 'learning rates of what PyTorch trains: 0.0001,0.001', range)
    .option(
      '--augmentation <list>',
      `of what PyTorch trains: ${augmentations.join(', ')}`,
      oneOf('--augmentation', augmentations),
    )
    .option('--trials <n>', 'trainings by PyTorch, over all workers', wholeNumber('--trials', 1))
    .option(
      '--minutes <m>',
      'begins no setting after so many minutes; the same command goes on later',
      minutes,
    )
    .addOption(new Option('--device <device>', 'where the networks run').choices(devices))
    .option('--compute <target>', 'where PyTorch trains: local, torchrun:N, or a target of compute.json')
    .option('--python <file>', 'the absolute path of the Python that has PyTorch and Optuna')
    .addHelpText('after', '\nExit codes: 0 done, 1 some settings failed and the others were tried.')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const root = await context.project(dir);
        const { out } = context;
        const { sweep } = await import('../../core/sweeps/sweep');
        const result = await sweep(root, {
          ...context.work,
          declared: declaredBy(flags),
          device: flags.device,
          policy: context.policy,
          env: context.env,
          cacheDir: userCacheFolder(context.env),
          inferenceProgram: context.inferenceProgram,
          versions: versions(),
          torch: await torchOf(context, root, flags),
          onSpace: (size) =>
            out.line(
              `${counted(size, 'setting')} and what the project says; at most ${counted(size + 1, 'trial')}`,
            ),
          onTried: (label, done, seconds) => out.line(`  tried ${done}: ${label}, ${seconds.toFixed(1)} s`),
          onFailed: ({ error }) => out.problem({ ...error, severity: 'error' }),
        });
        out.problems(result.problems);
        out.line();
        for (const line of describeSweep(result, context.stdout.columns)) out.line(line);
        if (result.runs)
          out.line(`Next: overread errors ${dir}, or overread diff ${dir} ${result.runs.default}`);
        out.json(result);
        return result.failed.length === 0 ? exitCodes.done : exitCodes.findings;
      }),
    );
}

async function torchOf(context: CommandContext, root: string, flags: Flags): Promise<DeepRequest> {
  const { findTarget } = await import('../../core/trainers/torch/compute');
  const { training } = await loadConfig(root);
  return {
    target: await findTarget(flags.compute ?? training.compute, context.env),
    python: flags.python,
    packageFolder: path.join(context.programs, 'python'),
  };
}

const layers = ['last', 'last-block', 'last-two-blocks', 'all'] as const;

/** What the options say instead of overread.yaml. */
function declaredBy(flags: Flags): Partial<Declared> {
  const { architectures, truncations, C, learningRate, trials } = flags;
  return {
    ...(architectures ? { architectures } : {}),
    ...(truncations ? { truncate: truncations } : {}),
    ...(C ? { C } : {}),
    ...(flags.layers ? { layers: flags.layers as unknown as Declared['layers'] } : {}),
    ...(learningRate ? { learning_rate: learningRate } : {}),
    ...(flags.augmentation
      ? { augmentation: flags.augmentation as unknown as Declared['augmentation'] }
      : {}),
    ...(trials === undefined ? {} : { trials }),
    ...(flags.minutes === undefined ? {} : { minutes: flags.minutes }),
  };
}

function words(text: string): string[] {
  const found = text.split(',').map((word) => word.trim());
  if (found.every((word) => word !== '')) return [...new Set(found)];
  throw new InvalidArgumentError('Expected names with commas between them.');
}

function cuts(text: string): (string | null)[] {
  return words(text).map((word) => (word === 'none' ? null : word));
}

function numbers(name: string): (text: string) => number[] {
  return (text) => {
    const found = words(text).map(Number);
    if (found.every((value) => Number.isFinite(value) && value > 0)) return found;
    throw new InvalidArgumentError(`${name} must be numbers above 0 with commas between them.`);
  };
}

function range(text: string): { low: number; high: number } {
  const [low, high, ...more] = numbers('--learning-rate')(text);
  if (low !== undefined && more.length === 0) return { low, high: high ?? low };
  throw new InvalidArgumentError('Expected the lowest and the highest with a comma between them.');
}

function oneOf(name: string, known: readonly string[]): (text: string) => string[] {
  return (text) => {
    const found = words(text);
    if (found.every((word) => known.includes(word))) return found;
    throw new InvalidArgumentError(`${name} must be some of ${known.join(', ')}, with commas between them.`);
  };
}

function minutes(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('--minutes must be a number above 0.');
}
