/**
 * Which device `auto` takes. Every device here is ONNX Runtime's CPU, and a clock of the test's own says how long each took, so that
 * nothing depends on what else the machine does; at the end there is WebGPU itself, in software.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { chromium } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { present } from '../../../src/core/base/present';
import { deviceMemory } from '../../../src/core/inference/deviceSpeeds';
import { openFastest, type FastestRequest } from '../../../src/core/inference/fastestDevice';
import { openInference, type Inference } from '../../../src/core/inference/inference';
import type { ConcreteDevice } from '../../../src/core/onnx/devices';
import { runProgram } from '../../../src/core/base/programs';
import { bundleProgram } from '../features/bundle';
import { tinyBackbone, tinyWeights } from '../features/tinyBackbone';

/** So many that work on them takes longer than the measurement on any machine. */
const many = 1e9;
/** What a device takes for whatever it is given, ms. */
const taken = { fast: 1, slow: 30, 'very slow': 2000, stalls: 1 };
/** How long the machine does something else in the midst of every fourth run of a device that stalls, ms. */
const stall = 5000;

let cache: string;
beforeEach(async () => {
  cache = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-devices-'));
});
afterEach(() => fs.rm(cache, { recursive: true, force: true }));

type Behaviour = keyof typeof taken | 'does not open' | 'fails at work';

/** A machine with these devices, in the usual order, and what was done with them. */
function machine(devices: Partial<Record<ConcreteDevice, Behaviour>>) {
  const candidates = Object.keys(devices) as ConcreteDevice[];
  const events: string[] = [];
  const said: string[] = [];
  /** Of each run of a device before the CPU. */
  const images: number[] = [];
  let time = 0;
  const open = async (device: ConcreteDevice): Promise<Inference> => {
    const behaviour = present(devices[device], 'the device');
    if (behaviour === 'does not open') throw new OverreadError({ code: 'OVR503', message: 'no driver' });
    const inference = await openInference(tinyBackbone(), 'cpu', undefined, { threads: 1 });
    events.push(`${device} opened`);
    let runs = 0;
    return {
      opened: { device, reason: 'as asked for' },
      lanes: 1,
      run: async (levels, count) => {
        events.push(`${device} ran`);
        if (device !== 'cpu') images.push(count);
        if (behaviour === 'fails at work')
          throw new OverreadError({ code: 'OVR504', message: 'out of memory' });
        time += taken[behaviour];
        if (behaviour === 'stalls' && ++runs % 4 === 2) time += stall;
        return inference.run(levels, count);
      },
      close: async () => {
        events.push(`${device} closed`);
        await inference.close();
      },
    };
  };
  const log = {
    info: (message: string) => said.push(message),
    warn: (message: string) => said.push(message),
  };
  return {
    ...{ events, said, images },
    open: async (count = many, weights = tinyWeights) => {
      events.length = 0;
      said.length = 0;
      const memory = await deviceMemory(cache, weights, candidates);
      const backbone = { channels: 3, weights } as const satisfies FastestRequest['backbone'];
      const inference = await openFastest({
        ...{ backbone, images: count, candidates, open, memory, log },
        ...{ seconds: 0.02, now: () => time },
      });
      // What was chosen works.
      const { features } = await inference.run(new Uint8Array(3 * 32 * 32).fill(51), 1).catch(() => ({
        features: new Float32Array(0),
      }));
      await inference.close();
      return { ...inference.opened, features: features.length };
    },
  };
}

