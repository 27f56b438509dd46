/** The CUDA provider from a wheel: what is taken from it, what is refused, what is left behind. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/base/files';
import { cudaLibraries, findCudaLibraries } from '../../../src/core/devices/cudaLibraries';
import { cudaWheels, fetchWheel } from '../../../src/core/devices/cudaWheel';
import { planCuda, setUpCuda } from '../../../src/core/devices/setUpCuda';
import {
  cudaFolder,
  loadCudaLibraries,
  providerFiles,
  readCudaProvider,
  runtimeVersion,
} from '../../../src/core/onnx/cudaRuntime';
import { zipOf, type ZipEntry } from '../../support/zip';

const onLinux = process.platform === 'linux' && process.arch === 'x64';
const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;

let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cuda-test-'));
  const libraries = path.join(folder, 'libraries');
  await fs.mkdir(libraries);
  for (const name of cudaLibraries) await fs.writeFile(path.join(libraries, name), 'no library');
  // No Python: what is on this machine must not be found.
  env = { PATH: folder, LD_LIBRARY_PATH: libraries, OVERREAD_CACHE: path.join(folder, 'cache') };
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

const provider = Buffer.from('the provider');
const whole: Record<string, Uint8Array | ZipEntry> = {
  'onnxruntime/__init__.py': Buffer.from('raise SystemExit("run")'),
  'onnxruntime/capi/libonnxruntime_providers_cuda.so': { content: provider, deflated: true },
  'onnxruntime/capi/libonnxruntime_providers_shared.so': Buffer.from('shared'),
};

/** Writes a wheel and gives the request for it. */
async function bring(entries: typeof whole) {
  const from = path.join(folder, 'brought.whl');
  const bytes = zipOf(entries);
  await fs.writeFile(from, bytes);
  return { env, from, sha256: sha256(bytes) };
}

/** What lies in the cache. */
async function left(): Promise<string[]> {
  return fs.readdir(path.join(folder, 'cache', 'cuda')).catch(() => []);
}

