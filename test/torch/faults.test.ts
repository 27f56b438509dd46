/** What is wrong with a Python, or with the memory, is one sentence before any time is spent. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OverreadError } from '../../src/core/base/errors';
import { findTarget } from '../../src/core/trainers/torch/compute';
import { planSetup } from '../../src/core/trainers/torch/setupPython';
import { checkPython, findPython, probePython } from '../../src/core/trainers/torch/python';
import { quickDeep, testPython, workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

let place: Workplace;
let packageFolder: string;

beforeAll(async () => {
  place = await workplace(16);
  packageFolder = path.resolve('dist', 'python');
});
afterAll(() => place.remove());

/** A program in the place of Python that prints this. */
async function impostor(name: string, script: string): Promise<string> {
  const file = path.join(place.root, name);
  await fs.writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

describe('a Python that cannot train', () => {
  it('is told where none is on PATH, and where the named one is missing', async () => {
    await expect(findPython(undefined, place.options.cacheDir, { PATH: '' })).rejects.toMatchObject({
      code: 'OVR702',
      message: 'There is no Python on PATH',
    });
    await expect(findPython('/nowhere/python', place.options.cacheDir, {})).rejects.toMatchObject({
      code: 'OVR702',
    });
  });

  it('is never looked up by a name or a relative path', async () => {
    await expect(findPython('python3', place.options.cacheDir, process.env)).rejects.toMatchObject({
      code: 'OVR702',
    });
    await expect(findPython('./python3', place.options.cacheDir, process.env)).rejects.toMatchObject({
      code: 'OVR702',
    });
  });

  it('has no PyTorch: a bare virtual environment says which packages are missing', async () => {
    const bare = path.join(place.root, 'bare');
    execFileSync(testPython(), ['-m', 'venv', '--without-pip', bare]);
    const probe = await probePython(path.join(bare, 'bin', 'python'), packageFolder, place.options.env);
    expect(() => checkPython(probe, 'auto')).toThrow(/has no torch, timm, torchvision, safetensors, numpy/);
    await expect(
      place.train('bare', { layers: 'last-block', python: path.join(bare, 'bin', 'python') }),
    ).rejects.toMatchObject({ code: 'OVR702' });
  });

  it('is no Python, or one that falls over', async () => {
    for (const script of ['echo hello', 'echo broken >&2; exit 1']) {
      const python = await impostor('impostor', script);
      await expect(probePython(python, packageFolder, place.options.env)).rejects.toMatchObject({
        code: 'OVR702',
      });
    }
  });

  it('is too old, has an old PyTorch, or one built for CUDA without a driver', async () => {
    const probe = await probePython(testPython(), packageFolder, place.options.env);
    expect(checkPython({ ...probe, cuda_build: null }, 'auto')).toEqual([]);
    expect(() => checkPython({ ...probe, python: '3.8.2' }, 'auto')).toThrow('Python 3.8.2 is too old');
    const old = { ...probe, packages: { ...probe.packages, torch: '1.13.1' } };
    expect(() => checkPython(old, 'auto')).toThrow('PyTorch 1.13.1 is too old');
    const driverless = { ...probe, cuda_build: '13.0', devices: [] };
    expect(checkPython(driverless, 'auto')).toEqual([
      expect.stringContaining('is built for CUDA 13.0 and finds no GPU or no driver that it can use'),
    ]);
    expect(() => checkPython(driverless, 'cuda')).toThrow(/no driver that it can use/);
    expect(() => checkPython({ ...probe, cuda_build: null, devices: [] }, 'cuda')).toThrow(
      'is built without CUDA',
    );
  });

  it.runIf(process.platform === 'linux')(
    'has too little memory: the batch that would fit is named',
    async () => {
      const command = ['/usr/bin/prlimit', '--data=900000000', '{command}'];
      const failed = place.train('memory', {
        architecture: 'densenet121',
        layers: 'all',
        deep: { ...quickDeep, batch: 64 },
        target: { kind: 'command', command },
      });
      const error = await failed.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'OVR703' });
      expect((error as OverreadError).message).toMatch(/memory of cpu/);
    },
  );

  it('is told the batch that would fit', async () => {
    const sizes = ['64 64 1', '20 64 1', '20 64 2', '0 64 1'];
    const named = execFileSync(await warmPython(), ['test/torch/drySizes.py', ...sizes], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: packageFolder },
    });
    // Halved from 64 until it is 20 at most; two processes train together.
    expect(named.trim().split('\n')).toEqual([
      '0.5',
      'A batch of 64 images of 224 pixels does not fit into the memory of cpu. ' +
        'Set training.deep.batch: 32, or training.deep.accumulate: 4',
      expect.stringMatching(/^A batch of 32 images .*batch: 64, or .*accumulate: 4$/),
      expect.stringMatching(/Take a smaller network or GPU$/),
    ]);
  });
});

describe('a compute target', () => {
  it('is found in the user’s own folder, and nowhere else', async () => {
    const config = path.join(place.root, '..', 'config');
    await fs.mkdir(config, { recursive: true });
    const targets = { slurm: { kind: 'command', command: ['/usr/bin/srun', '{command}'] } };
    await fs.writeFile(path.join(config, 'compute.json'), JSON.stringify({ v: 1, targets }));
    const env = { OVERREAD_CONFIG: config };
    expect(await findTarget('slurm', env)).toEqual(targets.slurm);
    expect(await findTarget(undefined, env)).toEqual({ kind: 'local' });
    expect(await findTarget('torchrun:4', env)).toEqual({ kind: 'torchrun', processes: 4 });
    await expect(findTarget('cluster', env)).rejects.toMatchObject({
      code: 'OVR704',
      expected: 'one of local, torchrun:N, slurm',
    });
    await fs.writeFile(path.join(config, 'compute.json'), '{"v": 1, "targets": {"x": {"kind": "ssh"}}}');
    await expect(findTarget('x', env)).rejects.toMatchObject({ code: 'OVR704' });
  });

  it('starts no program by its name', async () => {
    await expect(
      place.train('name', { layers: 'last', target: { kind: 'command', command: ['srun', '{command}'] } }),
    ).rejects.toMatchObject({ code: 'OVR704' });
  });
});

describe('setup-python', () => {
  it('ends in one line where pip cannot have the packages, and where there is no Python', async () => {
    const request = {
      env: { ...place.options.env, PIP_NO_INDEX: '1', PIP_CONFIG_FILE: '/dev/null' },
      cacheDir: place.options.cacheDir,
      packageFolder,
    };
    const failed = planSetup(request);
    await expect(failed).rejects.toMatchObject({ code: 'OVR702' });
    await expect(failed).rejects.toThrow(/pip cannot have the packages: /);
    await expect(planSetup({ ...request, env: { PATH: '' } })).rejects.toMatchObject({ code: 'OVR702' });
  });
});
