/** Disks that are full or read-only, and a user who may not write: real ones, where this machine lets a test have them. */
import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cliFile, testEnvironment, type CliResult } from '../../support/cli';

const nobody = 65_534;

/** Why no file system can be mounted here; undefined where one can. */
export function cannotMount(): string | undefined {
  if (process.platform !== 'linux') return 'mounting a tmpfs is tried on Linux alone';
  if (process.getuid?.() !== 0) return 'only root may mount a tmpfs';
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this machine lets no tmpfs be mounted (a container without CAP_SYS_ADMIN)';
  }
}

/** Why no other user can be taken here. */
export function cannotChangeUser(): string | undefined {
  return process.platform !== 'win32' && process.getuid?.() === 0
    ? undefined
    : 'only root may act as another user';
}

export interface Disk {
  readonly folder: string;
  /** Leaves no free byte. */
  fill(): Promise<void>;
  makeReadOnly(): void;
  unmount(): void;
}

/** A disk of its own, in memory. */
export async function mountDisk(folder: string, megabytes: number): Promise<Disk> {
  await fs.mkdir(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  return {
    folder,
    fill: async () => {
      const handle = await fs.open(path.join(folder, 'ballast'), 'a');
      try {
        // Until the disk says that it is full.
        for (;;) await handle.write(Buffer.alloc(4096));
      } catch {
        // It is.
      } finally {
        await handle.close();
      }
    },
    makeReadOnly: () => {
      execFileSync('mount', ['-o', 'remount,ro', folder]);
    },
    unmount: () => {
      execFileSync('umount', ['-l', folder]);
    },
  };
}

/** Runs a command as a user who owns nothing here. */
export function runAsNobody(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CliResult> {
  const child = spawn(process.execPath, [cliFile, ...args], {
    env: testEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    uid: nobody,
    gid: nobody,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