describe('openFastest', () => {
  it('measures the devices, says so in one line, takes the fastest and closes the others', async () => {
    const here = machine({ webgpu: 'slow', cpu: 'fast' });
    const opened = await here.open();
    expect(opened).toMatchObject({ device: 'cpu', features: 48 });
    expect(opened.reason).toMatch(/^webgpu: \S+ images\/s, cpu: \S+ images\/s$/);
    expect(here.said).toEqual([`${opened.reason}: cpu is used`]);
    expect(here.events.filter((event) => event.endsWith('closed'))).toEqual(['webgpu closed', 'cpu closed']);
    const other = machine({ webgpu: 'fast', cpu: 'slow' });
    await fs.rm(path.join(cache, 'devices.json'));
    expect(await other.open()).toMatchObject({ device: 'webgpu' });
    expect(other.events.filter((event) => event.endsWith('closed'))).toEqual(['cpu closed', 'webgpu closed']);
  });

  it('is not deceived by a batch that waited while the machine did something else', async () => {
    for (const devices of [
      { webgpu: 'slow', cpu: 'stalls' },
      { webgpu: 'stalls', cpu: 'slow' },
    ] as const) {
      await fs.rm(path.join(cache, 'devices.json'), { force: true });
      const here = machine(devices);
      expect(devices[(await here.open()).device as 'webgpu' | 'cpu']).toBe('stalls');
      // As if it had not waited: 8 images in 1 ms on the CPU, 64 on another device.
      expect(here.said[0]).toContain(devices.cpu === 'stalls' ? 'cpu: 8000 ' : 'webgpu: 64000 ');
    }
  });

  it('gives no whole batch to a device that is slow with two images', async () => {
    const here = machine({ webgpu: 'very slow', cpu: 'fast' });
    expect((await here.open()).reason).toBe('webgpu: 1 images/s, cpu: 8000 images/s');
    expect(here.images).toEqual([2, 2, 2]);
  });

  it('remembers: the next time nothing is measured, however few images there are', async () => {
    const here = machine({ webgpu: 'slow', cpu: 'fast' });
    await here.open();
    const again = await here.open(1);
    expect(again.device).toBe('cpu');
    expect(again.reason).toMatch(/^cpu: \S+ images\/s, webgpu: \S+ images\/s, as measured before$/);
    expect(here.events).toEqual(['cpu opened', 'cpu ran', 'cpu closed']);
  });

  it('measures anew for another network, another precision, other devices, and a file that is damaged', async () => {
    const here = machine({ webgpu: 'slow', cpu: 'fast' });
    await here.open();
    const measured = async (...[images, weights]: Parameters<typeof here.open>) =>
      !(await here.open(images, weights)).reason.endsWith('before');
    const { preprocessing } = tinyWeights;
    expect(await measured()).toBe(false);
    // The same network with other weights is as fast.
    expect(await measured(many, { ...tinyWeights, name: 'tiny_grid.other', sha256: 'b'.repeat(64) })).toBe(
      false,
    );
    expect(await measured(many, { ...tinyWeights, precision: 'fp16' })).toBe(true);
    expect(await measured(many, { ...tinyWeights, truncate: 'stem' })).toBe(true);
    expect(await measured(many, { ...tinyWeights, preprocessing: { ...preprocessing, size: 16 } })).toBe(
      true,
    );
    expect((await machine({ cuda: 'slow', webgpu: 'slow', cpu: 'fast' }).open()).reason).toContain('cuda: ');
    expect(await measured()).toBe(false);
    await fs.writeFile(path.join(cache, 'devices.json'), '{"version": 1, "measured": [{}]}');
    expect(await measured()).toBe(true);
    expect(await measured()).toBe(false);
  });

  it('takes the usual order where there are too few images to measure, and says so', async () => {
    const here = machine({ cuda: 'does not open', webgpu: 'slow', cpu: 'fast' });
    const opened = await here.open(100);
    expect(opened.device).toBe('webgpu');
    expect(opened.reason).toMatch(/^the first of the usual order \(cuda: no driver\); not measured/);
    expect(here.events).toEqual(['webgpu opened', 'webgpu ran', 'webgpu closed']);
  });

  it('measures no other device where the first is done soon', async () => {
    const here = machine({ webgpu: 'fast', cpu: 'fast' });
    const opened = await here.open(500);
    expect(opened.device).toBe('webgpu');
    expect(opened.reason).toMatch(/usual order; webgpu: \S+ images\/s, so fast/);
    expect(here.events).not.toContain('cpu opened');
    // Nothing is known of the other: nothing is remembered.
    expect(await fs.readdir(cache)).toEqual([]);
  });

  it('passes over what does not open and what fails at work, and tells why', async () => {
    const here = machine({ cuda: 'does not open', webgpu: 'fails at work', cpu: 'fast' });
    const opened = await here.open();
    expect(opened).toMatchObject({ device: 'cpu', features: 48 });
    expect(opened.reason).toMatch(/^cpu: \S+ images\/s \(cuda: no driver; webgpu: out of memory\)$/);
    expect(here.events.filter((event) => event.startsWith('webgpu'))).toEqual([
      'webgpu opened',
      'webgpu ran',
      'webgpu closed',
    ]);
  });

  it('goes on where what was fastest does not open any more', async () => {
    await machine({ webgpu: 'fast', cpu: 'slow' }).open();
    const opened = await machine({ webgpu: 'does not open', cpu: 'slow' }).open();
    expect(opened.device).toBe('cpu');
    expect(opened.reason).toContain('webgpu: no driver');
  });

  it('does its work where the cache cannot be written', async () => {
    await fs.rm(cache, { recursive: true });
    await fs.writeFile(cache, '');
    expect(await machine({ webgpu: 'slow', cpu: 'fast' }).open()).toMatchObject({ device: 'cpu' });
  });

  it('throws what the CPU throws where none opens', async () => {
    const here = machine({ webgpu: 'does not open', cpu: 'does not open' });
    for (const images of [1, many]) await expect(here.open(images)).rejects.toMatchObject({ code: 'OVR503' });
  });
});