describe.skipIf(!onLinux)('setUpCuda', () => {
  it('takes two files under names of its own, and notes their hashes and CUDA’s libraries', async () => {
    const request = await bring({
      ...whole,
      '../../outside.so': Buffer.from('outside'),
      'onnxruntime/capi/../../../libonnxruntime_providers_cuda.so': Buffer.from('outside'),
    });
    // yauzl refuses a zip with such names as a whole.
    await expect(setUpCuda(request)).rejects.toMatchObject({ code: 'OVR509' });
    expect(await left()).toEqual([]);

    const made = await setUpCuda(await bring(whole));
    expect(made.folder).toBe(cudaFolder(env));
    expect((await fs.readdir(made.folder)).sort()).toEqual([...providerFiles, 'provider.json'].sort());
    const record = readCudaProvider(made.folder);
    expect(record?.files[0]).toEqual({
      name: 'libonnxruntime_providers_cuda.so',
      bytes: provider.length,
      sha256: sha256(provider),
    });
    expect(record?.libraries.map((file) => path.basename(file))).toEqual([...cudaLibraries]);
    expect(await left()).toEqual([runtimeVersion()]);
    // Its libraries are none here: one clause says so.
    expect(loadCudaLibraries(env)).toMatch(/libcudart\.so\.13 cannot be loaded$/);
    // Set up once more, it is there once.
    await setUpCuda(await bring(whole));
    expect(await left()).toEqual([runtimeVersion()]);
  });

  it('refuses another wheel, one that lacks the provider or says a false length, and leaves nothing', async () => {
    const request = await bring(whole);
    const { sha256: _, ...unnamed } = request;
    await expect(setUpCuda(unnamed)).rejects.toMatchObject({
      code: 'OVR509',
      expected: expect.stringContaining(planCuda().sha256) as string,
    });
    const { 'onnxruntime/capi/libonnxruntime_providers_cuda.so': _cuda, ...without } = whole;
    await expect(setUpCuda(await bring(without))).rejects.toThrow(/has no libonnxruntime_providers_cuda\.so/);
    const bomb = { content: Buffer.alloc(1e6), deflated: true, announced: 10 };
    const entry = 'onnxruntime/capi/libonnxruntime_providers_shared.so';
    await expect(setUpCuda(await bring({ ...whole, [entry]: bomb }))).rejects.toMatchObject({
      code: 'OVR509',
    });
    await fs.writeFile(request.from, 'no zip');
    await expect(setUpCuda({ ...request, sha256: sha256('no zip') })).rejects.toThrow(/cannot be unpacked/);
    await expect(setUpCuda({ ...request, from: folder })).rejects.toThrow(/is no file/);
    expect(await left()).toEqual([]);
  });

  it('says which of CUDA’s libraries is nowhere, before anything is fetched', async () => {
    await fs.rm(path.join(folder, 'libraries', 'libcudnn.so.9'));
    const found = await findCudaLibraries(env, []);
    if (found.missing.length === 0) return; // The system has it.
    await expect(setUpCuda(await bring(whole))).rejects.toThrow(/libcudnn\.so\.9 not found/);
  });

  it('has a wheel for the runtime that the product has', () => {
    expect(cudaWheels[runtimeVersion()]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(() => planCuda('win32')).toThrow(/DirectML/);
  });
});

describe('findCudaLibraries', () => {
  it('finds those of NVIDIA’s wheels and of PyTorch in packages, before those of the system', async () => {
    const packages = path.join(folder, 'site-packages');
    const place = async (name: string, ...parts: string[]) => {
      await fs.mkdir(path.join(packages, ...parts), { recursive: true });
      await fs.writeFile(path.join(packages, ...parts, name), '');
    };
    await place('libcudart.so.13', 'nvidia', 'cu13', 'lib');
    await place('libcudnn.so.9', 'nvidia', 'cudnn', 'lib');
    await place('libcublas.so.13', 'torch', 'lib');
    const { files } = await findCudaLibraries(env, [packages]);
    const shown = files.map((file) => path.relative(folder, file));
    expect(shown).toContain('site-packages/nvidia/cu13/lib/libcudart.so.13');
    expect(shown).toContain('site-packages/nvidia/cudnn/lib/libcudnn.so.9');
    expect(shown).toContain('site-packages/torch/lib/libcublas.so.13');
    expect(shown).toContain('libraries/libcurand.so.10');
  });
});

describe.skipIf(!onLinux || !hasPip)('fetchWheel', () => {
  it('has pip fetch the pinned wheel from the user’s index, and no other', async () => {
    const tags = 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp312-cp312-manylinux_2_28_x86_64\n';
    const wheel = zipOf({
      ...whole,
      'onnxruntime_gpu-1.30.0.dist-info/METADATA': Buffer.from(
        'Metadata-Version: 2.1\nName: onnxruntime-gpu\nVersion: 1.30.0\n',
      ),
      'onnxruntime_gpu-1.30.0.dist-info/WHEEL': Buffer.from(tags),
      'onnxruntime_gpu-1.30.0.dist-info/RECORD': Buffer.from(''),
    });
    await fs.writeFile(
      path.join(folder, 'onnxruntime_gpu-1.30.0-cp312-cp312-manylinux_2_28_x86_64.whl'),
      wheel,
    );
    const pip = { ...process.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: os.devNull };
    const wanted = {
      requirement: 'onnxruntime-gpu==1.30.0',
      sha256: sha256(wheel),
      megabytes: 1,
      unpackedMegabytes: 1,
    };
    const into = path.join(folder, 'into');
    await fs.mkdir(into);
    expect(path.basename(await fetchWheel(wanted, into, pip, undefined))).toMatch(
      /^onnxruntime_gpu-1\.30\.0/,
    );
    const other = { ...wanted, sha256: '0'.repeat(64) };
    await expect(fetchWheel(other, into, pip, undefined)).rejects.toMatchObject({ code: 'OVR509' });
  });
});
