// A Python with PyTorch for the tests of the trainer: a virtual environment in the per-user cache.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { fillOnce, isReady, withCacheLock } from './cache.mjs';

const run = promisify(execFile);

/** What pip installs, by way of its own settings; the second without what they ask for, which the first brings. */
const packages = [
  ['torch==2.13.0', 'numpy', 'safetensors', 'pyyaml', 'pillow', 'huggingface_hub'],
  ['--no-deps', 'torchvision==0.28.0', 'timm==1.0.31'],
];
const folderName = 'python-torch-2.13.0-timm-1.0.31';
/** What sweeps ask; where the index has it not, their tests say so. */
const optuna = 'optuna==5.0.0';

/** The Python of that environment where it was made before; undefined where not. */
export function readyTorchPython(cache) {
  const folder = path.join(cache, folderName);
  const python = pythonIn(folder);
  return isReady(folder) && existsSync(python) ? python : undefined;
}

function pythonIn(folder) {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python');
}

/** The Python of that environment; made after saying so. @throws Error why there is none */
export async function torchPython(cache, say) {
  const folder = path.join(cache, folderName);
  const python = pythonIn(folder);
  if (readyTorchPython(cache) !== undefined) {
    await addOptuna(folder, python, cache, say);
    return python;
  }
  const system = await systemPython();
  await withCacheLock(cache, say, () =>
    fillOnce(folder, async () => {
      say(
        `Installing PyTorch and timm for the tests into ${folder} (about 200 MB from pip's package index) …`,
      );
      await run(system, ['-m', 'venv', folder]);
      for (const list of packages) {
        await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...list], {
          maxBuffer: 2 ** 26,
          timeout: 900_000,
        });
      }
      await run(python, ['-c', 'import torch, safetensors']);
    }),
  );
  await addOptuna(folder, python, cache, say);
  return python;
}

async function addOptuna(folder, python, cache, say) {
  const mark = path.join(folder, `.${optuna}`);
  if (existsSync(mark)) return;
  await withCacheLock(cache, say, async () => {
    if (existsSync(mark)) return;
    say(`Installing ${optuna} for the tests into ${folder} …`);
    try {
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', optuna], {
        maxBuffer: 2 ** 26,
        timeout: 300_000,
      });
      await writeFile(mark, '');
    } catch (error) {
      say(`${optuna} cannot be had: ${String(error.message).split('\n')[0]}`);
    }
  });
}

async function systemPython() {
  for (const name of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    try {
      const { stdout } = await run(name, ['-c', 'import sys; print(sys.executable, *sys.version_info[:2])']);
      const [, file, major, minor] = /^(.*) (\d+) (\d+)\s*$/.exec(stdout) ?? [];
      if (Number(major) === 3 && Number(minor) >= 10) return file;
    } catch {
      // The next name.
    }
  }
  throw new Error('no Python 3.10 or newer is on PATH');
}
