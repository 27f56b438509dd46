// A Python with PyTorch for the tests of the trainer: the environment that `overread setup-python` makes, in the per-user cache.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { fillOnce, isReady, withCacheLock } from './cache.mjs';

const run = promisify(execFile);

/** Newer ones may be builds for CUDA, gigabytes. */
const versions = { torch: '2.13.0', torchvision: '0.28.0', timm: '1.0.31', optuna: '5.0.0' };
const folderName = `python-torch-${versions.torch}-timm-${versions.timm}`;

/** The text of a file that PIP_CONSTRAINT names, so that pip takes those versions. */
export const torchConstraints = Object.entries(versions)
  .map(([name, version]) => `${name}==${version}\n`)
  .join('');

/** There is no Python, or pip reaches no index that has the packages: nothing that could be tested here. */
export class NotHere extends Error {}

/** The Python of that environment where it was made before; undefined where not. */
export function readyTorchPython(cache) {
  const folder = path.join(cache, folderName);
  // An older one lies in the folder itself.
  return isReady(folder) ? [path.join(folder, 'python'), folder].map(pythonIn).find(existsSync) : undefined;
}

function pythonIn(folder) {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python');
}

/**
 * The Python of that environment; made after saying so, by the command that users have. The project must be built.
 * @throws NotHere why there can be none
 */
export async function torchPython(cache, say) {
  const folder = path.join(cache, folderName);
  // What sweeps ask; where the index has it not, their tests say so.
  const optuna = path.join(folder, `.optuna==${versions.optuna}`);
  if (readyTorchPython(cache) === undefined || !existsSync(optuna)) {
    await withCacheLock(cache, say, async () => {
      // Its Python is a link to one of the system, which may have been replaced since.
      if (readyTorchPython(cache) === undefined) await rm(folder, { recursive: true, force: true });
      await fillOnce(folder, async () => {
        await setUpPython(['--dry-run'], folder).catch((error) => {
          throw new NotHere(error.message, { cause: error });
        });
        say(
          `Installing PyTorch and timm for the tests into ${folder} (about 200 MB from pip's package index) …`,
        );
        await setUpPython(['--yes'], folder);
      });
      if (existsSync(optuna)) return;
      await setUpPython(['--yes', '--sweep'], folder).then(
        () => writeFile(optuna, ''),
        (error) => say(`Optuna cannot be had: ${error.message}`),
      );
    });
  }
  return readyTorchPython(cache);
}

/** `overread setup-python`, whose environments lie in a folder. @throws Error what it said, in one line */
async function setUpPython(flags, folder) {
  const PIP_CONSTRAINT = path.join(folder, 'constraints.txt');
  await writeFile(PIP_CONSTRAINT, torchConstraints);
  const args = [path.resolve('dist', 'cli.js'), 'setup-python', '--json', ...flags];
  const env = { ...process.env, PIP_CONSTRAINT, OVERREAD_CACHE: folder };
  try {
    await run(process.execPath, args, { env, maxBuffer: 2 ** 26, timeout: 900_000 });
  } catch (error) {
    const { stdout, stderr, code, signal } = error;
    const said = /^error (.+)$/m.exec(stderr ?? '')?.[1];
    const whole = `overread setup-python ended with ${code ?? signal}: ${stdout}${stderr}`;
    throw new Error(said ?? whole, { cause: error });
  }
}
