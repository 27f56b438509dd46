// Opens a project in VS Code with this checkout's extension: the desktop's if there is one, else in the browser.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { runCommand, runOrThrow, runShown } from '../environment/process.mjs';
import { cacheFolder } from '../environment/cache.mjs';

/**
 * Packages the extension, installs it and opens `project`. In the browser it runs until Ctrl-C.
 * @param code absolute path of the desktop's command; undefined: in the browser
 */
export async function openInEditor(project, code) {
  const vsix = path.resolve('out', 'overread.vsix');
  console.log('\n== Packaging the extension');
  await runOrThrow(process.execPath, ['scripts/package.mjs', '--out', vsix]);

  if (code !== undefined) {
    console.log('\n== Opening it in VS Code');
    await runOrThrow(code, ['--install-extension', vsix, '--force'], { show: true });
    await runShown(code, ['--new-window', project]);
    return;
  }
  console.log('\n== No desktop VS Code (`code`) is on PATH: opening it in the browser');
  if ((await runShown(process.execPath, ['scripts/testEnvironment.mjs'])) !== 0) {
    console.log(`The project is in ${project}; install ${vsix} in any VS Code to review it.`);
    process.exit(4);
  }
  const { output } = await runCommand(process.execPath, ['scripts/testEnvironment.mjs', '--json']);
  const { node, codeServer } = JSON.parse(output.trim().split('\n').at(-1));
  const home = path.join(cacheFolder(), 'demo');
  const folders = [
    '--user-data-dir',
    path.join(home, 'user'),
    '--extensions-dir',
    path.join(home, 'extensions'),
  ];
  mkdirSync(home, { recursive: true });
  // The demo's own Node must not read what npm set for this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|VSCODE_)/.test(name)),
  );
  await runOrThrow(node, [codeServer, '--install-extension', vsix, '--force', ...folders], { env });
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    node,
    [
      ...[codeServer, '--auth', 'none', '--bind-addr', address, ...folders],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      ...['--disable-getting-started-override', project],
    ],
    { env, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  console.log(`\nVS Code: http://${address}/?folder=${encodeURIComponent(project)}`);
  console.log('Click the Overread icon at the left, then "Review Errors". Ctrl-C here ends it.');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => server.kill(signal));
  await new Promise((resolve) => {
    server.once('exit', resolve);
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
