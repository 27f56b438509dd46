/** What `overread finetune` is asked of its training: which layers, by which engine, where. */
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { loadConfig } from '../../core/config/config';
import { jobsName } from '../../core/jobs/files';
import { findJob } from '../../core/jobs/jobs';
import type { MakeRunOptions } from '../../core/runs/makeRun';
import type { RunResult } from '../../core/runs/model';
import type { CommandContext } from '../command';

export interface TrainingFlags {
  readonly architecture?: string;
  readonly weights?: string;
  readonly layers?: string;
  readonly engine?: 'native' | 'torch';
  readonly compute?: string;
  readonly python?: string;
  readonly resume?: string;
  readonly folds?: number;
}

/** Adds what is asked of the training to a command. */
export function withTrainingOptions(command: Command): Command {
  return command
    .option('--architecture <name>', 'the network, by timm name (default: the project’s)')
    .option('--weights <name>', 'auto, a tag, a file, or random[:seed] (default: the project’s)')
    .option(
      '--layers <what>',
      'what learns: last, last-block, last-two-blocks, all, or blocks with commas between (default: the project’s)',
    )
    .addOption(
      new Option('--engine <engine>', 'native: the last layer, without Python; torch: by PyTorch').choices([
        'native',
        'torch',
      ]),
    )
    .option('--compute <target>', 'where PyTorch trains: local, torchrun:N, or a target of compute.json')
    .option('--python <file>', 'the absolute path of the Python that has PyTorch')
    .addOption(new Option('--resume <job>', 'goes on with what a job left').hideHelp());
}

/** The options as a job's request keeps them. */
export function argumentsOfTraining({
  architecture,
  weights,
  layers,
  engine,
  compute,
  python,
  resume,
}: TrainingFlags): Readonly<Record<string, string | undefined>> {
  return { architecture, weights, layers, engine, compute, python, resume };
}

/**
 * Who trains: more than the last layer needs PyTorch.
 * @throws OVR001 the native engine is asked for more
 */
export async function engineOf(root: string, flags: TrainingFlags): Promise<'native' | 'torch'> {
  const layers = flags.layers ?? (await loadConfig(root)).training.layers;
  const engine = flags.engine ?? (layers === 'last' ? 'native' : 'torch');
  if (engine === 'torch' || layers === 'last') return engine;
  throw new OverreadError({
    code: 'OVR001',
    message: `The native engine trains the last layer alone, and not ${String(layers)}`,
    fix: 'Take --engine torch, or --layers last',
  });
}

/** Trains by PyTorch and writes the run. The command is of a job. */
export async function torchRun(
  context: CommandContext,
  root: string,
  flags: TrainingFlags,
  options: MakeRunOptions,
): Promise<RunResult> {
  const [{ makeRun }, { torchTrainer }, { findTarget }, { parseLayers }, { training }] = await Promise.all([
    import('../../core/runs/makeRun'),
    import('../../core/trainers/torch/torchTrainer'),
    import('../../core/trainers/torch/compute'),
    import('../../core/trainers/torch/layers'),
    loadConfig(root),
  ]);
  const job = flags.resume === undefined ? context.job : await findJob(root, flags.resume);
  if (job === undefined) throw new Error('A training by PyTorch is of a job');
  const { architecture, weights, layers, python } = flags;
  const request = {
    architecture,
    weights,
    layers: layers === undefined ? undefined : parseLayers(layers),
    outOfFold: flags.folds !== undefined,
    target: await findTarget(flags.compute ?? training.compute, context.env),
    python,
    packageFolder: path.join(context.programs, 'python'),
    workFolder: `${jobsName}/${job}/train`,
  };
  return makeRun(root, torchTrainer, request, options);
}
