/** All commands of `overread`, and what happens to a line that is none of them. */
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json';
import { exitCodes } from '../core/base/errors';
import { visibleText } from '../core/base/visibleText';
import type { Surroundings } from './command';
import { addCompare } from './commands/compare';
import { addDoctor } from './commands/doctor';
import { addErrors } from './commands/errors';
import { addExplain } from './commands/explain';
import { addExport } from './commands/export';
import { addFeatures } from './commands/features';
import { addFinetune } from './commands/finetune';
import { addInit } from './commands/init';
import { addLabelCommands } from './commands/label';
import { addModels } from './commands/models';
import { addRuns } from './commands/runs';
import { addSample } from './commands/sample';

const commands = [
  addInit,
  addSample,
  addFinetune,
  addErrors,
  addLabelCommands,
  addRuns,
  addCompare,
  addExport,
  addExplain,
  addFeatures,
  addModels,
  addDoctor,
];

/** Builds the command tree. */
export function buildProgram(surroundings: Surroundings): Command {
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
  for (const add of commands) add(program, surroundings);
  exitByThrowing(program);
  return program;
}

/** Runs one command line. Never throws; the exit code goes to `surroundings.exit`. */
export async function parseAndRun(args: readonly string[], surroundings: Surroundings): Promise<void> {
  try {
    await buildProgram(surroundings).parseAsync([...args], { from: 'user' });
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
