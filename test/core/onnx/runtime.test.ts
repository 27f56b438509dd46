import { Tensor } from 'onnxruntime-node';
import { describe, expect, it, vi } from 'vitest';
import { physicalCores } from '../../../src/core/onnx/cores';
import { autoCandidates, autoOrder } from '../../../src/core/onnx/devices';
import { GraphBuilder } from '../../../src/core/onnx/graphBuilder';
import { openSession, probeDevices } from '../../../src/core/onnx/runtime';

function doubling(): Uint8Array {
  const graph = new GraphBuilder('doubling');
  const x = graph.input('x', 'float32', ['N', 2]);
  graph.output(graph.add(x, x, 'y'), 'float32', ['N', 2]);
  return graph.toModel();
}

describe('devices', () => {
  it.each(['auto', 'cpu'] as const)('%s computes', async (device) => {
    const { session, opened } = await openSession(doubling(), device);
    const result = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [1, 2]) });
    expect([...(result['y']!.data as Float32Array)]).toEqual([2, 4]);
    expect(opened.reason).not.toBe('');
    if (device === 'cpu') expect(opened).toEqual({ device: 'cpu', reason: 'as asked for' });
    await session.release();
  });

  it('that do not exist here are an error with what to do', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml';
    await expect(openSession(doubling(), absent)).rejects.toMatchObject({
      code: 'OVR503',
      message: expect.stringContaining(`Device ${absent} does not open`) as string,
      fix: expect.stringContaining('--device') as string,
    });
  });

  it('are probed one by one; the CPU always opens, and what auto takes is among those that open', async () => {
    const probes = await probeDevices();
    expect(probes.map(({ device }) => device)).toEqual(
      expect.arrayContaining([...autoOrder(process.platform)]),
    );
    expect(probes.find(({ device }) => device === 'cpu')).toMatchObject({ opens: true, fix: null });
    for (const probe of probes) expect(probe.opens === (probe.fix === null)).toBe(true);
    const { session, opened } = await openSession(doubling(), 'auto');
    await session.release();
    expect(probes.find(({ opens }) => opens)?.device).toBe(opened.device);
  });

  it('end with the CPU in every order', () => {
    for (const platform of ['linux', 'win32', 'darwin', 'freebsd'] as const) {
      expect(autoOrder(platform).at(-1)).toBe('cpu');
    }
  });

  it('of a Vulkan driver that is only named come behind the CPU: it may be software', async () => {
    const [before, auto] = [await autoCandidates('linux'), await openSession(doubling(), 'auto')];
    expect(before).toContain('cpu');
    vi.stubEnv('VK_DRIVER_FILES', '/nowhere/software.json');
    try {
      expect(await autoCandidates('linux')).toEqual(
        before.includes('webgpu') ? before : [...before, 'webgpu'],
      );
      const again = await openSession(doubling(), 'auto');
      expect(again.opened).toEqual(auto.opened);
      await again.session.release();
    } finally {
      vi.unstubAllEnvs();
      await auto.session.release();
    }
  });

  it('of the CPU are whole cores', async () => {
    const cores = await physicalCores();
    expect(Number.isInteger(cores) && cores >= 1).toBe(true);
  });
});
