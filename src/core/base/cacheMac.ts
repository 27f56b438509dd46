/**
 * Caches that lie inside a project say who wrote them: a keyed MAC (HMAC-SHA256) over what they hold. The key is the
 * user's, so a file that came with a project, or was changed by another, is told from their own.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isErrnoException } from './errnoException';
import { makeSecretFile } from './secretFile';

const keyFile = 'cache-key';
const keyBytes = 32;

/** Bytes of a MAC. */
export const macBytes = 32;

export class CacheMac {
  private constructor(
    private readonly key: Uint8Array,
    /** False where the key could be neither read nor kept: caches then hold for this process alone. */
    readonly isKept: boolean,
  ) {}

  /**
   * The user's key, made on first use: 32 random bytes that only the user may read.
   * @param folder `userConfigFolder`
   */
  static async open(folder: string): Promise<CacheMac> {
    try {
      const key = (await readKey(folder)) ?? (await makeKey(folder));
      if (key) return new CacheMac(key, true);
    } catch (error) {
      if (!isErrnoException(error)) throw error;
    }
    return new CacheMac(randomBytes(keyBytes), false);
  }

  /** The MAC of parts, each with its length, so that no two lists of parts look alike. @param purpose what for */
  of(purpose: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
    const hmac = createHmac('sha256', this.key);
    const length = Buffer.alloc(8);
    for (const part of [purpose, ...parts]) {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      length.writeBigUInt64LE(BigInt(bytes.length));
      hmac.update(length).update(bytes);
    }
    return hmac.digest();
  }

  /** Whether `mac` is the one of these parts. */
  verify(mac: Uint8Array, purpose: string, ...parts: readonly (string | Uint8Array)[]): boolean {
    return mac.length === macBytes && timingSafeEqual(mac, this.of(purpose, ...parts));
  }
}

async function readKey(folder: string): Promise<Uint8Array | undefined> {
  try {
    const key = await fs.readFile(path.join(folder, keyFile));
    if (key.length === keyBytes) return key;
    // Of another length it is damaged: what it signed is lost, and a new one takes its place.
    await fs.rm(path.join(folder, keyFile), { force: true });
    return undefined;
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeKey(folder: string): Promise<Uint8Array | undefined> {
  await makeSecretFile(folder, keyFile, randomBytes(keyBytes));
  return readKey(folder);
}
