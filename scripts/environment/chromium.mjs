// The browser that the tests drive: any Chrome or Chromium that is there, else Debian's, else Playwright's own. One that was
// built to have no window goes before all: it does a third of the work of a whole Chrome beside its pages.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { findCommand, runCommand, runOrThrow } from './process.mjs';
import { installPackages } from './debian.mjs';

const candidates = {
  linux: [
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/microsoft-edge',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** The browser's path; installs one after saying so. Throws when none can be had. */
export async function findOrInstallChromium(say) {
  const found = await findChromium();
  if (found !== null) return found;
  const reasons = [];
  // Ubuntu's package of this name only points to a snap, which a container cannot run.
  if (isDebian()) {
    try {
      await installPackages(['chromium-headless-shell'], 'the browser tests', say);
      const installed = await findChromium();
      if (installed !== null) return installed;
    } catch (error) {
      reasons.push(error.message);
    }
  }
  try {
    say("Downloading Playwright's Chromium into its per-user cache");
    await runOrThrow(process.execPath, [playwrightProgram(), 'install', '--no-shell', 'chromium'], {
      timeoutMs: 300_000,
    });
    const own = playwrightChromium();
    if (existsSync(own)) return own;
  } catch (error) {
    reasons.push(error.message);
  }
  throw new Error(
    'No Chrome or Chromium was found and none could be installed. ' +
      `Install one, or name it in OVERREAD_CHROMIUM.\n${reasons.join('\n')}`,
  );
}

/** A browser that is there already and starts, or null. */
export async function findChromium(env = process.env) {
  const named = [env.OVERREAD_CHROMIUM, env.CHROME_PATH].filter((file) => file);
  for (const file of [...named, ...(candidates[process.platform] ?? []), playwrightChromium()]) {
    if (existsSync(file) && (await starts(file))) return file;
  }
  return null;
}

async function starts(file) {
  // On Windows `--version` opens a window.
  if (process.platform === 'win32') return true;
  return (await runCommand(file, ['--version'], { timeoutMs: 20_000 })).code === 0;
}

function isDebian() {
  try {
    return (
      /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8')) && findCommand('apt-get') !== undefined
    );
  } catch {
    return false;
  }
}

function playwrightProgram() {
  return path.join(
    path.dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  );
}

function playwrightChromium() {
  return createRequire(import.meta.url)('playwright-core').chromium.executablePath();
}
