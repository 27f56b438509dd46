/** PyTorch's layout since 1.6: a zip, uncompressed, with `data.pkl` and one entry `data/KEY` a storage. */
import * as yauzl from 'yauzl';
import type { StateDict } from '../../networks/model';
import { readPickle } from './pickle';
import { PickleRefused } from './pickleReader';
import { readTensors, storageBytes, tensorViews } from './torchTensors';

/** Whether the bytes begin as a zip does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** The float tensors of such a file. Throws PickleRefused, and yauzl's errors for a damaged zip. */
export async function readTorchZip(bytes: Uint8Array): Promise<StateDict> {
  const zip = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    lazyEntries: true,
  });
  const entries = await listEntries(zip);
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) {
    const script = [...entries.keys()].some((name) => name.endsWith('/constants.pkl'));
    throw new PickleRefused(script ? 'it is a TorchScript program' : 'it is a zip without data.pkl');
  }
  const folder = pickle.slice(0, -'data.pkl'.length);
  // Entries may overlap in a forged zip: all that is read together may not be more than the file.
  let budget = bytes.byteLength;
  const read = async (name: string): Promise<Uint8Array> => {
    const entry = entries.get(name);
    if (!entry) throw new PickleRefused(`it has no entry ${JSON.stringify(name)}`);
    if (entry.compressionMethod !== 0)
      throw new PickleRefused(`its entry ${JSON.stringify(name)} is compressed`);
    budget -= entry.uncompressedSize;
    if (budget < 0) throw new PickleRefused('its entries are larger than the file');
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  if (entries.has(`${folder}byteorder`)) {
    const order = new TextDecoder().decode(await read(`${folder}byteorder`));
    if (order !== 'little') throw new PickleRefused('its numbers are not little-endian');
  }
  const views = tensorViews(readPickle(await read(pickle)).value);
  return readTensors(views, bytes.byteLength, async (storage) => {
    const found = await read(`${folder}data/${storage.key}`);
    if (found.byteLength !== storageBytes(storage)) {
      throw new PickleRefused(
        `storage ${storage.key} has ${found.byteLength} bytes, not ${storageBytes(storage)}`,
      );
    }
    return found;
  });
}

async function listEntries(zip: yauzl.ZipFile): Promise<ReadonlyMap<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  for await (const entry of zip.eachEntry()) {
    if (entries.has(entry.fileName))
      throw new PickleRefused(`it has two entries ${JSON.stringify(entry.fileName)}`);
    entries.set(entry.fileName, entry);
  }
  return entries;
}