/** Where Chromium keeps its Vulkan driver in software; undefined where there is none. */
async function softwareVulkan(): Promise<string | undefined> {
  const named = process.env['OVERREAD_CHROMIUM'];
  const files = [
    ...(named === undefined ? [] : [named]),
    chromium.executablePath(),
    '/usr/lib/chromium/chromium',
  ];
  const folders = files.map((file) => path.dirname(file));
  for (const folder of folders) {
    const needed = ['vk_swiftshader_icd.json', 'libvulkan.so.1'].map((name) => path.join(folder, name));
    const there = await Promise.all(
      needed.map((file) =>
        fs.access(file).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (there.every(Boolean)) return folder;
  }
  return undefined;
}

it('measures WebGPU itself where a Vulkan driver is named, and prints nothing of the runtime’s', async (context) => {
  const folder = await softwareVulkan();
  if (folder === undefined)
    return context.skip('NOT TESTED: there is no Chromium with a Vulkan driver in software');
  const [program, worker] = await Promise.all([
    bundleProgram('test/core/inference/autoOnDevices.ts'),
    bundleProgram('src/core/inference/inferenceWorker.ts'),
  ]);
  try {
    const { code, stdout, stderr } = await runProgram(process.execPath, [program, worker, cache], {
      env: {
        ...process.env,
        LD_LIBRARY_PATH: folder,
        VK_ICD_FILENAMES: path.join(folder, 'vk_swiftshader_icd.json'),
      },
      timeLimit: 300_000,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const {
      opened: [first, second],
      half,
    } = JSON.parse(stdout) as {
      opened: { opened: { device: string; reason: string }; said: string[]; features: number[] }[];
      half: { feature?: number; code?: string; fix?: string };
    };
    // A driver in software lacks it, and then says so; another may have it.
    expect(half.feature ?? half).toSatisfy(
      (found: typeof half | number) =>
        found === 2 ||
        (typeof found === 'object' &&
          /^OVR50[34]$/.test(found.code ?? '') &&
          found.fix?.includes('--precision fp32') === true),
    );
    expect(first!.said).toEqual([
      expect.stringMatching(
        /^(cpu: \S+ images\/s, webgpu|webgpu: \S+ images\/s, cpu): \S+ images\/s: (webgpu|cpu) is used$/,
      ),
    ]);
    expect(second!.said).toEqual([expect.stringMatching(/as measured before: (webgpu|cpu) is used$/)]);
    expect(second!.opened.device).toBe(first!.opened.device);
    expect(second!.features).toEqual(first!.features);
  } finally {
    for (const file of [program, worker]) await fs.rm(path.dirname(file), { recursive: true });
  }
});
