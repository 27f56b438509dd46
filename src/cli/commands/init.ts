/** `overread init DIR`: a project from one folder per class, or from a table. */
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import { setConfigValue } from '../../core/config/config';
import { rowsRules } from '../../core/config/configSchema';
import { counted } from '../../core/base/counted';
import { exitCodes, OverreadError } from '../../core/base/errors';
import { parseSplit } from '../../core/dataset/givenSplit';
import type { Split } from '../../core/dataset/model';
import type { ColumnChoices } from '../../core/intake/guessColumns';
import type { RowsRule } from '../../core/intake/guessRows';
import { initProject, type Understood } from '../../core/intake/init';
import { getArchitecture } from '../../core/networks';
import { drawExamples } from '../drawExamples';
import { dicomOptions, withDicomOptions, withoutDicom, type DicomFlags } from '../initDicom';
import type { Output } from '../output';
import { action, wholeNumber, withOutputOptions, type Surroundings } from '../command';

interface Flags extends DicomFlags {
  /** The editor's: where examples are drawn that a page cannot show. */
  readonly thumbnails?: string;
  readonly images?: string;
  readonly csv?: string;
  readonly sheet?: string;
  readonly imageRoot?: string;
  /** false: none. */
  readonly join?: readonly string[] | false;
  readonly on?: readonly string[];
  readonly classLevel?: number;
  readonly classPattern?: string;
  readonly frames?: 'one' | 'all';
  readonly name?: string;
  readonly path?: string;
  readonly id?: string;
  /** false: none. */
  readonly group?: string | false;
  readonly groupPattern?: string;
  readonly study?: string | false;
  readonly split?: string | false;
  readonly splitValues?: string;
  readonly label?: string;
  readonly findings?: string;
  readonly separator?: string;
  readonly rows?: RowsRule;
  readonly reader?: string;
  readonly architecture?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly plan?: boolean;
  readonly yes?: boolean;
}

export function addInit(program: Command, surroundings: Surroundings): void {
  const command = withColumnOptions(withClassOptions(withOutputOptions(program.command('init'))));
  withDicomOptions(withJoinOptions(command))
    .description('make a project from a folder per class or from a table; says what it guessed and why')
    .argument('<dir>', 'the project folder; made if need be')
    .option('--images <folder>', 'one folder per class; a samples.csv is written')
    .option(
      '--csv <file>',
      'a table with one row per image (.csv, .tsv, .gz, .parquet, .xlsx); it stays where it is',
    )
    .option('--sheet <name>', 'with --csv: the sheet of an .xlsx (default: the first that holds rows)')
    .option(
      '--image-root <folder>',
      'with --csv: the folder that its images are in (default: the table’s and the project’s)',
    )
    .option('--name <name>', 'what the project is called (default: its folder)')
    .option('--architecture <name>', 'the network, by timm name')
    .option('--force', 'overwrite an overread.yaml')
    .addOption(new Option('--thumbnails <folder>', 'draw the examples of --json there').hideHelp())
    .option('--plan', 'show what would be made, and write nothing')
    .option('--yes', 'write the project without asking (also where nobody can be asked)')
    .action(
      action(surroundings, async (context, flags: Flags, dir: string) => {
        const { out } = context;
        const { images, csv, imageRoot, findings, splitValues, architecture, plan, yes, ...given } = flags;
        const { group, study, split, join, ...rest } = withoutDicom(given);
        if (architecture !== undefined) getArchitecture(architecture);
        const confirm = yes === true || flags.json === true ? undefined : context.confirm;
        const result = await initProject({
          ...rest,
          ...columnChoices({ group, study, split }),
          ...context.work,
          root: context.resolve(dir),
          policy: context.policy,
          ...(images === undefined ? {} : { images: context.resolve(images) }),
          ...(csv === undefined ? {} : { csv: context.resolve(csv) }),
          ...(join === undefined
            ? {}
            : { join: join === false ? null : join.map((one) => context.resolve(one)) }),
          ...(imageRoot === undefined ? {} : { imageRoot: context.resolve(imageRoot) }),
          ...(splitValues === undefined ? {} : { splitValues: parseSplitValues(splitValues) }),
          ...(findings === undefined ? {} : { findings: listed(findings) }),
          ...(await dicomOptions(context, flags)),
          approve: async (understood) => {
            describe(out, understood, csv === undefined ? '' : path.dirname(csv));
            if (plan === true || !confirm) return plan !== true;
            out.tellProblems();
            return confirm('Make this project?');
          },
        });
        const { thumbnails } = flags;
        const document =
          thumbnails === undefined
            ? result
            : { ...result, examples: await drawExamples(result.examples, context.resolve(thumbnails)) };
        if (result.files.length === 0) {
          out.line('Nothing was written. Overrule a guess with its option: overread init --help');
          out.json(document);
          return plan === true ? exitCodes.done : exitCodes.cancelled;
        }
        if (architecture !== undefined)
          await setConfigValue(await context.folder(dir), ['model', 'architecture'], architecture);
        out.line(`Wrote ${result.files.join(', ')}`);
        out.line(`Next: overread finetune ${dir}`);
        out.json(document);
        return undefined;
      }),
    );
}

