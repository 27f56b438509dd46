/** `overread metrics DIR`: how good a run is: figures with intervals, curves, calibration, operating points, a guarantee. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { suggest } from '../../core/base/suggest';
import type { GuaranteedFigure } from '../../core/evaluation/guarantee';
import { figuresAt } from '../../core/evaluation/operatingFigures';
import { recordTestLook } from '../../core/project/testLooks';
import { withoutTest } from '../../core/project/testLooks';
import { analyseMeasured } from '../../core/report/analyseRun';
import type { GuaranteeReport } from '../../core/report/guaranteeModel';
import { guaranteeOf } from '../../core/report/untouchedGuarantee';
import { measuredParts, type MeasuredRun } from '../../core/runs/measuredParts';
import { hasRandomWeights } from '../../core/runs/abilities';
import { action, withOutputOptions, type Surroundings } from '../command';
import { describeAnalysis, describeThreshold } from '../describeAnalysis';
import { describeMetrics } from '../describeMetrics';
import { markRandom } from '../../core/review/describeRanked';
import { openNamedRun } from '../namedRun';

interface Flags {
  readonly run?: string;
  readonly test?: boolean;
  readonly bands: boolean;
  readonly output?: string;
  readonly threshold?: number;
  readonly guarantee?: Asked;
  readonly confidence: number;
}

/** What `--guarantee` asks for. */
interface Asked {
  readonly figure: GuaranteedFigure;
  readonly atLeast: number;
}

export function addMetrics(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('metrics'))
    .description(
      'show how good a run is: figures, calibration, operating points; --json has the curves as well',
    )
    .argument('<project>', 'the project, or the folder of a run')
    .option('--run <run>', 'a run by its name or a part of it (default: the one that is shown)')
    .option('--test', 'with the test part; the look is counted')
    .option('--no-bands', 'without the bands of the curves, which take longer than all else')
    .option('--output <name>', 'the class or finding that --threshold and --guarantee are about')
    .option('--threshold <p>', 'what calling it from this probability on comes to', share('--threshold'))
    .option(
      '--guarantee <figure=value>',
      'the threshold above which PPV, or below which NPV, is guaranteed: ppv=0.9, npv=0.98; spends the test part',
      parseGuarantee,
    )
    .option('--confidence <share>', 'how sure the guarantee is', share('--confidence'), 0.95)
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const { out, work } = context;
        const { project, run } = await openNamedRun(context, dir, flags.run);
        out.problems(project.problems);
        const { output, threshold, guarantee: asked } = flags;
        if (output !== undefined) refuseUnknown(output, run.record.outputs);
        if ((threshold !== undefined || asked) && output === undefined) throw outputMissing();
        const guaranteed =
          asked && output !== undefined
            ? await guaranteeOf(project, run, { output, ...asked, confidence: flags.confidence }, new Date())
            : undefined;
        const test = flags.test === true;
        if (test) await recordTestLook(project.folder, 'overread metrics --test', new Date());
        const measured = measuredParts(project, run, test);
        const analysis = await analyseMeasured(project, run, measured, { ...work, bands: flags.bands });
        const at =
          output === undefined || threshold === undefined
            ? undefined
            : atThreshold(measured, output, threshold, analysis.prevalence);
        out.line(markRandom(run.record.run, hasRandomWeights(run.record)));
        for (const line of describeMetrics(run.metrics)) out.line(line);
        for (const line of describeAnalysis(analysis)) out.line(line);
        if (at && output !== undefined)
          for (const line of ['', ...describeThreshold(output, at)]) out.line(line);
        if (guaranteed) out.line(`\n${describeGuarantee(guaranteed)}`);
        out.json({
          ...analysis,
          figures: test ? run.metrics : withoutTest(run.metrics),
          ...(at ? { at_threshold: { output, figures: at } } : {}),
          ...(guaranteed ? { guarantee: guaranteed } : {}),
        });
        return undefined;
      }),
    );
}

function atThreshold(
  { parts }: MeasuredRun,
  name: string,
  threshold: number,
  prevalence: Readonly<Record<string, number>>,
) {
  const share = Object.hasOwn(prevalence, name) ? (prevalence[name] ?? null) : null;
  return parts.flatMap(({ part, layout }) => {
    const output = layout.outputs.find((one) => one.name === name);
    return output ? [{ part, figures: figuresAt(output, threshold, share) }] : [];
  });
}

function describeGuarantee(report: GuaranteeReport): string {
  const { output, figure, atLeast, confidence, given } = report;
  const asked = `${figure.toUpperCase()} of at least ${percent(atLeast)} for ${output}, with a confidence of ${percent(confidence)}`;
  if (!('threshold' in given)) return `No guarantee of a ${asked}: ${given.why}`;
  const side = figure === 'ppv' ? 'at or above' : 'below';
  return `Guaranteed: a ${asked}, ${side} ${given.threshold.toFixed(4)} (${String(given.right)} of ${String(given.called)} patients right)`;
}

function percent(value: number): string {
  return `${String(Number((100 * value).toFixed(2)))} %`;
}

function share(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value > 0 && value < 1) return value;
    throw new InvalidArgumentError(`${name} must be above 0 and below 1.`);
  };
}

function parseGuarantee(text: string): Asked {
  const [, figure, value = ''] = /^(ppv|npv)=(.+)$/i.exec(text) ?? [];
  if (figure === undefined) throw new InvalidArgumentError('Expected ppv=0.9 or npv=0.98.');
  return { figure: figure.toLowerCase() as GuaranteedFigure, atLeast: share('The value')(value) };
}

function refuseUnknown(output: string, outputs: readonly string[]): void {
  if (outputs.includes(output)) return;
  const near = suggest(output, outputs);
  throw new OverreadError({
    code: 'OVR001',
    message: `The run has no output "${output}"`,
    expected: outputs.join(', '),
    ...(near === undefined ? {} : { fix: `Did you mean ${near}?` }),
  });
}

function outputMissing(): OverreadError {
  return new OverreadError({
    code: 'OVR001',
    message: '--threshold and --guarantee are about one class or finding',
    expected: '--output NAME',
  });
}
