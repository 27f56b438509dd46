/** A small project, and training on it by the Python that the layer has. */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { MakeRunOptions } from '../../src/core/runs/makeRun';
import { makeRun } from '../../src/core/runs/makeRun';
import type { RunResult } from '../../src/core/runs/model';
import { localTarget } from '../../src/core/trainers/torch/compute';
import type { TorchRequest } from '../../src/core/trainers/torch/model';
import { torchTrainer } from '../../src/core/trainers/torch/torchTrainer';
import { readySample } from '../support/readyProjects';

const python = process.env['OVERREAD_TEST_PYTHON'];

/** The Python of the layer. */
export function testPython(): string {
  if (python === undefined) throw new Error('Run these tests by "npm run test:torch"');
  return python;
}

/** The folder of the virtual environment whose Python that is; null where it is the system's, or another program. */
export function environmentOf(program: string): string | null {
  const folder = path.dirname(path.dirname(program));
  return existsSync(path.join(folder, 'pyvenv.cfg')) ? folder : null;
}

/** The quickest of the networks. */
export const quickNetwork = { architecture: 'mobilenetv3_small_100', weights: 'random:1' };

/** No augmentation, so that a training is over after a step or two. */
export const quickDeep = {
  epochs: 2,
  batch: 8,
  patience: 0,
  augment: { rotation: 0, shift: 0, scale: 0, contrast: 0, flips: false },
};

export interface Workplace {
  /** The project. */
  readonly root: string;
  readonly options: MakeRunOptions;
  /** Trains in a work folder of that name. */
  train(name: string, request?: Partial<TorchRequest>, options?: Partial<MakeRunOptions>): Promise<RunResult>;
  /** The absolute path of a file in a work folder. */
  file(name: string, file: string): string;
  remove(): Promise<void>;
}

/** A sample of that many images in a folder of its own. @param yaml lines that take the place of `C: auto` */
export async function workplace(images: number, yaml = 'C: 0.01'): Promise<Workplace> {
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-torch-')));
  const root = path.join(folder, 'project');
  await readySample(root, images);
  const config = path.join(root, 'overread.yaml');
  const text = await fs.readFile(config, 'utf8');
  await fs.writeFile(config, text.replace(/C: auto.*/, yaml));
  const env = {
    ...process.env,
    HF_HUB_OFFLINE: '1',
    OVERREAD_CONFIG: path.join(folder, 'config'),
    // Threads that wait for each other must not burn what other processes need.
    OMP_WAIT_POLICY: 'PASSIVE',
  };
  const options = { env, cacheDir: path.join(folder, 'cache'), versions: {}, device: 'cpu' } as const;
  const place = (name: string): string => `.overread/jobs/${name}/train`;
  return {
    root,
    options,
    train: (name, request = {}, more = {}) =>
      makeRun(
        root,
        torchTrainer,
        {
          ...quickNetwork,
          outOfFold: false,
          target: localTarget,
          python: testPython(),
          packageFolder: path.resolve('dist', 'python'),
          workFolder: place(name),
          deep: quickDeep,
          ...request,
        },
        { ...options, name, ...more },
      ),
    file: (name, file) => path.join(root, place(name), file),
    remove: () => fs.rm(folder, { recursive: true, force: true }),
  };
}
