/**
 * `overread label`, `accept`, `keep`, `uncertain`, `exclude`, `include`, `undo`, `redo`: one batch of edits each; exit
 * 0 means that it is on disk. What an answer means is core's, as for the page.
 */
import { Option, type Command } from 'commander';
import { appendRedo, appendUndo } from '../../core/labels/log';
import type { Answer } from '../../core/labels/model';
import type { LabelledSamples } from '../../core/project/labelledSamples';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../command';
import {
  acceptSamples,
  annotatorOf,
  answerSamples,
  namedIn,
  reportEvents,
  type AnswerFlags,
} from './answers';

/** The answers that need no model, with what the help says of them and of `--finding`. */
const answers = [
  ['keep', 'keep the label that stands, off the error list', 'the finding; needed with several'],
  [
    'uncertain',
    'nobody can tell: neither trained nor measured on, the label before is kept beside it',
    'the finding; needed with several',
  ],
  ['exclude', 'leave out of training and figures', 'only this finding; else the whole sample'],
  ['include', 'take an exclusion back', 'only this finding; else the whole sample'],
] as const;

export function addLabelCommands(program: Command, surroundings: Surroundings): void {
  const command = (name: string, description: string): Command =>
    withOutputOptions(program.command(name)).description(description).argument('<dir>', 'the project');
  const withReader = (of: Command): Command =>
    of
      .option('--annotator <name>', 'who says so (default: git’s user.name)')
      .addOption(
        new Option('--role <role>', 'adjudications outrank readings').choices(['reader', 'adjudicator']),
      )
      .option('--reason <text>', 'why, in free text');
  const withOffer = (of: Command): Command =>
    of.option('--offer <id>', 'the offer of overread suspects --next or --audit that this answers');
  const samplesCommand = (name: string, description: string, finding: string): Command =>
    withReader(command(name, description))
      .argument('<samples...>', 'their ids, as in the table')
      .option('--finding <name>', finding);

  withOffer(withReader(command('label', 'set a label: VALUE, or FINDING=VALUE')))
    .argument('<sample>', 'its id, as in the table')
    .argument('<value>', 'a class or uncertain, or FINDING=VALUE')
    .action(
      action(
        surroundings,
        async (context: CommandContext, flags: AnswerFlags, dir: string, sample: string, value: string) => {
          await answerSamples(context, flags, dir, [sample], (project) => labelled(project, sample, value));
          return undefined;
        },
      ),
    );
  samplesCommand('accept', 'take the model’s label', 'the finding; needed with several')
    .option('--run <run>', 'a run by its name or a part of it (default: the one that is shown)')
    .action(
      action(
        surroundings,
        async (context: CommandContext, flags: AnswerFlags, dir: string, samples: string[]) => {
          await acceptSamples(context, flags, dir, samples);
          return undefined;
        },
      ),
    );
  for (const [op, description, finding] of answers) {
    const answer = samplesCommand(op, description, finding);
    (op === 'include' ? answer : withOffer(answer)).action(
      action(
        surroundings,
        async (context: CommandContext, flags: AnswerFlags, dir: string, samples: string[]) => {
          await answerSamples(context, flags, dir, samples, (project) => {
            const named = namedIn(project, samples, flags);
            const about = named.finding === undefined ? {} : { finding: named.finding };
            return { answer: { op }, targets: named.ids.map((sample) => ({ sample, ...about })) };
          });
          return undefined;
        },
      ),
    );
  }
  for (const op of ['undo', 'redo'] as const) {
    command(op, op === 'undo' ? 'take your last edit back' : 'bring back what you undid last')
      .option('--annotator <name>', 'whose edit (default: git’s user.name)')
      .action(
        action(surroundings, async (context: CommandContext, flags: AnswerFlags, dir: string) => {
          const root = await context.project(dir);
          const annotator = await annotatorOf(context, root, flags);
          const project = await context.open(dir);
          const append = op === 'undo' ? appendUndo : appendRedo;
          reportEvents(
            context,
            await append(root, annotator, { reader: project.log, folder: project.folder }),
          );
          return undefined;
        }),
      );
  }
}

/** `VALUE`, or `FINDING=VALUE`; an empty value unmentions a finding. */
function labelled(
  { dataset }: LabelledSamples,
  sample: string,
  text: string,
): { answer: Answer; targets: { sample: string; finding?: string }[] } {
  const findings = new Set(dataset.findings.map(({ name }) => name));
  const at = text.indexOf('=');
  const isNamed = at > 0 && (dataset.task === 'multi-label' || findings.has(text.slice(0, at)));
  const value = isNamed ? text.slice(at + 1) : text;
  return {
    answer: { op: 'set', value: value === '' ? null : value },
    targets: [{ sample, ...(isNamed ? { finding: text.slice(0, at) } : {}) }],
  };
}
