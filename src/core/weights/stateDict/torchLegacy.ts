/**
 * PyTorch's layout before 1.6: five pickles one after the other (magic number, protocol, system, the object,
 * the keys of the storages), then for each storage its length as int64 and its numbers.
 */
import type { StateDict } from '../../networks/model';
import { readPickle, type PickleValue } from './pickle';
import { PickleRefused } from './pickleReader';
import { readTensors, storageBytes, tensorViews, type TorchStorage } from './torchTensors';

/** torch.serialization.MAGIC_NUMBER. */
const magicNumber = 0x1950a86a20f9469cfc6cn;

/** Whether the bytes begin as such a file does. */
export function isTorchLegacy(bytes: Uint8Array): boolean {
  const start = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46];
  return start.every((byte, i) => bytes[i] === byte);
}

/** The float tensors of such a file. Throws PickleRefused. */
export async function readTorchLegacy(bytes: Uint8Array): Promise<StateDict> {
  let position = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, position);
    position = end;
    return value;
  };
  if (next() !== magicNumber) throw new PickleRefused('its magic number is not that of torch.save');
  if (next() !== 1001) throw new PickleRefused('its protocol is not 1001');
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true) {
    throw new PickleRefused('its numbers are not little-endian');
  }
  const views = tensorViews(next());
  const keys = next();
  if (!Array.isArray(keys)) throw new PickleRefused('it has no list of storages');
  const storages = new Map(views.map((view) => [view.storage.key, view.storage]));
  const data = locate(bytes, position, keys, storages);
  return readTensors(views, bytes.byteLength, (storage) => {
    const found = data.get(storage.key);
    if (!found || found.byteLength !== storageBytes(storage)) {
      throw new PickleRefused(`storage ${storage.key} is missing or has another length`);
    }
    return Promise.resolve(found);
  });
}

/** Where each storage's numbers lie. The file does not say their type, only the tensors do. */
function locate(
  bytes: Uint8Array,
  start: number,
  keys: readonly PickleValue[],
  storages: ReadonlyMap<string, TorchStorage>,
): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  let position = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw new PickleRefused('a storage belongs to no tensor');
    if (position + 8 > bytes.byteLength) throw new PickleRefused('it ends too early');
    const length = view.getBigInt64(position, true);
    if (length !== BigInt(storage.length))
      throw new PickleRefused(`storage ${storage.key} has another length`);
    position += 8;
    const end = position + storageBytes(storage);
    if (end > bytes.byteLength) throw new PickleRefused('it ends too early');
    found.set(storage.key, bytes.subarray(position, end));
    position = end;
  }
  return found;
}
