import * as os from 'node:os';
import * as path from 'node:path';

/** Where weights and what is fetched once per user are kept. */
export function userCacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const override = env['OVERREAD_CACHE'];
  if (override !== undefined && override !== '') return override;
  if (process.platform === 'win32') return path.join(env['LOCALAPPDATA'] ?? os.homedir(), 'overread');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'overread');
  const base = env['XDG_CACHE_HOME'];
  return path.join(base === undefined || base === '' ? path.join(os.homedir(), '.cache') : base, 'overread');
}
