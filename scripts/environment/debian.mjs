// Debian and Ubuntu packages: looked up with dpkg, installed with apt-get when root or sudo allows it.
import { findCommand, runCommand, runOrThrow } from './process.mjs';

/** Those of `packages` that are not installed, or null where there is no dpkg to ask. */
export async function missingPackages(packages) {
  if (findCommand('dpkg-query') === undefined) return null;
  // The format names the package as asked for; unknown ones are reported on stderr and simply do not appear.
  const { output } = await runCommand('dpkg-query', ['-W', '-f=${Package} ${Status}\\n', ...packages]);
  const installed = new Set(
    output
      .split('\n')
      .filter((line) => line.endsWith('install ok installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Installs packages after saying so. Throws with the command to type where this user may not. */
export async function installPackages(packages, purpose, say) {
  const prefix = await privilege();
  if (prefix === null) {
    throw new Error(
      `${purpose} needs Debian packages that are missing, and this user may not install them. ` +
        `Run once: sudo apt-get install -y ${packages.join(' ')}`,
    );
  }
  say(`Installing Debian packages for ${purpose}: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (commandArguments) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...commandArguments];
    return runOrThrow(command, rest, { env });
  };
  await run(['update', '-q']);
  await run(['install', '-y', '-q', '--no-install-recommends', ...packages]);
}

/** The command words that give the right to install, or null when there is none. */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  if (findCommand('sudo') === undefined) return null;
  const allowed = await runCommand('sudo', ['-n', 'true']);
  return allowed.code === 0 ? ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'] : null;
}
