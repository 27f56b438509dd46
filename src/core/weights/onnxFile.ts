/** A classifier in an .onnx file of the user's: identified, looked into, ready to be read. */
import * as fs from 'node:fs/promises';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { sha256 } from '../base/files';
import { readPlainFile } from '../base/readPlain';
import type { ModelInput } from '../networks/model';
import { inlineExternalData, maxModelBytes } from '../onnxClassifier/externalData';
import { preprocessingOf } from '../onnxClassifier/imageInput';
import { damagedModel } from '../onnxClassifier/refusal';
import { readClassifier } from '../onnxClassifier/splice';
import { noSuchFile } from './localFile';
import type { OnnxWeights } from './model';
import { findInCache } from './published';
import { checkPin, recordedFile, writeRecord, type WeightsRecord } from './record';
import { onnxArchitecture } from './spec';

interface OnnxRequest {
  readonly cacheDir: string;
  readonly input?: ModelInput | undefined;
  readonly trainedOn?: readonly string[] | undefined;
}

/**
 * Identifies the file by its content, as `onnx.file-` and the first digits of its hash, finds its last linear layer,
 * and remembers where it lies, so that a run which names it can find it again.
 * @throws OVR502 there is no such file, or it is damaged; OVR506 it cannot be a backbone
 */
export async function resolveOnnxFile(file: string, request: OnnxRequest): Promise<OnnxWeights> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (stat?.isFile() !== true) throw noSuchFile(file);
  const bytes = await readModelFile(file);
  const hash = sha256(bytes);
  const record: WeightsRecord = {
    version: 1,
    name: `${onnxArchitecture}.file-${hash.slice(0, 12)}`,
    sha256: hash,
    source: 'file',
    file,
    bytes: stat.size,
    fileSha256: hash,
  };
  const weights = weightsOf(record, file, bytes, request);
  // Without a cache that can be written the model works as well; only its name alone will not find it.
  await writeRecord(request.cacheDir, record).catch((error: unknown) => {
    if (!isErrnoException(error)) throw error;
  });
  return weights;
}

/** The same by the name that a run records. @throws OVR501 it is no longer where it was; what the file's own has */
export async function resolveRecordedOnnx(name: string, request: OnnxRequest): Promise<OnnxWeights> {
  const record = await findInCache(request.cacheDir, name);
  const file = record && (await recordedFile(request.cacheDir, record));
  if (record === undefined || file === undefined) {
    throw new OverreadError({
      code: 'OVR501',
      message: `The ONNX classifier ${name} is no longer where it was`,
      fix: 'Give it again with --weights FILE.onnx',
    });
  }
  return weightsOf(record, file, await readRecorded(record, file), request);
}

function weightsOf(
  record: WeightsRecord,
  file: string,
  bytes: Uint8Array,
  request: OnnxRequest,
): OnnxWeights {
  const { model, input } = readClassifier(bytes, file);
  const preprocessing = preprocessingOf(model, input, request.input);
  const { channels, size } = preprocessing;
  const silent =
    `How ${record.name} takes its images is not said: it gets ${channels} × ${size} × ${size} levels in [0, 1]. ` +
    'Say what it was trained with as model.input in overread.yaml';
  return {
    kind: 'onnx',
    identity: {
      architecture: onnxArchitecture,
      name: record.name,
      sha256: record.sha256,
      preprocessing,
      trainedOn: describeTraining(request.trainedOn),
      source: 'file',
      truncate: null,
    },
    notes: request.input === undefined ? [silent] : [],
    declaredTraining: request.trainedOn ?? null,
    file,
    loadModel: () => readRecorded(record, file),
  };
}

async function readRecorded(record: WeightsRecord, file: string): Promise<Uint8Array> {
  const bytes = await readModelFile(file);
  checkPin(record.name, record.sha256, sha256(bytes), 'its file');
  return bytes;
}

/** The model with all its weights, also where they lie in a file beside it. */
async function readModelFile(file: string): Promise<Uint8Array> {
  const { size } = await fs.stat(file);
  if (size > maxModelBytes) throw damagedModel(file, `it has ${size} bytes, and ONNX files end at 2 GiB`);
  return inlineExternalData(await readPlainFile(file), file);
}

/**
 * What the weights of a file were trained on, for run.json: only the project can say it.
 * @param declared undefined: nothing is declared; empty: nothing that matters here
 */
export function describeTraining(declared: readonly string[] | undefined): string {
  if (declared === undefined) return 'not declared';
  return declared.length === 0 ? 'nothing that matters here, as declared' : declared.join(', ');
}
