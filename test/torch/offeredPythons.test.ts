/** Pythons that an editor offers are asked what they have: the first that can train does, and of the others it is said why not. */
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localTarget } from '../../src/core/trainers/torch/compute';
import { isTorchHere } from '../../src/core/trainers/torch/offeredPythons';
import { openPython } from '../../src/core/trainers/torch/torchTrainer';
import { testPython, workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

let place: Workplace;
let bare: string;

beforeAll(async () => {
  place = await workplace(16);
  const folder = path.join(place.root, 'bare');
  execFileSync(testPython(), ['-m', 'venv', '--without-pip', folder]);
  bare = path.join(folder, 'bin', 'python');
});
afterAll(() => place.remove());

describe('whether PyTorch is here', () => {
  it('is looked up of those that are offered, and of the first on PATH', async () => {
    const { cacheDir } = place.options;
    const on = (folder: string) => ({ ...place.options.env, PATH: folder });
    const nothing = on(place.root);
    expect(await isTorchHere([testPython()], cacheDir, nothing)).toBe(true);
    expect(await isTorchHere(['/gone/bin/python', bare], cacheDir, nothing)).toBe(false);
    expect(await isTorchHere([bare, testPython()], cacheDir, nothing)).toBe(true);
    expect(await isTorchHere([], cacheDir, on(path.dirname(testPython())))).toBe(true);
    expect(await isTorchHere([], cacheDir, on(path.dirname(bare)))).toBe(false);
  });
});

/** Opens a Python with these variables, and gives it with what was said. */
async function open(variables: Readonly<Record<string, string>>, python?: string) {
  const said: string[] = [];
  const note = (text: string): void => void said.push(text);
  const log = { info: note, warn: note };
  const env = { ...place.options.env, ...variables };
  const request = { target: localTarget, python, packageFolder: path.resolve('dist', 'python') };
  const opened = await openPython(request, { ...place.options, device: 'cpu', env, log });
  return { python: opened.python, said };
}

describe('the Python of a training in an editor', () => {
  it('is the one chosen there, where it has PyTorch', async () => {
    const chosen = await warmPython();
    const found = await open({ OVERREAD_CHOSEN_PYTHON: chosen, OVERREAD_SETTING_PYTHON: bare });
    expect(found.python).toBe(chosen);
    expect(found.said).toEqual(['The Python chosen in VS Code trains']);
  });

  it('is that of the setting where the chosen one has none, and says so', async () => {
    const set = await warmPython();
    const found = await open({ OVERREAD_CHOSEN_PYTHON: bare, OVERREAD_SETTING_PYTHON: set });
    expect(found.python).toBe(set);
    expect(found.said).toEqual([
      expect.stringMatching(
        /^The Python chosen in VS Code is not used: Python 3\.\d+\.\d+ \(.*bare.*\) has no torch, timm, /,
      ),
      'The Python of the setting overread.python trains',
    ]);
  });

  it('is another where neither can train: which, why, and what makes one', async () => {
    // The first on PATH, as without an editor.
    const folder = path.dirname(await warmPython());
    const found = await open({
      ...{ OVERREAD_CHOSEN_PYTHON: bare, OVERREAD_SETTING_PYTHON: '/gone/bin/python', PATH: folder },
    });
    expect(path.dirname(found.python)).toBe(folder);
    expect(found.said).toEqual([
      expect.stringContaining('The Python chosen in VS Code is not used: '),
      'The Python of the setting overread.python is not used: There is no Python at /gone/bin/python',
      'Instead the first on PATH trains; "overread setup-python" makes an environment that can',
    ]);
  });

  it('is the named one, whatever the editor offers', async () => {
    const named = await warmPython();
    const found = await open({ OVERREAD_CHOSEN_PYTHON: bare }, named);
    expect(found).toEqual({ python: named, said: [] });
  });
});
