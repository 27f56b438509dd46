/** `overread label`, `keep`, `exclude`, `include`, `undo`, `redo`: one edit each; exit 0 means that it is on disk. */
import { Option, type Command } from 'commander';
import { OverreadError } from '../../core/base/errors';
import { classFinding } from '../../core/dataset/model';
import { defaultAnnotator } from '../../core/labels/annotator';
import { appendEdits, appendRedo, appendUndo } from '../../core/labels/log';
import type { Annotator, LabelEdit, LabelEvent, Role } from '../../core/labels/model';
import { standingValue, prepareEdits } from '../../core/labels/prepare';
import { latestSoundRunName } from '../../core/runs/wholeRun';
import { type LabelledSample, openSample } from '../../core/project/labelledSample';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../command';

interface Flags {
  readonly annotator?: string;
  readonly role?: Role;
  readonly reason?: string;
}

type Run = (
  context: CommandContext,
  flags: Flags,
  dir: string,
  sample: string,
  ...rest: (string | undefined)[]
) => Promise<number | undefined>;

export function addLabelCommands(program: Command, surroundings: Surroundings): void {
  const sampleCommand = (name: string, description: string, run: Run): Command =>
    withOutputOptions(program.command(name))
      .description(description)
      .argument('<dir>', 'the project')
      .argument('<sample>', 'its id, as in the table')
      .option('--annotator <name>', 'who says so (default: git’s user.name)')
      .addOption(
        new Option('--role <role>', 'adjudications outrank readings').choices(['reader', 'adjudicator']),
      )
      .option('--reason <text>', 'why, in free text')
      .action(action(surroundings, run));

  sampleCommand(
    'label',
    'set a label: VALUE, or FINDING=VALUE',
    async (context, flags, dir, sample, answer) =>
      edit(context, flags, dir, sample, (project) => parseAnswer(project, sample, answer ?? '')),
  ).argument('<value>', 'a class or uncertain, or FINDING=VALUE');
  sampleCommand(
    'keep',
    'keep the label that stands, off the error list',
    async (context, flags, dir, sample, finding) =>
      edit(context, flags, dir, sample, (project) => ({
        op: 'keep',
        sample,
        finding: findingOf(project, finding),
      })),
  ).argument('[finding]', 'needed with several findings');
  for (const op of ['exclude', 'include'] as const) {
    sampleCommand(
      op,
      op === 'exclude' ? 'leave out of training and figures' : 'take an exclusion back',
      async (context, flags, dir, sample, finding) =>
        edit(context, flags, dir, sample, () => ({
          op,
          sample,
          ...(finding === undefined ? {} : { finding }),
        })),
    ).argument('[finding]', 'only this finding; else the whole sample');
  }
  for (const op of ['undo', 'redo'] as const) {
    withOutputOptions(program.command(op))
      .description(op === 'undo' ? 'take your last edit back' : 'bring back what you undid last')
      .argument('<dir>', 'the project')
      .option('--annotator <name>', 'whose edit (default: git’s user.name)')
      .action(
        action(surroundings, async (context, flags: Flags, dir: string) => {
          const root = await context.project(dir);
          const annotator = await annotatorOf(context, root, flags);
          const project = await context.open(dir);
          const append = op === 'undo' ? appendUndo : appendRedo;
          report(context, await append(root, annotator, { reader: project.log, folder: project.folder }));
          return undefined;
        }),
      );
  }
}

async function edit(
  context: CommandContext,
  flags: Flags,
  dir: string,
  sample: string,
  make: (project: LabelledSample) => LabelEdit,
): Promise<number | undefined> {
  const root = await context.project(dir);
  const annotator = await annotatorOf(context, root, flags);
  const project = await openSample(root, sample, { policy: context.policy });
  context.out.problems(project.problems);
  const run = await latestSoundRunName(root);
  const asked: LabelEdit = {
    ...make(project),
    ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    ...(run === undefined ? {} : { run }),
  };
  const edits = prepareEdits(project.labels, [asked]);
  const previous = (one: LabelEdit) => standingValue(project.labels, one);
  const options = {
    reader: project.log,
    folder: project.folder,
    actsOn: (id: string) => project.labels.idsWith(id),
  };
  report(context, await appendEdits(root, annotator, edits, previous, options));
  return undefined;
}

function findingOf(project: LabelledSample, named: string | undefined): string {
  if (named !== undefined) return named;
  if (project.dataset.task === 'multi-class') return classFinding;
  throw new OverreadError({
    code: 'OVR401',
    message: 'This project has several findings and none was named',
    expected: `one of ${project.dataset.findings.map((finding) => finding.name).join(', ')}`,
  });
}

/** `VALUE`, or `FINDING=VALUE`; an empty value unmentions a finding. */
function parseAnswer(project: LabelledSample, sample: string, answer: string): LabelEdit {
  const findings = new Set(project.dataset.findings.map((finding) => finding.name));
  const at = answer.indexOf('=');
  const named = at > 0 && (project.dataset.task === 'multi-label' || findings.has(answer.slice(0, at)));
  const value = named ? answer.slice(at + 1) : answer;
  const finding = findingOf(project, named ? answer.slice(0, at) : undefined);
  return { op: 'set', sample, finding, value: value === '' ? null : value };
}

async function annotatorOf(context: CommandContext, root: string, flags: Flags): Promise<Annotator> {
  const name =
    flags.annotator ?? context.env['OVERREAD_ANNOTATOR'] ?? (await defaultAnnotator(root, context.env));
  if (name === undefined || name.trim() === '') {
    throw new OverreadError({
      code: 'OVR406',
      message: 'It is not known who makes this edit',
      fix: 'Give --annotator NAME, or set git config user.name',
    });
  }
  return { name, role: flags.role ?? 'reader' };
}

function report(context: CommandContext, events: readonly LabelEvent[]): void {
  for (const event of events) {
    const value = event.value === undefined ? '' : ` = ${event.value ?? '(none)'}`;
    const finding = event.finding === undefined ? '' : ` ${event.finding}`;
    context.out.line(`${event.op} ${event.sample}${finding}${value} by ${event.annotator}`);
  }
  context.out.json({ events });
}
