/** `overread finetune DIR`: the loop's first half, for people, scripts and the editor's task. */
import { Option, type Command } from 'commander';
import { counted } from '../../core/base/counted';
import { userCacheFolder } from '../../core/base/userCache';
import { countedErrors } from '../../core/review/queues';
import { describePrevalence } from '../../core/dataset/prevalence';
import type { Device } from '../../core/onnx/model';
import { action, withOutputOptions, wholeNumber, type Surroundings } from '../command';
import { describeMetrics, markRandom } from '../describeMetrics';
import { runAsJob, withJobOptions, type JobFlags } from './jobs';
import { versions } from '../versions';

interface Flags extends JobFlags {
  readonly architecture?: string;
  readonly weights?: string;
  readonly device?: Device;
  readonly folds?: number;
  readonly name?: string;
}

export const devices = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'];

export function addFinetune(program: Command, surroundings: Surroundings): void {
  withJobOptions(withOutputOptions(program.command('finetune')))
    .description('fine-tune the last layer and write a run with its metrics and predictions')
    .argument('<dir>', 'the project: a folder with an overread.yaml')
    .option('--architecture <name>', 'the network, by timm name (default: the project’s)')
    .option('--weights <name>', 'auto, a tag, a file, or random[:seed] (default: the project’s)')
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .option('--folds <k>', 'cross-validation folds for this run', wholeNumber('--folds', 2))
    .option('--name <name>', 'what the run is called, after its time')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        if (flags.job === true || flags.detach === true)
          return runAsJob(context, dir, 'finetune', argumentsOf(flags), flags);
        const root = await context.project(dir);
        const { out } = context;
        // Who only starts a job need not wait for ONNX Runtime.
        const { finetune } = await import('../../core/runs/finetune');
        const result = await finetune(root, {
          ...flags,
          ...context.work,
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
            out.line(`Run ${ranked.run}`);
            const weights = markRandom(ranked.weights ?? ranked.trainer, ranked.random_weights);
            out.line(
              `  ${weights} on ${ranked.device ?? 'no device'}, ${counted(ranked.counts.samples, 'image')}`,
            );
            out.line(
              `  ${countedErrors(task, ranked.counts.errors)} to review, after ${ranked.timings.total_s.toFixed(2)} s ` +
                `(features ${ranked.timings.features_s.toFixed(2)} s, ${counted(ranked.timings.cached, 'image')} from the cache; ` +
                `last layer ${ranked.timings.train_s.toFixed(2)} s)`,
            );
          },
        });
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

/** The options of the run, as a job's request keeps them. */
function argumentsOf({ architecture, weights, device, folds, name }: Flags): string[] {
  const options = { architecture, weights, device, folds, name };
  return Object.entries(options).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}`, String(value)],
  );
}
