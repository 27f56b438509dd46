/** Of the hundred extensions that come with VS Code, those that the windows of a layer cannot do without. */
import { mkdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { testTools } from './testTools';

/** Colours, icons, and the languages of overread.yaml and of settings. */
const needed = ['theme-defaults', 'theme-seti', 'yaml', 'json'];

/**
 * Makes a folder of them, and of others that are named: a window that has all takes a quarter more of the processor's time
 * until it is open, most of it for what they contribute to menus and settings.
 */
export function linkNeededExtensions(folder: string, others: readonly string[] = []): void {
  const all = path.resolve(path.dirname(testTools().vscodeServer), '..', 'extensions');
  mkdirSync(folder, { recursive: true });
  for (const name of [...needed, ...others]) symlinkSync(path.join(all, name), path.join(folder, name));
}
