/** ONNX files as people give them: by path, by the name in a run, with their weights beside them. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/base/files';
import { resolveWeights, type WeightsRequest } from '../../../src/core/weights/resolve';
import { classifier, changed } from './builtModels';
import { onnxFolder, readGoldenModel } from './golden';

let root: string;
beforeAll(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-onnx-'));
  await fs.writeFile(path.join(root, 'net.onnx'), classifier().toModel());
});
afterAll(() => fs.rm(root, { recursive: true, force: true }));

const request = (weights: string, more: Partial<WeightsRequest> = {}): WeightsRequest => ({
  architecture: 'densenet121',
  weights,
  cacheDir: path.join(root, 'cache'),
  env: { HF_HUB_OFFLINE: '1', PATH: '' },
  root,
  ...more,
});

it('is named by its content, and found again by that name', async () => {
  const hash = sha256(classifier().toModel());
  const resolved = await resolveWeights(request('./net.onnx', { trainedOn: ['NIH', 'PadChest'] }));
  expect(resolved).toMatchObject({
    kind: 'onnx',
    declaredTraining: ['NIH', 'PadChest'],
    identity: {
      architecture: 'onnx',
      name: `onnx.file-${hash.slice(0, 12)}`,
      sha256: hash,
      source: 'file',
      trainedOn: 'NIH, PadChest',
      truncate: null,
      preprocessing: { size: 16, channels: 3, mean: [0, 0, 0], std: [1, 1, 1], cropPct: 1 },
    },
  });
  expect(resolved.notes).toEqual([expect.stringContaining('model.input') as string]);
  const again = await resolveWeights(request(resolved.identity.name));
  expect(again.identity).toEqual({ ...resolved.identity, trainedOn: 'not declared' });
  expect(again.declaredTraining).toBeNull();
});

it('is refused by its name when it changed', async () => {
  const file = path.join(root, 'moving.onnx');
  const one = classifier(undefined, 1).toModel();
  await fs.writeFile(file, one);
  const { identity } = await resolveWeights(request(file));
  await fs.writeFile(
    file,
    one.map((byte, i) => (i === one.length - 20 ? byte ^ 1 : byte)),
  );
  await expect(resolveWeights(request(identity.name))).rejects.toMatchObject({ code: 'OVR502' });
  await fs.rm(file);
  await expect(resolveWeights(request(identity.name))).rejects.toMatchObject({ code: 'OVR501' });
});

it.each([
  ['missing.onnx', 'OVR502', /no weights file missing.onnx/],
  ['onnx.file-0123456789ab', 'OVR501', /no longer where it was/],
  ['broken.onnx', 'OVR502', /damaged/],
])('%s is refused', async (weights, code, message) => {
  await fs.writeFile(path.join(root, 'broken.onnx'), classifier().toModel().subarray(0, 1000));
  await expect(resolveWeights(request(weights))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
});

describe('weights in a file beside the model', () => {
  const copy = async (
    name: string,
    model: Uint8Array,
    data: Uint8Array | null = readGoldenModel('external.onnx.data'),
  ) => {
    const folder = path.join(root, name);
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, 'm.onnx'), model);
    if (data) await fs.writeFile(path.join(folder, 'external.onnx.data'), data);
    return path.join(folder, 'm.onnx');
  };
  const model = readGoldenModel('external.onnx');

  it('are brought in, and count in its hash', async () => {
    const { identity } = await resolveWeights(request(await copy('whole', model)));
    const data = Buffer.from(readGoldenModel('external.onnx.data'));
    data[100]! ^= 1;
    const other = await resolveWeights(request(await copy('other', model, data)));
    expect(other.identity.sha256).not.toBe(identity.sha256);
    const original = await resolveWeights(request(path.join(onnxFolder, 'external.onnx')));
    expect(original.identity.sha256).toBe(identity.sha256);
  });

  const location = (text: string) => {
    // Of the same length, so that no other length in the file changes.
    expect(text).toHaveLength('external.onnx.data'.length);
    return Buffer.from(
      Buffer.from(model).toString('latin1').replaceAll('external.onnx.data', text),
      'latin1',
    );
  };

  it.each([
    ['are missing', model, null, /"external.onnx.data" is not there/],
    ['are too short', model, new Uint8Array(100), /has 100 bytes and is too short/],
    ['lie above', location('../../../../passwd'), new Uint8Array(0), /outside its folder/],
    ['lie elsewhere', location('/etc/passwd/passwd'), new Uint8Array(0), /outside its folder/],
  ])('%s', async (name, bytes, data, message) => {
    await expect(resolveWeights(request(await copy(name, bytes, data)))).rejects.toMatchObject({
      code: 'OVR506',
      message: expect.stringMatching(message) as string,
    });
  });

  it('are not followed out of the folder', async () => {
    const file = await copy('linked', model, null);
    await fs.writeFile(path.join(root, 'secret'), readGoldenModel('external.onnx.data'));
    await fs.symlink(path.join(root, 'secret'), path.join(path.dirname(file), 'external.onnx.data'));
    await expect(resolveWeights(request(file))).rejects.toMatchObject({
      code: 'OVR506',
      message: expect.stringMatching(/outside its folder/) as string,
    });
  });
});

it('a file that is no backbone is refused before anything is computed', async () => {
  const file = path.join(root, 'bytes.onnx');
  await fs.writeFile(
    file,
    changed(classifier(), ({ graph }) => {
      graph.input[0]!.type.tensorType.elemType = 2;
    }),
  );
  await expect(resolveWeights(request(file))).rejects.toMatchObject({ code: 'OVR506', place: { file } });
});