const listed = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

/** What the columns of a table mean. */
function withColumnOptions(command: Command): Command {
  return command
    .option('--path <column>', 'the column with the image path')
    .option('--id <column>', 'the column that identifies a sample')
    .option('--group <column>', 'the patient')
    .option(
      '--group-pattern <regex>',
      'the patient is this part of that column, or of the image path: p(\\d+)_',
    )
    .option('--no-group', 'no column is the patient')
    .option('--study <column>', 'the study')
    .option('--no-study', 'no column is the study')
    .option('--split <column>', 'train, validation or test')
    .option('--no-split', 'the table has no split, or another one is wanted')
    .option('--split-values <pairs>', 'what its texts stand for: 1=train,2=validation,3=test')
    .option('--label <column>', 'the class, or a list of findings')
    .option('--findings <columns>', 'one column per finding, separated by commas')
    .option('--separator <text>', 'with --label: what stands between the findings of a list')
    .addOption(new Option('--rows <meaning>', 'what several rows of one image mean').choices(rowsRules))
    .option('--reader <column>', 'who read a row: then rows are readings');
}

/** Tables that stand apart. */
function withJoinOptions(command: Command): Command {
  const collect = (one: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    one,
  ];
  return command
    .addOption(
      new Option(
        '--join <table>',
        'with --csv: a table with labels, parts or patients of its rows; several times',
      ).argParser(collect),
    )
    .addOption(
      new Option(
        '--on <key>',
        'with --join: the column that both have, or COLUMN=COLUMN_THERE; with --labels: ELEMENT or ELEMENT=COLUMN',
      ).argParser(collect),
    )
    .option('--no-join', 'nothing that lies beside the table belongs to it');
}

/** Where the class of an image stands, for images without a table. */
function withClassOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--class-level <n>',
        'with --images: which level of folders is the classes, from 1',
      ).argParser(wholeNumber('--class-level', 1)),
    )
    .addOption(
      new Option(
        '--frames <which>',
        'with --images: of DICOM files with several frames, one of them (default) or all',
      ).choices(['one', 'all']),
    )
    .option(
      '--class-pattern <regex>',
      'with --images: where the path of an image says the class, such as _(\\w+)\\.png$',
    );
}

/** The columns that were named; null for those that are said to be none. */
function columnChoices({
  group,
  study,
  split,
}: {
  readonly [Option in 'group' | 'study' | 'split']: string | false | undefined;
}): Pick<ColumnChoices, 'group' | 'study' | 'split'> {
  return {
    ...(group === undefined ? {} : { group: group === false ? null : group }),
    ...(study === undefined ? {} : { study: study === false ? null : study }),
    ...(split === undefined ? {} : { split: split === false ? null : split }),
  };
}

/** What was understood, for people. @param folder of the table, as it was named */
function describe(
  out: Output,
  { choices, alternatives, ignored, metadata, summary, problems, samples, patients }: Understood,
  folder: string,
): void {
  for (const { setting, value, because } of choices) {
    out.line(`  ${setting}: ${JSON.stringify(value)}  (${because})`);
  }
  for (const { option, values } of alternatives) {
    const isFile = option === 'join' || option === 'image-root';
    const words = values.map((value) => shellWord(isFile ? path.join(folder, value) : value));
    out.line(`  or choose: ${words.map((word) => `--${option} ${word}`).join(', ')}`);
  }
  for (const { column, because } of ignored) out.line(`  not used: ${column}  (${because})`);
  if (metadata.length > 0) out.line(`  kept beside the images: ${metadata.join(', ')}`);
  for (const line of summary) out.line(`  ${line}`);
  out.line(`${counted(samples, 'image')} of ${counted(patients, 'patient')}.`);
  out.problems(problems);
}

/** A word of a command line, in quotes where a shell would take it apart. */
const shellWord = (text: string): string => (/^[\w./-]+$/.test(text) ? text : JSON.stringify(text));

/** `1=train,2=validation`. @throws OverreadError OVR001 */
function parseSplitValues(text: string): Record<string, Split> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [from = '', to = ''] = pair.split('=').map((side) => side.trim());
      const part = parseSplit(to);
      if (!part || from === '') {
        throw new OverreadError({
          code: 'OVR001',
          message: `--split-values: "${pair}" says no part`,
          expected: 'TEXT=train, TEXT=validation or TEXT=test, separated by commas',
        });
      }
      return [from, part];
    }),
  );
}
