/** From what a torch pickle describes to tensors: the only things that can come out of one. */
import type { StateDict, Tensor } from '../../networks/model';
import { elementBytes, isFloat, toFloat32, type StoredType } from './elements';
import { PickleCall, PickleName, PickleReference, type PickleValue } from './pickle';
import { PickleRefused } from './pickleReader';

/** A block of numbers that tensors look into. */
export interface TorchStorage {
  readonly key: string;
  readonly type: StoredType;
  /** Numbers in it. */
  readonly length: number;
}

/** One tensor as the pickle describes it: a strided view of a storage. */
export interface TensorView {
  readonly name: string;
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const storageTypes: Readonly<Record<string, StoredType>> = {
  'torch.FloatStorage': 'F32',
  'torch.DoubleStorage': 'F64',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

/**
 * The tensors of a state dict. A checkpoint with the state dict under `state_dict` or `model` is looked into,
 * and the `module.` that DataParallel puts before names is taken off.
 */
export function tensorViews(value: PickleValue): readonly TensorView[] {
  if (!(value instanceof Map)) throw new PickleRefused('it holds no dictionary of tensors');
  // One level only: a forged dictionary may hold itself.
  const inner = ['state_dict', 'model'].map((key) => value.get(key)).find((item) => item instanceof Map);
  const views: TensorView[] = [];
  for (const [name, item] of inner ?? value) {
    if (typeof name !== 'string' || !(item instanceof PickleCall)) continue;
    views.push(readTensor(name.replace(/^module\./, ''), item));
  }
  if (views.length === 0) throw new PickleRefused('its dictionary holds no tensor');
  return views;
}

/**
 * The float tensors as float32. Together they may not take more numbers than `fileBytes` could hold, so that
 * views which share a storage cannot fill the memory.
 * @param read gives the bytes of a storage, at least length × element size
 */
export async function readTensors(
  views: readonly TensorView[],
  fileBytes: number,
  read: (storage: TorchStorage) => Promise<Uint8Array>,
): Promise<StateDict> {
  const numbers = new Map<string, Float32Array>();
  const tensors = new Map<string, Tensor>();
  let budget = fileBytes;
  for (const view of views) {
    const { type, key } = view.storage;
    if (!isFloat(type)) continue;
    budget -= product(view.shape);
    if (budget < 0) throw new PickleRefused('its tensors have more numbers than the file');
    let data = numbers.get(`${key}:${type}`);
    if (!data) {
      data = toFloat32(await read(view.storage), type);
      numbers.set(`${key}:${type}`, data);
    }
    tensors.set(view.name, { shape: view.shape, data: gather(data, view) });
  }
  return tensors;
}

function readTensor(name: string, call: PickleCall): TensorView {
  const where = `tensor ${JSON.stringify(name)}`;
  if (call.name === 'torch._utils._rebuild_parameter') {
    const inner = call.args[0];
    if (!(inner instanceof PickleCall) || inner.name === call.name)
      throw new PickleRefused(`${where} is none`);
    return readTensor(name, inner);
  }
  const [reference, offset, shape, strides] = call.args;
  if (!(reference instanceof PickleReference)) throw new PickleRefused(`${where} has no storage`);
  const storage = readStorage(reference.id);
  if (!isSize(offset) || !isSizes(shape) || !isSizes(strides) || shape.length !== strides.length) {
    throw new PickleRefused(`${where} has no shape`);
  }
  const count = product(shape);
  const last =
    count === 0 ? -1 : offset + shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), 0);
  if (count > storage.length || last >= storage.length) {
    throw new PickleRefused(
      `${where} of shape [${shape.join(', ')}] is larger than its ${storage.length} numbers`,
    );
  }
  return { name, storage, offset, shape, strides };
}

/** `('storage', type, key, location, length)`; the legacy layout adds a view, which is none in any state dict. */
function readStorage(id: PickleValue): TorchStorage {
  if (!Array.isArray(id)) throw new PickleRefused('a reference leads to no storage');
  const [kind, type, key, , length, view] = id;
  const stored = type instanceof PickleName ? storageTypes[type.name] : undefined;
  if (kind !== 'storage' || stored === undefined || typeof key !== 'string' || !isSize(length)) {
    throw new PickleRefused('a reference leads to no storage');
  }
  if (view !== undefined && view !== null) throw new PickleRefused('a storage is a view of another one');
  return { key, type: stored, length };
}

/** The numbers of a view, row-major. */
function gather(data: Float32Array, view: TensorView): Float32Array {
  const count = product(view.shape);
  const result = new Float32Array(count);
  const shape = Float64Array.from(view.shape);
  const strides = Float64Array.from(view.strides);
  const index = new Float64Array(shape.length);
  let position = view.offset;
  for (let i = 0; i < count; i++) {
    result[i] = data[position]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      position -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** Bytes that a storage takes in the file. */
export function storageBytes(storage: TorchStorage): number {
  return storage.length * elementBytes[storage.type];
}

function product(shape: readonly number[]): number {
  return shape.reduce((result, size) => result * size, 1);
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 32 && value.every(isSize);
}
