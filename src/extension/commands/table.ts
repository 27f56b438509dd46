/** Every command of the extension: its row in the manifest's table, and what it does. */
import { commands } from '../contributions';
import { commandRows, type CommandName } from '../manifest/commandRows';
import { architectureCommands } from './architectureCommands';
import type { Command, Handler } from './command';
import { compareCommands } from './compareCommands';
import { findingCommands } from './findingCommands';
import { gridCommandTable } from './gridCommands';
import { importCommands } from './importCommands';
import { jobCommands } from './jobCommands';
import { lookingCommands } from './lookingCommands';
import { projectCommands } from './projectCommands';
import { reviewCommands } from './reviewCommands';
import { runCommands } from './runCommands';
import { suspectCommands } from './suspectCommands';
import { supportCommands } from './supportCommands';

/** Each row has its handler: the compiler says which is missing. */
const handlers: { readonly [Name in CommandName]: Handler } = {
  ...projectCommands,
  ...architectureCommands,
  ...reviewCommands,
  ...runCommands,
  ...jobCommands,
  ...importCommands,
  ...compareCommands,
  ...suspectCommands,
  ...findingCommands,
  ...lookingCommands,
  ...supportCommands,
};

export const commandTable: readonly Command[] = [
  ...commandRows.map(({ name, needs }) => ({ id: commands[name], needs, run: handlers[name] })),
  ...gridCommandTable,
];
