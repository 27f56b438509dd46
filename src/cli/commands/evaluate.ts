/** `overread evaluate PROJECT --on OTHER`: the model of a run on another project's images, as a run of that project. */
import { Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { userCacheFolder } from '../../core/base/userCache';
import { evaluator, projectName } from '../../core/prediction/evaluator';
import { checkMinimums, judge, parseMinimum, type Judged } from '../../core/prediction/minimums';
import { openRunModel } from '../../core/prediction/runModel';
import { readTrainingImages } from '../../core/prediction/trainingImages';
import { countedErrors } from '../../core/review/queues';
import type { Device } from '../../core/onnx/model';
import { makeRun } from '../../core/runs/makeRun';
import { chooseRun } from '../../core/runs/shownRun';
import { action, withOutputOptions, type Surroundings } from '../command';
import { describeMetrics } from '../describeMetrics';
import { openNamedRun } from '../namedRun';
import { versions } from '../../core/base/versions';
import { devices } from './finetune';

interface Flags {
  readonly on: string;
  readonly run?: string;
  readonly name?: string;
  readonly min?: readonly string[];
  readonly device?: Device;
  readonly use?: boolean;
}

export function addEvaluate(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('evaluate'))
    .description('measure the model of a run on another project, as a run of that project')
    .argument('<project>', 'the project that trained it, or the folder of its run')
    .requiredOption('--on <project>', 'the other project, with its own labels')
    .option('--run <run>', 'a run by its name or a part of it (default: the one that is shown)')
    .option('--name <name>', 'what the run is called there, after its time')
    .option(
      '--min <figure=value>',
      'exit with 1 below it: auroc=0.85, sensitivity:Pneumonia=0.9; may be repeated',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text],
    )
    .addOption(new Option('--device <device>', 'where the network runs').choices(devices))
    .option('--use', 'show this run in the review of the other project from now on')
    .addHelpText(
      'after',
      '\nImages whose content was in the training part count for no figure. All parts of the other project are measured ' +
        'as one as well,\nwhich counts as a look at its test part.',
    )
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const { out, work, env } = context;
        const minimums = (flags.min ?? []).map(parseMinimum);
        const cacheDir = userCacheFolder(env);
        const source = await openNamedRun(context, dir, flags.run);
        const root = await context.project(flags.on);
        if (root === source.project.root) throw sameProject();
        const model = await openRunModel(source.project, source.run, { ...work, env, cacheDir });
        checkMinimums(minimums, model.head.outputs);
        const training = await readTrainingImages(source.project, cacheDir, work);
        const { record } = source.run;
        const request = { model, record, training, project: projectName(source.project.root) };
        const result = await makeRun(root, evaluator, request, {
          ...work,
          ...(flags.name === undefined ? {} : { name: flags.name }),
          ...(flags.device === undefined ? {} : { device: flags.device }),
          inferenceProgram: context.inferenceProgram,
          policy: context.policy,
          env,
          cacheDir,
          versions: versions(),
          onRanked: ({ problems }, made) => {
            out.problems(problems);
            out.line(`Run ${made.run}: ${record.run} of ${request.project} on ${context.shown(root)}`);
            out.line(`  ${countedErrors(made.task, made.counts.errors)} to review`);
          },
        });
        if (flags.use === true) await chooseRun(await context.folder(flags.on), result.run, new Date());
        for (const line of describeMetrics(result.metrics)) out.line(line);
        const judged = result.metrics.all ? judge(minimums, result.metrics.all) : [];
        for (const one of judged) out.line(describeMinimum(one));
        out.line(
          flags.use === true
            ? `Shown from now on. Next: overread errors ${flags.on}`
            : `Not shown yet. Next: overread runs use ${flags.on} ${result.run}, or overread errors ${flags.on} --run ${result.run}`,
        );
        out.json({ ...result, minimums: judged });
        return judged.every(({ met }) => met) ? 0 : 1;
      }),
    );
}

function describeMinimum({ name, least, value, low, high, met }: Judged): string {
  const reached =
    value === null
      ? 'undefined'
      : `${value.toFixed(3)}${low === null || high === null ? '' : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`}`;
  return `${met ? 'met' : 'NOT MET'}: ${name} ${reached}, at least ${least} is asked for`;
}

function sameProject(): OverreadError {
  return new OverreadError({
    code: 'OVR001',
    message: 'The run would be evaluated on the project that trained it',
    expected: 'another project with --on',
    fix: 'The figures of its own project are in the run: overread runs',
  });
}
