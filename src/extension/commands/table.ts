/** Every command of the extension. test/extension/manifest.test.ts compares it with package.json both ways. */
import { architectureCommands } from './architectureCommands';
import type { Command } from './command';
import { compareCommands } from './compareCommands';
import { gridCommandTable } from './gridCommands';
import { projectCommands } from './projectCommands';
import { reviewCommands } from './reviewCommands';
import { runCommands } from './runCommands';
import { supportCommands } from './supportCommands';

export const commandTable: readonly Command[] = [
  ...projectCommands,
  ...architectureCommands,
  ...reviewCommands,
  ...runCommands,
  ...compareCommands,
  ...supportCommands,
  ...gridCommandTable,
];
