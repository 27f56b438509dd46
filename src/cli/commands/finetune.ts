/** `overread finetune DIR`: the loop's first half, for people, scripts and the editor's task. */
import { Option, type Command } from 'commander';
import { userCacheFolder } from '../../core/base/userCache';
import { describeRanked } from '../../core/review/describeRanked';
import { describePrevalence } from '../../core/dataset/prevalence';
import type { FinetuneOptions } from '../../core/runs/finetune';
import type { MakeRunOptions } from '../../core/runs/makeRun';
import { OverreadError } from '../../core/base/errors';
import type { Precision } from '../../core/networks/model';
import type { Device } from '../../core/onnx/model';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../command';
import { describeMetrics } from '../describeMetrics';
import { runAsJob, withJobOptions, type JobFlags } from './jobs';
import { argumentsOfTraining, engineOf, torchRun, withTrainingOptions, type TrainingFlags } from './training';
import { versions } from '../../core/base/versions';

interface Flags extends JobFlags, TrainingFlags {
  readonly device?: Device;
  readonly precision?: Precision;
  readonly folds?: number;
  readonly name?: string;
}

export const devices = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'];

/** `--precision`: of the network whose features are computed. */
export function precisionOption(): Option {
  return new Option(
    '--precision <precision>',
    'of the features: fp32, or fp16, half, for graphics cards that are faster in it (default: the project’s)',
  ).choices(['fp32', 'fp16']);
}

export function addFinetune(program: Command, surroundings: Surroundings): void {
  withTrainingOptions(withJobOptions(withOutputOptions(program.command('finetune'))))
    .description(
      'fine-tune the last layer, or more of the network, and write a run with its metrics and predictions',
    )
    .argument('<dir>', 'the project: a folder with an overread.yaml')
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .addOption(precisionOption())
    .option('--folds <k>', 'cross-validation folds for this run', wholeNumber('--folds', 2))
    .option('--name <name>', 'what the run is called, after its time')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const root = await context.project(dir);
        const engine = await engineOf(root, flags);
        if (engine === 'torch' && flags.precision !== undefined) throw precisionOfDeep();
        // A training of hours outlives its terminal, and its checkpoints lie in the job's folder.
        const isOwnJob = engine === 'torch' && context.job === undefined;
        if (flags.job === true || flags.detach === true || isOwnJob)
          return runAsJob(context, dir, 'finetune', argumentsOf(flags), flags);
        const { out } = context;
        const options: MakeRunOptions = {
          ...context.work,
          ...(flags.device === undefined ? {} : { device: flags.device }),
          ...(flags.folds === undefined ? {} : { folds: flags.folds }),
          ...(flags.name === undefined ? {} : { name: flags.name }),
          policy: context.policy,
          env: context.env,
          cacheDir: userCacheFolder(context.env),
          inferenceProgram: context.inferenceProgram,
          versions: versions(),
          onProject: ({ dataset, labels }) => {
            const width = dataset.findings.length;
            const effective = (sample: number, finding: number) => labels.valueAt(sample * width + finding);
            for (const line of describePrevalence(dataset, effective)) out.line(`  ${line}`);
          },
          onRanked: (ranked, { task }) => {
            out.problems(ranked.problems);
            const learnt = engine === 'torch' ? 'training' : 'last layer';
            for (const line of describeRanked(ranked, task, learnt)) out.line(line);
          },
        };
        // A command that only starts a job need not wait for ONNX Runtime.
        const result =
          engine === 'torch'
            ? await torchRun(context, root, flags, options)
            : await (
                await import('../../core/runs/finetune')
              ).finetune(root, { ...options, ...networkOf(flags) });
        for (const line of describeMetrics(result.metrics)) out.line(line);
        out.line(
          `The figures of the test part are shown by overread runs ${dir} --test, which counts the look.`,
        );
        out.line(`Next: overread errors ${dir}`);
        out.json(result);
        return undefined;
      }),
    );
}

function networkOf({
  architecture,
  weights,
  precision,
}: Flags): Pick<FinetuneOptions, 'architecture' | 'weights' | 'precision'> {
  return { architecture, weights, precision };
}

function precisionOfDeep(): OverreadError {
  return new OverreadError({
    code: 'OVR001',
    message: '--precision is about the features that the last layer is fitted on, and PyTorch trains more',
    fix: 'Set training.deep.precision in overread.yaml, or take --layers last',
  });
}

/** The options of the run, as a job's request keeps them. */
function argumentsOf(flags: Flags): string[] {
  const { device, precision, folds, name } = flags;
  const options = { ...argumentsOfTraining(flags), device, precision, folds, name };
  return Object.entries(options).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}`, String(value)],
  );
}
