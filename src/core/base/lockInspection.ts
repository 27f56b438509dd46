/** What stands where a lock file belongs, read without following or waiting for anything. */
import { constants, type BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { isErrnoException } from './errnoException';
import type { ProcessIdentity } from './processIdentity';

/** A lock as it was found. */
export interface SeenLock {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Differs whenever the lock was renewed, or is another one. */
  readonly key: string;
  readonly modifiedMs: number;
  /** A lock file of Overread, or an empty file: one whose holder died before it wrote its name. */
  readonly isOurs: boolean;
  readonly process?: ProcessIdentity;
  readonly token?: string;
  readonly since?: string;
}

/** More than any lock file of ours holds. */
const mostBytes = 4096;

/** undefined when there is nothing. */
export async function inspectLock(lock: string): Promise<SeenLock | undefined> {
  try {
    const stat = await fs.lstat(lock, { bigint: true });
    const kind = kindOf(stat);
    const text = kind === 'file' ? await readPlain(lock) : '';
    const key = [kind, stat.ino, stat.mtimeNs, text].join(' ');
    return { kind, key, modifiedMs: Number(stat.mtimeMs), ...holderOf(kind, text) };
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function kindOf(stat: BigIntStats): SeenLock['kind'] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  return stat.isSymbolicLink() ? 'link' : 'other';
}

/** The beginning of a file. Should it have become a link or a pipe meanwhile, that is neither followed nor waited for. */
async function readPlain(file: string): Promise<string> {
  // Windows has neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
  const handle = await fs.open(file, (O_RDONLY ?? 0) | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function holderOf(
  kind: SeenLock['kind'],
  text: string,
): Pick<SeenLock, 'isOurs' | 'process' | 'token' | 'since'> {
  if (kind !== 'file') return { isOurs: false };
  if (text === '') return { isOurs: true };
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { isOurs: false };
  }
  const { pid, host, space, started, token, since } = fields;
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (!Number.isSafeInteger(pid) || !isText(host) || !isText(token) || !isText(since))
    return { isOurs: false };
  const process = {
    pid: pid as number,
    host,
    space: isText(space) ? space : null,
    started: isText(started) ? started : null,
  };
  return { isOurs: true, process, token, since };
}
