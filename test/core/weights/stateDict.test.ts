import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StateDict } from '../../../src/core/networks/model';
import { parseStateDict } from '../../../src/core/weights/stateDict/read';
import { readSafetensors, writeSafetensors } from '../../../src/core/weights/stateDict/safetensors';
import { goldenFolder } from '../networks/golden';
import { pickleOf, safetensorsOf } from './weightsFiles';

const folder = path.join(goldenFolder, 'files');
const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  { shape: number[]; data: number[] }
>;

function plain(state: StateDict) {
  return Object.fromEntries([...state].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));
}

describe('files as PyTorch and safetensors write them', () => {
  it.each(['zip.pth', 'legacy.pth', 'checkpoint.pth', 'plain.safetensors'])('%s', async (file) => {
    const state = await parseStateDict(readFileSync(path.join(folder, file)), file);
    expect(plain(state)).toEqual(expected);
    if (file.endsWith('.pth')) expect([...state.keys()]).toEqual(Object.keys(expected));
  });

  it('tells the format by the content, not the name', async () => {
    const bytes = readFileSync(path.join(folder, 'plain.safetensors'));
    expect((await parseStateDict(bytes, 'renamed.pth')).size).toBe(Object.keys(expected).length);
  });
});

describe('files that are refused by name', () => {
  it.each([
    ['evil-zip.pth', /asks for "posix.system"|asks for "nt.system"/],
    ['evil-legacy.pth', /asks for "posix.system"|asks for "nt.system"/],
    ['whole-model.pth', /asks for "torch.nn.modules.linear.Linear"/],
    ['script.pth', /TorchScript|asks for/],
    ['plain-pickle.pth', /header claims/],
  ])('%s', async (file, message) => {
    await expect(parseStateDict(readFileSync(path.join(folder, file)), file)).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringMatching(message) as string,
      place: { file },
    });
    expect(existsSync('overread-was-here')).toBe(false);
  });
});

describe('pickles that are no list of tensors', () => {
  const cases: [string, number[], RegExp][] = [
    ['a dictionary that holds itself', pickleOf.selfReferring(), /no tensor/],
    ['one storage under a thousand names', pickleOf.manyViews(1000), /more numbers than the file/],
    ['a tensor wider than its storage', pickleOf.expanded(), /larger than its/],
    ['millions of operations', pickleOf.endless(), /far longer/],
    ['an OrderedDict copied again and again', pickleOf.copies(), /far longer/],
    ['a name from the stack', pickleOf.stackGlobal('builtins', 'eval'), /asks for "builtins.eval"/],
    ['a storage that is called', pickleOf.calledStorage(), /torch.FloatStorage is called/],
    ['an unknown operation', pickleOf.operation(0x69), /operation 0x69/],
    ['a text longer than it', pickleOf.longText(), /text of/],
    ['an empty stack', pickleOf.operation(0x52), /stack runs empty/],
  ];
  it.each(cases)('%s', async (_, object, message) => {
    await expect(parseStateDict(pickleOf.legacyFile(object), 'forged.pth')).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('safetensors', () => {
  it('writes what it reads, with metadata', () => {
    const state: StateDict = new Map([
      ['b', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
      ['a', { shape: [], data: Float32Array.of(5) }],
      ['none', { shape: [0], data: new Float32Array() }],
    ]);
    const bytes = writeSafetensors(state, { origin: 'Röntgen' });
    const content = readSafetensors(bytes, 'x');
    expect([...content.tensors]).toEqual([...state]);
    expect([...content.metadata]).toEqual([['origin', 'Röntgen']]);
    expect(bytes.byteLength % 4).toBe(0);
  });

  const tensor = (offsets: number[], more: object = {}) => ({
    dtype: 'F32',
    shape: [1],
    data_offsets: offsets,
    ...more,
  });
  const cases: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(0), /0 bytes/],
    ['zeros only', new Uint8Array(64), /no JSON/],
    ['a header beyond the end', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 1), /claims/],
    ['a list as header', safetensorsOf([], 0), /no JSON object/],
    ['overlap', safetensorsOf({ a: tensor([0, 4]), b: tensor([0, 4]) }, 4), /overlaps/],
    ['a hole', safetensorsOf({ a: tensor([4, 8]) }, 8), /hole/],
    ['too few bytes', safetensorsOf({ a: tensor([0, 4]) }, 3), /3 bytes of tensors/],
    ['too many bytes', safetensorsOf({ a: tensor([0, 4]) }, 8), /8 bytes of tensors/],
    ['another length', safetensorsOf({ a: tensor([0, 4], { shape: [2] }) }, 4), /4 bytes for shape \[2\]/],
    ['a negative size', safetensorsOf({ a: tensor([0, 4], { shape: [-1] }) }, 4), /no shape/],
    ['a fraction', safetensorsOf({ a: tensor([0.5, 4.5]) }, 4), /offsets/],
    ['an unknown type', safetensorsOf({ a: tensor([0, 4], { dtype: 'F8_E4M3' }) }, 4), /type F8_E4M3/],
    ['an inherited name as type', safetensorsOf({ a: tensor([0, 4], { dtype: 'constructor' }) }, 4), /type/],
    [
      'a huge shape',
      safetensorsOf({ a: tensor([0, 4], { shape: [2 ** 40, 2 ** 40] }) }, 4),
      /bytes for shape/,
    ],
    ['metadata that is no text', safetensorsOf({ __metadata__: { a: 1 } }, 0), /metadata "a"/],
  ];
  it.each(cases)('refuses %s', async (_, bytes, message) => {
    await expect(parseStateDict(bytes, 'x.safetensors')).rejects.toMatchObject({
      code: 'OVR502',
      message: expect.stringMatching(message) as string,
    });
  });
});
