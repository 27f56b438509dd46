// `npm run demo [-- --no-open] [FOLDER]`: builds, makes the synthetic sample (or takes a folder of yours, one folder
// per class, or a project), fine-tunes, prints the worst errors, and opens the project in VS Code.
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { openInEditor } from './demo/openInEditor.mjs';
import { findCommand, runShown } from './environment/process.mjs';

const { values, positionals } = parseArgs({
  options: { 'no-open': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const cli = path.resolve('dist', 'cli.js');

/** Runs a step where everybody sees it; the demo ends with the first that fails. */
async function step(title, command, commandArguments) {
  console.log(`\n== ${title}`);
  const code = await runShown(command, commandArguments);
  // 1 means that the command worked and found something: errors to review.
  if (code > 1) process.exit(code);
}
const overread = (title, ...commandArguments) => step(title, process.execPath, [cli, ...commandArguments]);

await step('Building', process.execPath, ['scripts/build.mjs']);

const project = path.resolve(positionals[0] ?? 'demo');
if (existsSync(path.join(project, 'overread.yaml'))) console.log(`\n== Using the project in ${project}`);
else if (positionals[0] === undefined) await overread('Making a synthetic sample project', 'sample', project);
else await overread('Describing the folder', 'init', project, '--images', project);

await overread('Fine-tuning the last layer', 'finetune', project);
await overread('What the model gets wrong, worst first', 'errors', project, '--limit', '15');

if (values['no-open']) console.log(`\nThe project is in ${project}. To see it in VS Code: npm run demo`);
else await openInEditor(project, findCommand('code'));
