/**
 * What was tried on the labels, folds and images as they are: `.overread/sweeps/<fingerprint>/`. A line of
 * `trials.jsonl` for each setting, its predictions beside it. Several processes may append; a killed one loses the
 * setting that it was at.
 */
import { Type } from '@sinclair/typebox';
import type { CacheMac } from '../base/cacheMac';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { canonicalJson } from '../base/files';
import type { ProjectFolder } from '../base/projectFolder';
import { readPlainFile } from '../base/readPlain';
import { augmentations } from '../config/sweepSettings';
import type { PredictionColumns } from '../evaluation/model';
import { readSafetensors, writeSafetensors } from '../weights/stateDict/safetensors';
import type { Trial, TrialRecord } from './model';

/** Where the sweeps of a project lie, below its root. */
export const sweepsName = '.overread/sweeps';
const trialsFile = 'trials.jsonl';
const purpose = 'sweep trial';

const number = Type.Number();
const parseRecord = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    key: Type.String({ pattern: '^[0-9a-f]{24}$' }),
    setting: Type.Object({
      network: Type.Optional(Type.String()),
      truncate: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      C: Type.Optional(number),
      layers: Type.Optional(
        Type.Union(
          (['last', 'last-block', 'last-two-blocks', 'all'] as const).map((name) => Type.Literal(name)),
        ),
      ),
      learning_rate: Type.Optional(number),
      augmentation: Type.Optional(Type.Union(augmentations.map((name) => Type.Literal(name)))),
    }),
    weights: Type.String(),
    seconds: number,
    thresholds: Type.Array(number),
    epochs: Type.Optional(number),
    study: Type.Optional(Type.String()),
    time: Type.String(),
    // Who has not the key of this user has not tried it here.
    mac: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  }),
);

type Line = TrialRecord & { readonly mac: string };

export interface TrialStoreRequest {
  readonly folder: ProjectFolder;
  /** Tells the trials of this user from those that came with the project. */
  readonly mac: CacheMac;
  /** Of labels, folds and images. */
  readonly fingerprint: string;
  /** Class or finding names. */
  readonly outputs: readonly string[];
  readonly samples: number;
}

export class TrialStore {
  private readonly known = new Map<string, Line>();
  /** Below the project's root. */
  readonly name: string;

  private constructor(private readonly request: TrialStoreRequest) {
    this.name = `${sweepsName}/${request.fingerprint.slice(0, 16)}`;
  }

  static async open(request: TrialStoreRequest): Promise<TrialStore> {
    const store = new TrialStore(request);
    await request.folder.makeFolder(store.name);
    await store.renew();
    return store;
  }

  /** The keys of what was tried. */
  get keys(): readonly string[] {
    return [...this.known.keys()];
  }

  /** Reads what other processes have added. */
  async renew(): Promise<void> {
    const text = await readPlainFile(this.request.folder.path(this.name, trialsFile)).then(
      (bytes) => Buffer.from(bytes).toString('utf8'),
      (error: unknown) => {
        if (isErrnoException(error) && error.code === 'ENOENT') return '';
        throw error;
      },
    );
    for (const line of text.split('\n')) {
      const record = recordOf(line);
      if (record) this.known.set(record.key, record);
    }
  }

  /** A setting that was tried; undefined where it was not, or its predictions are gone: it is then tried again. */
  async read(key: string): Promise<Trial | undefined> {
    const line = this.known.get(key);
    if (!line) return undefined;
    const { folder, mac, outputs, samples } = this.request;
    const file = `${key}.safetensors`;
    try {
      const bytes = await readPlainFile(folder.path(this.name, file));
      const { mac: signature, ...record } = line;
      if (!mac.verify(Buffer.from(signature, 'hex'), purpose, canonicalJson(record), bytes)) return undefined;
      const { tensors } = readSafetensors(bytes, file);
      const [values, held] = [tensors.get('probabilities')?.data, tensors.get('out_of_fold')?.data];
      if (values?.length !== samples * outputs.length || held?.length !== samples) return undefined;
      return {
        record,
        predictions: {
          outputs,
          probabilities: Float64Array.from(values),
          outOfFold: Uint8Array.from(held),
          thresholds: record.thresholds,
        },
      };
    } catch (error) {
      if (error instanceof OverreadError || isErrnoException(error)) return undefined;
      throw error;
    }
  }

  /** What one study of Optuna has suggested and was trained. */
  async ofStudy(study: string): Promise<readonly TrialRecord[]> {
    const records: TrialRecord[] = [];
    for (const { key, study: own } of this.known.values()) {
      const trial = own === study ? await this.read(key) : undefined;
      if (trial) records.push(trial.record);
    }
    return records;
  }

  /** Keeps a setting: its predictions, then the line that says that they are whole. */
  async add(record: TrialRecord, { probabilities, outOfFold }: PredictionColumns): Promise<void> {
    const { folder, mac, outputs, samples } = this.request;
    const tensors = new Map([
      ['probabilities', { shape: [samples, outputs.length], data: Float32Array.from(probabilities) }],
      ['out_of_fold', { shape: [samples], data: Float32Array.from(outOfFold) }],
    ]);
    const bytes = writeSafetensors(tensors);
    const signed = JSON.parse(canonicalJson(record)) as TrialRecord;
    const line = { ...signed, mac: mac.of(purpose, canonicalJson(signed), bytes).toString('hex') };
    await folder.writeFile(`${this.name}/${record.key}.safetensors`, bytes);
    await folder.appendLine(`${this.name}/${trialsFile}`, JSON.stringify(line), isOurs);
    this.known.set(record.key, line);
  }
}

/** A first line that a kill has torn is ours as well. */
function isOurs(line: string): boolean {
  return line.startsWith('{');
}

/** A torn line, or one of a later version, is none. */
function recordOf(line: string): Line | undefined {
  try {
    return parseRecord(line);
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}
