/**
 * Weights that an exporter has put into a file beside the model: brought into it, so that the rest of the program
 * and the model's hash have one whole model to do with. What the model says of them is not trusted.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isInside } from '../base/files';
import { openPlainFile } from '../base/readPlain';
import { entryFields, graphFields, modelFields, tensorFields } from './fields';
import { damagedModel, externalData } from './refusal';
import {
  contentOf,
  delimited,
  fileBudget,
  joinPieces,
  numberOf,
  readFields,
  textOf,
  WireError,
  type Budget,
  type Field,
  type Pieces,
} from './wire';

/** Protocol buffers end at 2 GiB, and Node reads no more at once. */
export const maxModelBytes = 2 ** 31 - 1;

/**
 * The model with the numbers of all its initialisers inside; the same bytes when they are already.
 * @param file the model's path
 * @throws OVR502 the bytes are no model; OVR506 a file of weights is missing, outside the folder or too short
 */
export async function inlineExternalData(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  try {
    return await inlineModel(bytes, file, { fields: fileBudget });
  } catch (error) {
    if (error instanceof WireError) throw damagedModel(file, error.message, error);
    throw error;
  }
}

async function inlineModel(bytes: Uint8Array, file: string, budget: Budget): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const reading = new ExternalFiles(file, maxModelBytes - bytes.length);
  let changed = false;
  for (const field of readFields(bytes, budget)) {
    if (field.id !== modelFields.graph) {
      pieces.push(field.bytes);
      continue;
    }
    const graph: Uint8Array[] = [];
    for (const part of readFields(contentOf(field), budget)) {
      const inlined = part.id === graphFields.initialiser ? await inlineTensor(part, reading, budget) : null;
      if (inlined) changed = true;
      graph.push(...(inlined ?? [part.bytes]));
    }
    pieces.push(...delimited(modelFields.graph, graph));
  }
  return changed ? joinPieces(pieces) : bytes;
}

/** The initialiser with its numbers inside; null when they are. */
async function inlineTensor(field: Field, reading: ExternalFiles, budget: Budget): Promise<Pieces | null> {
  const kept: Uint8Array[] = [];
  const entries = new Map<string, string>();
  let external = false;
  for (const part of readFields(contentOf(field), budget)) {
    if (part.id === tensorFields.dataLocation) external = numberOf(part) !== 0;
    else if (part.id === tensorFields.externalData) {
      let key = '';
      let value = '';
      for (const text of readFields(contentOf(part), budget)) {
        if (text.id === entryFields.key) key = textOf(text);
        if (text.id === entryFields.value) value = textOf(text);
      }
      entries.set(key, value);
    } else kept.push(part.bytes);
  }
  if (!external) return null;
  const data = await reading.read(entries);
  return delimited(field.id, [...kept, ...delimited(tensorFields.rawData, [data])]);
}

/** Stretches of the files beside a model. */
class ExternalFiles {
  constructor(
    private readonly model: string,
    /** Bytes that may still be read. */
    private room: number,
  ) {}

  async read(entries: ReadonlyMap<string, string>): Promise<Uint8Array> {
    const location = entries.get('location') ?? '';
    const file = await this.find(location);
    const handle = await openPlainFile(file);
    try {
      const { size } = await handle.stat();
      const offset = readSize(entries.get('offset'), 0);
      const length = readSize(entries.get('length'), size - (offset ?? 0));
      if (offset === undefined || length === undefined || length < 0 || offset + length > size) {
        throw this.refuse(`its file of weights ${location} has ${size} bytes and is too short`);
      }
      this.room -= length;
      if (this.room < 0) throw this.refuse('with its weights it has more than 2 GiB');
      const data = Buffer.alloc(length);
      const { bytesRead } = await handle.read(data, 0, length, offset);
      if (bytesRead < length) throw this.refuse(`its file of weights ${location} is too short`);
      return data;
    } finally {
      await handle.close();
    }
  }

  /** The file in the model's folder, links followed; a model names no file elsewhere. */
  private async find(location: string): Promise<string> {
    const folder = await fs.realpath(path.dirname(this.model));
    const wanted = path.resolve(folder, location);
    if (location === '' || path.isAbsolute(location) || !isInside(folder, wanted)) {
      throw this.refuse(`its weights lie outside its folder ("${location}")`);
    }
    const found = await fs.realpath(wanted).catch(() => undefined);
    const isFile = found !== undefined && (await fs.stat(found).then((stat) => stat.isFile()));
    if (!isFile) throw this.refuse(`its file of weights "${location}" is not there`);
    if (!isInside(folder, found)) throw this.refuse(`its weights lie outside its folder ("${location}")`);
    return found;
  }

  private refuse(found: string) {
    return externalData(this.model, found);
  }
}

/** A whole number as external_data writes it; undefined when it is none. */
function readSize(text: string | undefined, missing: number): number | undefined {
  if (text === undefined) return missing;
  const size = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}
