/** Forged weights files for tests: what no writer of good will would make. */

const ascii = (text: string) => [...Buffer.from(text, 'utf8')];
const uint32 = (value: number) => [
  value & 255,
  (value >> 8) & 255,
  (value >> 16) & 255,
  (value >>> 24) & 255,
];
const unicode = (text: string) => [0x58, ...uint32(ascii(text).length), ...ascii(text)];
const global = (module: string, name: string) => [0x63, ...ascii(`${module}\n${name}\n`)];
const put = (slot: number) => [0x71, slot];
const get = (slot: number) => [0x68, slot];
const stop = 0x2e;

/** A legacy storage reference of `length` float32 numbers. */
const storage = (length: number) => [
  0x28,
  ...unicode('storage'),
  ...global('torch', 'FloatStorage'),
  ...unicode('0'),
  ...unicode('cpu'),
  0x4a,
  ...uint32(length),
  0x4e,
  0x74,
  0x51,
];

/** A tensor of one axis. */
const tensor = (size: number, stride: number, storageLength: number) => [
  ...global('torch._utils', '_rebuild_tensor_v2'),
  0x28,
  ...storage(storageLength),
  ...[0x4b, 0],
  ...[0x4a, ...uint32(size), 0x85],
  ...[0x4b, stride, 0x85],
  0x89,
  0x4e,
  0x74,
  0x52,
];

const pickle = (...body: number[]) => [0x80, 2, ...body, stop];

/** The object pickles of forged files. */
export const pickleOf = {
  selfReferring: () => pickle(0x7d, ...put(0), ...unicode('state_dict'), ...get(0), 0x73),
  // The shared tensor stays on the stack under the dictionary, which is what STOP takes.
  manyViews: (count: number) => {
    const items = Array.from({ length: count }, (_, i) => [...unicode(`t${i}`), ...get(1)]).flat();
    return pickle(...tensor(1000, 1, 1000), ...put(1), 0x7d, 0x28, ...items, 0x75);
  },
  expanded: () => pickle(0x7d, ...unicode('t'), ...tensor(1_000_000_000, 0, 1), 0x73),
  endless: () => [0x80, 2].concat(new Array<number>(3_000_000).fill(0x4e), [stop]),
  copies: () => {
    const pairs = Array.from({ length: 20_000 }, () => [0x4b, 1, 0x4b, 1, 0x86]).flat();
    const list = [0x5d, 0x28, ...pairs, 0x65, 0x85, ...put(0)];
    const copy = [...global('collections', 'OrderedDict'), ...get(0), 0x52];
    return [0x80, 2].concat(list, Array.from({ length: 1_000 }, () => copy).flat(), [stop]);
  },
  stackGlobal: (module: string, name: string) => pickle(...unicode(module), ...unicode(name), 0x93),
  calledStorage: () => pickle(...global('torch', 'FloatStorage'), 0x29, 0x52),
  operation: (op: number) => pickle(op),
  longText: () => pickle(0x58, ...uint32(0xfffffff)),
  /** A file of the legacy layout around an object pickle, with one storage of 1,000 numbers. */
  legacyFile: (object: readonly number[]): Uint8Array => {
    const magic = pickle(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19);
    const protocol = pickle(0x4d, 0xe9, 0x03);
    const system = pickle(0x7d, ...unicode('little_endian'), 0x88, 0x73);
    const keys = pickle(0x5d, ...unicode('0'), 0x61);
    const head = Buffer.from([...magic, ...protocol, ...system]);
    const numbers = Buffer.alloc(8 + 4000);
    numbers.writeBigInt64LE(1000n);
    return Buffer.concat([head, Buffer.from(object), Buffer.from(keys), numbers]);
  },
};

/** A safetensors file with any header over `bytes` zeros. */
export function safetensorsOf(header: unknown, bytes: number): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(bytes)]);
}
