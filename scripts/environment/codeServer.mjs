// VS Code from the npm registry: Node 24 and code-server, each in a folder of its own. Installing both at once
// fails, because npm moves the Node folder while code-server is being built with it.
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { fillOnce } from './cache.mjs';
import { installPackages, missingPackages } from './debian.mjs';
import { runOrThrow } from './process.mjs';

/** code-server wants Node 24 whatever the project's own is; 4.138.0 carries VS Code 1.138, the minimum of the extension. */
export const versions = { node: '24.21.0', codeServer: '4.138.0' };

/** Libraries and tools that code-server's native modules are compiled with. */
const buildPackages = [
  ...['libkrb5-dev', 'libx11-dev', 'libxkbfile-dev', 'libsecret-1-dev'],
  ...['pkg-config', 'python3', 'make', 'g++'],
];

/** The paths of an installation, there or not. */
export function codeServerPaths(cache) {
  const nodeFolder = path.join(cache, `node-${versions.node}`);
  const codeServerFolder = path.join(cache, `code-server-${versions.codeServer}`);
  const program = path.join(codeServerFolder, 'node_modules', 'code-server');
  return {
    nodeFolder,
    codeServerFolder,
    node: path.join(nodeFolder, 'node_modules', 'node', 'bin', 'node'),
    codeServer: path.join(program, 'out', 'node', 'entry.js'),
    vscodeServer: path.join(program, 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/** Installs what is missing, after saying so. */
export async function installCodeServer(cache, say) {
  const { nodeFolder, codeServerFolder, node } = codeServerPaths(cache);
  await fillOnce(nodeFolder, async (folder) => {
    say(`Installing Node ${versions.node} for VS Code's server (npm, about 190 MB) into ${folder}`);
    await npmInstall(folder, { node: versions.node }, npmEnvironment());
  });
  await fillOnce(codeServerFolder, async (folder) => {
    const missing = await missingPackages(buildPackages);
    if (missing !== null && missing.length > 0) {
      await installPackages(missing, "building VS Code's server", say);
    }
    say(
      `Installing VS Code's server (code-server ${versions.codeServer} from npm, about 620 MB, two minutes) into ${folder}`,
    );
    const headers = path.join(
      ...[nodeFolder, 'node_modules', 'node', 'node_modules'],
      `node-${process.platform}-${process.arch}`,
    );
    await npmInstall(
      folder,
      { 'code-server': versions.codeServer },
      {
        ...npmEnvironment(),
        npm_config_nodedir: headers,
        PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
      },
    );
  });
}

async function npmInstall(folder, dependencies, env) {
  // npm 12 runs the install scripts of named packages only; these build the server and bring Node's binary.
  const allowScripts = { node: true, 'code-server': true, argon2: true };
  const manifest = { private: true, dependencies, allowScripts };
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest)}\n`);
  await runOrThrow('npm', ['install', '--no-audit', '--no-fund', '--no-update-notifier'], {
    cwd: folder,
    env,
  });
}

/**
 * The environment without what an outer `npm test` put there: npm would take the project for its place of work,
 * and code-server's installer reads the outer Node's version from the user agent. Settings of the registry and
 * proxies stay.
 */
function npmEnvironment() {
  const own =
    /^npm_(lifecycle_|package_|command$|config_(user_agent|local_prefix|prefix|global_prefix|npm_version|nodedir|omit|include|production|ignore_scripts)$)/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !own.test(name) && name !== 'INIT_CWD'),
  );
}
