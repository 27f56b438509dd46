// What tests and the demo need beside npm's packages: VS Code's server with its Node, and a browser.
// `node scripts/testEnvironment.mjs` installs what is missing, after saying so, and prints where things are;
// `--json` prints that as one JSON line on stdout; `--check` installs nothing and exits 1 when something lacks.
import { cacheFolder, isReady, withCacheLock } from './environment/cache.mjs';
import { findChromium, findOrInstallChromium } from './environment/chromium.mjs';
import { codeServerPaths, installCodeServer } from './environment/codeServer.mjs';

const json = process.argv.includes('--json');
const say = (text) => process.stderr.write(`${text}\n`);

const cache = cacheFolder();
const paths = codeServerPaths(cache);
const codeServerReady = () => isReady(paths.nodeFolder) && isReady(paths.codeServerFolder);

/** A part that cannot be had is a problem with a reason; the others are still used. */
const problems = [];
let chromium = await findChromium();

if (process.argv.includes('--check')) {
  if (!codeServerReady()) problems.push(`VS Code's server is not installed in ${cache}.`);
  if (chromium === null) problems.push('No Chrome or Chromium was found.');
} else if (!codeServerReady() || chromium === null) {
  await withCacheLock(cache, say, async () => {
    try {
      if (process.platform === 'win32') throw new Error("VS Code's server does not run on Windows.");
      await installCodeServer(cache, say);
    } catch (error) {
      problems.push(error.message);
    }
    try {
      chromium = await findOrInstallChromium(say);
    } catch (error) {
      problems.push(error.message);
    }
  });
}

const environment = {
  cache,
  ...(codeServerReady()
    ? { node: paths.node, codeServer: paths.codeServer, vscodeServer: paths.vscodeServer }
    : { node: null, codeServer: null, vscodeServer: null }),
  chromium,
  problems,
};
if (json) console.log(JSON.stringify(environment));
else {
  console.log(`VS Code's server: ${environment.codeServer ?? 'missing'}`);
  console.log(`its Node:         ${environment.node ?? 'missing'}`);
  console.log(`browser:          ${environment.chromium ?? 'missing'}`);
  for (const problem of problems) console.error(problem);
}
process.exitCode = problems.length === 0 ? 0 : 1;
