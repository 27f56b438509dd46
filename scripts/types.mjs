// Type-checks each folder by its own tsconfig, since each may see other things (DOM, Node, VS Code or none). What the compiler
// found out is kept in the user's cache, so that the next check looks at what changed.
import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { checkoutCache } from './environment/checkoutCache.mjs';
import { runCommand } from './environment/process.mjs';
import { writeCounts } from './test/counts.mjs';

// The native compiler; ESLint has the older one, which can be asked for types.
const compiler = path.join('node_modules', 'typescript7', 'bin', 'tsc');
const folders = [
  ...readdirSync('src').map((name) => `src/${name}`),
  'webview-ui',
  'test',
  'bench',
  '.',
].filter((folder) => existsSync(path.join(folder, 'tsconfig.json')));

const cache = checkoutCache('types');
const failures = [];
for (const folder of folders) {
  const known = path.join(cache, `${folder.replaceAll('/', '-')}.tsbuildinfo`);
  const { code, output } = await runCommand(process.execPath, [
    compiler,
    ...['-p', folder, '--noEmit', '--incremental', '--tsBuildInfoFile', known],
  ]);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${folder}`);
  if (code !== 0) {
    failures.push(`types of ${folder}`);
    console.log(output);
  }
}
writeCounts({ passed: folders.length - failures.length, failed: failures.length, skipped: 0, failures });
process.exitCode = failures.length === 0 ? 0 : 1;
