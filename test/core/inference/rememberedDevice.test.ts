/** Heat maps on the device that features were measured on; the device itself is ONNX Runtime's CPU, here and everywhere. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { deviceMemory } from '../../../src/core/inference/deviceSpeeds';
import { openOnRemembered } from '../../../src/core/inference/rememberedDevice';
import { autoCandidates, type ConcreteDevice } from '../../../src/core/onnx/devices';
import { tinyBackbone, tinyWeights } from '../features/tinyBackbone';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-remembered-'));
  // A driver that somebody named is worth a try behind the CPU; this one does not open.
  vi.stubEnv('VK_DRIVER_FILES', path.join(cacheDir, 'none.json'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fs.rm(cacheDir, { recursive: true, force: true });
});

async function remember(speeds: Partial<Record<ConcreteDevice, number>>): Promise<void> {
  const memory = await deviceMemory(cacheDir, tinyWeights, await autoCandidates(process.platform));
  await memory.keep(
    Object.entries(speeds).map(([device, imagesPerSecond]) => ({
      device: device as ConcreteDevice,
      imagesPerSecond,
    })),
  );
}

async function open(device: 'auto' | 'cpu' = 'auto') {
  const said: string[] = [];
  const log = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  const inference = await openOnRemembered(tinyBackbone(), device, { cacheDir, log });
  const { features } = await inference.run(new Uint8Array(3 * 32 * 32), 1);
  await inference.close();
  expect(features).toHaveLength(48);
  return { ...inference.opened, said };
}

it.runIf(process.platform === 'linux')('takes the device that was measured for the network', async () => {
  await remember({ cpu: 40, webgpu: 12 });
  const { device, reason, said } = await open();
  expect(device).toBe('cpu');
  expect(reason).toBe('cpu: 40 images/s, webgpu: 12 images/s, as measured before');
  expect(said).toEqual([`${reason}: cpu is used`]);
});

it.runIf(process.platform === 'linux')('takes another where that one does not open any more', async () => {
  await remember({ cpu: 12, webgpu: 40 });
  const { device, reason } = await open();
  expect(device).toBe('cpu');
  expect(reason).toMatch(/^webgpu: 40 images\/s, cpu: 12 images\/s, as measured before \(webgpu: .+\)$/);
});

it('goes by the order where nothing was measured, and measures nothing', async () => {
  expect((await open()).reason).toMatch(/^the best /);
  expect(await fs.readdir(cacheDir)).toEqual([]);
});

it('takes the device that was asked for, whatever was measured', async () => {
  await remember({ webgpu: 40, cpu: 12 });
  expect(await open('cpu')).toMatchObject({ device: 'cpu', reason: 'as asked for' });
});
