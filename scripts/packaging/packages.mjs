// The folder of an installed package, or of one for another platform, fetched from the registry and checked
// against the hash in package-lock.json.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { runOrThrow } from '../environment/process.mjs';

const cache = path.join('node_modules', '.cache', 'overread', 'packages');

/** The folder of package `name` at the locked version; `ofTarget` ones are downloaded when not installed. */
export async function packageFolder({ name, ofTarget = false }) {
  const locked = lockedPackage(name);
  const installed = path.join('node_modules', name);
  if (existsSync(path.join(installed, 'package.json'))) {
    const { version } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
    if (version === locked.version) return installed;
    throw new Error(
      `node_modules/${name} is ${version}, package-lock.json says ${locked.version}: run npm ci.`,
    );
  }
  if (!ofTarget) throw new Error(`node_modules/${name} is missing: run npm ci.`);
  return fetchPackage(name, locked);
}

/** Every file under `folder`, relative to it, with forward slashes. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

function lockedPackage(name) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`package-lock.json does not name ${name}.`);
  return locked;
}

async function fetchPackage(name, { version, integrity }) {
  const folder = path.join(cache, `${name.replace('/', '+')}@${version}`);
  if (existsSync(folder)) return folder;
  console.log(`fetching ${name}@${version}`);
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(path.join(cache, 'fetch-'));
  try {
    const output = await runOrThrow('npm', [
      'pack',
      '--silent',
      '--pack-destination',
      temporary,
      `${name}@${version}`,
    ]);
    const tarball = path.join(temporary, output.trim().split('\n').at(-1));
    checkIntegrity(tarball, integrity);
    // Windows, macOS and Linux all bring a tar that reads this.
    await runOrThrow('tar', ['-xzf', tarball, '-C', temporary]);
    renameSync(path.join(temporary, 'package'), folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

function checkIntegrity(file, integrity) {
  const [algorithm, expected] = integrity.split(/-(.*)/s);
  const found = createHash(algorithm).update(readFileSync(file)).digest('base64');
  if (found !== expected)
    throw new Error(`${path.basename(file)} is not the file that package-lock.json names.`);
}
