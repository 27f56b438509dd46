/** All commands of `overread`, and what happens to a line that is none of them. */
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json';
import { exitCodes } from '../core/base/errors';
import { visibleText } from '../core/base/visibleText';
import type { Surroundings } from './command';
type AddCommands = (program: Command, surroundings: Surroundings) => void;

/**
 * The commands by the modules that add them, in the order of the help. A module is loaded when one of its commands is
 * asked for: one label need not wait for ONNX Runtime.
 */
const modules: readonly { readonly names: string; readonly load: () => Promise<AddCommands> }[] = [
  { names: 'init', load: async () => (await import('./commands/init')).addInit },
  { names: 'check', load: async () => (await import('./commands/check')).addCheck },
  { names: 'together', load: async () => (await import('./commands/together')).addTogether },
  { names: 'apart', load: async () => (await import('./commands/apart')).addApart },
  { names: 'ignore', load: async () => (await import('./commands/ignore')).addIgnore },
  { names: 'relink', load: async () => (await import('./commands/relink')).addRelink },
  { names: 'pseudonyms', load: async () => (await import('./commands/pseudonyms')).addPseudonyms },
  { names: 'sample', load: async () => (await import('./commands/sample')).addSample },
  { names: 'finetune', load: async () => (await import('./commands/finetune')).addFinetune },
  { names: 'agreement', load: async () => (await import('./commands/agreement')).addAgreement },
  { names: 'errors', load: async () => (await import('./commands/errors')).addErrors },
  { names: 'suspects', load: async () => (await import('./commands/suspects')).addSuspects },
  { names: 'cohorts', load: async () => (await import('./commands/cohorts')).addCohorts },
  { names: 'shortcuts', load: async () => (await import('./commands/shortcuts')).addShortcuts },
  { names: 'corrections', load: async () => (await import('./commands/corrections')).addCorrections },
  {
    names: 'label accept keep uncertain exclude include undo redo',
    load: async () => (await import('./commands/label')).addLabelCommands,
  },
  { names: 'runs', load: async () => (await import('./commands/runs')).addRuns },
  { names: 'metrics', load: async () => (await import('./commands/metrics')).addMetrics },
  { names: 'report', load: async () => (await import('./commands/report')).addReport },
  { names: 'jobs', load: async () => (await import('./commands/jobs')).addJobs },
  { names: 'diff', load: async () => (await import('./commands/diff')).addDiff },
  { names: 'compare', load: async () => (await import('./commands/compare')).addCompare },
  { names: 'sweep', load: async () => (await import('./commands/sweep')).addSweep },
  { names: 'export', load: async () => (await import('./commands/export')).addExport },
  { names: 'explain', load: async () => (await import('./commands/explain')).addExplain },
  { names: 'predict', load: async () => (await import('./commands/predict')).addPredict },
  { names: 'evaluate', load: async () => (await import('./commands/evaluate')).addEvaluate },
  { names: 'image', load: async () => (await import('./commands/image')).addImage },
  { names: 'features', load: async () => (await import('./commands/features')).addFeatures },
  { names: 'models', load: async () => (await import('./commands/models')).addModels },
  { names: 'setup-python', load: async () => (await import('./commands/setupPython')).addSetupPython },
  { names: 'setup-cuda', load: async () => (await import('./commands/setupCuda')).addSetupCuda },
  { names: 'doctor', load: async () => (await import('./commands/doctor')).addDoctor },
];

/** The modules that a line needs: that of its command, else all, since help and suggestions name every command. */
function modulesFor(command: string | undefined): typeof modules {
  const own = modules.find(({ names }) => names.split(' ').includes(command ?? ''));
  return own ? [own] : modules;
}

/** Builds the command tree, as far as one line needs it. */
async function buildProgram(args: readonly string[], surroundings: Surroundings): Promise<Command> {
  const program = new Command('overread')
    .description('Fine-tune the last layer, read every error, correct the labels, fine-tune again.')
    .version(manifest.version)
    .showHelpAfterError('(add --help for what this command takes)')
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(visibleLines(text)),
      writeErr: (text) => surroundings.stderr.write(visibleLines(text)),
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 findings, 2 usage, 3 input, 4 environment, 130 cancelled.\n' +
        'A first look without data of your own: overread sample DIR && overread finetune DIR && overread errors DIR',
    );
  for (const { load } of modulesFor(args[0])) (await load())(program, surroundings);
  exitByThrowing(program);
  return program;
}

/** Runs one command line. Never throws; the exit code goes to `surroundings.exit`. */
export async function parseAndRun(args: readonly string[], surroundings: Surroundings): Promise<void> {
  try {
    const program = await buildProgram(args, surroundings);
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end with 0; everything else that commander refuses is a usage error.
    surroundings.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
  }
}

/** Help is ours and has lines; a usage error repeats what was typed, or what a script took from data. */
function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}

function exitByThrowing(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) exitByThrowing(child);
}
