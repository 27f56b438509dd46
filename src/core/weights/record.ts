/**
 * What the per-user cache knows of weights: where the checked file lies and which SHA-256 it must have. The
 * record is written last, so a file with a record is whole; and it pins the hash of what had none.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { OverreadError } from '../base/errors';
import { readTextIfPresent, writeFileAtomic } from '../base/files';
import type { WeightsIdentity } from '../networks/model';

export interface WeightsRecord {
  readonly version: 1;
  /** `architecture.tag`. */
  readonly name: string;
  /** The weights' identity: SHA-256 of the file as it was published. */
  readonly sha256: string;
  readonly source: WeightsIdentity['source'];
  /** The file to read: absolute, or relative to the record's folder. */
  readonly file: string;
  /** Length and SHA-256 of that file, which differ from the published one's when it was converted. */
  readonly bytes: number;
  readonly fileSha256: string;
}

/** The folder of weights of that name in the cache. */
export function weightsFolder(cacheDir: string, name: string): string {
  return path.join(cacheDir, 'weights', name);
}

/** Where a person puts a file that was fetched elsewhere. */
export function placedFile(cacheDir: string, name: string): string {
  return path.join(weightsFolder(cacheDir, name), 'model.safetensors');
}

function recordFile(cacheDir: string, name: string): string {
  return path.join(weightsFolder(cacheDir, name), 'identity.json');
}

const sha256Text = Type.String({ pattern: '^[0-9a-f]{64}$' });

const parseRecord = jsonReader(
  Type.Object({
    version: Type.Literal(1),
    name: Type.String(),
    sha256: sha256Text,
    source: Type.Unsafe<WeightsRecord['source']>({
      type: 'string',
      enum: ['huggingface', 'package-index', 'file', 'random', 'cache'],
    }),
    file: Type.String({ minLength: 1 }),
    bytes: Type.Integer({ minimum: 0 }),
    fileSha256: sha256Text,
  }),
);

/** The record of that name, or undefined when there is none or it cannot be read: then the source is asked again. */
export async function readRecord(cacheDir: string, name: string): Promise<WeightsRecord | undefined> {
  const text = await readTextIfPresent(recordFile(cacheDir, name));
  if (text === undefined) return undefined;
  try {
    const record = parseRecord(text);
    return record.name === name ? record : undefined;
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}

export async function writeRecord(cacheDir: string, record: WeightsRecord): Promise<void> {
  await writeFileAtomic(recordFile(cacheDir, record.name), `${JSON.stringify(record, null, 2)}\n`);
}

/** The recorded file, or undefined when it is gone or has another length. Its content is checked when read. */
export async function recordedFile(cacheDir: string, record: WeightsRecord): Promise<string | undefined> {
  const file = path.resolve(weightsFolder(cacheDir, record.name), record.file);
  const size = await fs.stat(file).then(
    (stat) => stat.size,
    () => -1,
  );
  return size === record.bytes ? file : undefined;
}

/** OVR502 when a file's hash is not the one that is known, or was pinned on first use. */
export function checkPin(name: string, known: string | undefined, found: string, from: string): void {
  if (known === undefined || known === found) return;
  throw new OverreadError({
    code: 'OVR502',
    message: `Weights ${name} from ${from} have SHA-256 ${found}`,
    expected: `SHA-256 ${known}, as published or as on first use`,
    fix: `Find out why they changed; to accept them, delete the folder weights/${name} in Overread's cache`,
  });
}
